// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/structured_field.h"

#include <algorithm>
#include <charconv>

#include "bridges/activitypub/signature/fields.h"
#include "gateway/base/encoding.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kMostNameBytes = 64;
constexpr std::size_t kMostParameters = 16;
constexpr std::int64_t kMostInteger = 999'999'999'999'999;  // RFC 8941 3.3.1

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_name(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '*';
}
bool in_token(char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~:/").find(c) != std::string_view::npos;
}

Error wrong(const char* what) { return bad_input(std::string("a signature's header: ") + what); }

class Reader {
  public:
    explicit Reader(std::string_view text) : left_(text) {}

    bool at_end() const { return left_.empty(); }
    bool take(char c) {
        if (left_.empty() || left_.front() != c) return false;
        left_.remove_prefix(1);
        return true;
    }
    std::size_t skip_spaces() {
        std::size_t count = 0;
        while (take(' ') || take('\t')) ++count;
        return count;
    }
    // Between members; false: that was the last one.
    Result<bool> next_member() {
        skip_spaces();
        if (at_end()) return false;
        if (!take(',')) return wrong("a comma is missing");
        skip_spaces();
        if (at_end()) return wrong("it ends in a comma");
        return true;
    }
    Result<std::string> name() {
        if (left_.empty() || !((left_.front() >= 'a' && left_.front() <= 'z') || left_[0] == '*'))
            return wrong("a name is missing");
        const std::string_view name = taken_while(in_name);
        if (name.size() > kMostNameBytes) return wrong("a name is too long");
        return std::string(name);
    }
    Result<std::string> string();
    Result<std::string> bytes();
    Result<FieldParameter> parameter();
    Result<StringList> list();

  private:
    template <class Is>
    std::string_view taken_while(Is is) {
        const auto end = std::find_if_not(left_.begin(), left_.end(), is);
        const auto size = static_cast<std::size_t>(end - left_.begin());
        const std::string_view taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }
    Result<void> value(FieldParameter& parameter);

    std::string_view left_;
};

Result<std::string> Reader::string() {
    if (!take('"')) return wrong("a string is missing");
    std::string text;
    while (!left_.empty()) {
        char c = left_.front();
        left_.remove_prefix(1);
        if (c == '"') return text;
        if (c < ' ' || c > '~') return wrong("a string is not of ASCII");
        if (c == '\\') {
            if (left_.empty() || (left_.front() != '"' && left_.front() != '\\'))
                return wrong("a string has a wrong \\");
            c = left_.front();
            left_.remove_prefix(1);
        }
        text += c;
    }
    return wrong("a string does not end");
}

Result<std::string> Reader::bytes() {
    if (!take(':')) return wrong("bytes are missing");
    const std::string_view text = taken_while([](char c) { return c != ':'; });
    if (!take(':')) return wrong("bytes do not end");
    auto bytes = from_base64(text);
    if (!bytes.ok()) return wrong("bytes are not in base64");
    return bytes;
}

Result<void> Reader::value(FieldParameter& parameter) {
    const std::string_view before = left_;
    const char c = left_.empty() ? '\0' : left_.front();
    if (c == '"') {
        auto text = string();
        if (!text.ok()) return text.error();
        parameter.string = std::move(*text);
    } else if (c == '-' || is_digit(c)) {
        const std::string_view digits = taken_while([](char d) { return d == '-' || is_digit(d); });
        std::int64_t number = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() ||
            std::to_string(number) != digits || number > kMostInteger || number < -kMostInteger)
            return wrong("a number is no integer");
        parameter.number = number;
    } else if (c == ':') {
        if (const auto read = bytes(); !read.ok()) return read.error();
    } else if (is_letter(c) || c == '*') {
        taken_while(in_token);
    } else {
        return wrong("a parameter has no value that is known");
    }
    parameter.text = before.substr(0, before.size() - left_.size());
    return {};
}

Result<FieldParameter> Reader::parameter() {
    while (take(' ')) {
    }
    auto its_name = name();
    if (!its_name.ok()) return its_name.error();
    FieldParameter parameter{std::move(*its_name), {}, {}, {}};
    if (!take('=')) return parameter;
    if (const auto read = value(parameter); !read.ok()) return read.error();
    return parameter;
}

Result<StringList> Reader::list() {
    if (!take('(')) return wrong("a list is missing");
    StringList list;
    for (;;) {
        const bool apart = skip_spaces() > 0 || list.items.empty();
        if (take(')')) break;
        if (!apart) return wrong("a space is missing");
        if (list.items.size() >= kMostCovered) return wrong("it covers too much");
        auto item = string();
        if (!item.ok()) return item.error();
        list.items.push_back(std::move(*item));
    }
    while (take(';')) {
        if (list.parameters.size() >= kMostParameters) return wrong("too many parameters");
        auto read = parameter();
        if (!read.ok()) return read.error();
        if (list.find(read->name) != nullptr) return wrong("a parameter stands there twice");
        list.parameters.push_back(std::move(*read));
    }
    return list;
}

template <class Value, class Read>
Result<std::vector<std::pair<std::string, Value>>> members(std::string_view field, Read read) {
    std::vector<std::pair<std::string, Value>> found;
    if (field.size() > kMostFieldBytes) return wrong("it is too long");
    Reader reader(trim_spaces(field));
    for (;;) {
        auto name = reader.name();
        if (!name.ok()) return name.error();
        if (!reader.take('=')) return wrong("a member has no value");
        auto value = read(reader);
        if (!value.ok()) return value.error();
        const bool twice = std::any_of(found.begin(), found.end(),
                                       [&](const auto& each) { return each.first == *name; });
        if (twice) return wrong("a name stands there twice");
        if (found.size() >= kMostSignatures) return wrong("too many members");
        found.emplace_back(std::move(*name), std::move(*value));
        const auto more = reader.next_member();
        if (!more.ok()) return more.error();
        if (!*more) return found;
    }
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace

const FieldParameter* StringList::find(std::string_view name) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& each) { return each.name == name; });
    return found == parameters.end() ? nullptr : &*found;
}

std::string StringList::text() const {
    std::string out = "(";
    for (const std::string& item : items) {
        if (out.size() > 1) out += ' ';
        out += quoted(item);
    }
    out += ')';
    for (const FieldParameter& each : parameters) {
        out += ';' + each.name;
        if (!each.text.empty()) out += '=' + each.text;
    }
    return out;
}

Result<std::vector<std::pair<std::string, StringList>>> parse_string_lists(std::string_view field) {
    return members<StringList>(field, [](Reader& reader) { return reader.list(); });
}

Result<std::vector<std::pair<std::string, std::string>>> parse_byte_sequences(
    std::string_view field) {
    return members<std::string>(field, [](Reader& reader) { return reader.bytes(); });
}

}  // namespace waypost::activitypub

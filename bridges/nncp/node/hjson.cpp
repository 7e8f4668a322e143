// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/hjson.h"

#include <Poco/JSONString.h>

#include <set>

#include "bridges/nncp/node/hjson_reader.h"
#include "gateway/message/text.h"

namespace waypost::nncp {
namespace {

class Parser {
  public:
    Parser(std::string_view text, const HjsonLimits& limits) : in_(text, limits), limits_(limits) {}

    Result<Hjson> document() {
        if (const auto space = in_.skip_space(); !space.ok()) return space.error();
        const bool bare = in_.peek() != '{' && in_.peek() != '[';
        auto value = bare ? members('\0') : this->value();
        if (!value.ok()) return value;
        if (const auto space = in_.skip_space(); !space.ok()) return space.error();
        if (!in_.at_end()) return in_.wrong("something stands after the end: take it away");
        return value;
    }

  private:
    Result<Hjson> value() {
        if (++values_ > limits_.values)
            return Error{Code::TooLarge, in_.wrong("too many values").text, false};
        const int line = in_.line(), column = in_.column();
        auto read = value_here();
        if (!read.ok()) return read;
        read->line = line;
        read->column = column;
        return read;
    }

    Result<Hjson> value_here() {
        switch (in_.peek()) {
            case '{':
            case '[':
                return nested(in_.peek());
            case '"':
            case '\'': {
                auto text = in_.quoted();
                if (!text.ok()) return text.error();
                return Hjson::of_text(std::move(text).value());
            }
            default:
                return in_.unquoted();
        }
    }

    Result<Hjson> nested(char open) {
        if (++depth_ > limits_.depth)
            return Error{Code::TooLarge, in_.wrong("nested too deep").text, false};
        in_.skip();
        auto read = open == '{' ? members('}') : items();
        --depth_;
        return read;
    }

    // To `end`; '\0': to the end of the text.
    Result<Hjson> members(char end) {
        Hjson object = Hjson::object();
        std::set<std::string, std::less<>> keys;
        const int line = in_.line(), column = in_.column();
        while (true) {
            if (const auto space = in_.skip_space(); !space.ok()) return space.error();
            if (in_.at_end() && end != '\0')
                return in_.wrong_at(line, column,
                                    "no } ends this. A text without quotes takes "
                                    "all of its line: write } on a line of its own");
            if (end == '\0' ? in_.at_end() : in_.peek() == end) break;
            auto member = this->member();
            if (!member.ok()) return member.error();
            if (!keys.insert(member->key).second)
                return in_.wrong_at(member->value.line, member->value.column,
                                    "'" + member->key + "' stands twice: remove one");
            object.members.push_back(std::move(member).value());
        }
        if (end != '\0') in_.skip();
        return object;
    }

    Result<HjsonMember> member() {
        auto key = in_.key();
        if (!key.ok()) return key.error();
        if (const auto space = in_.skip_space(); !space.ok()) return space.error();
        if (in_.peek() != ':') return in_.wrong("expected ':' after the key '" + *key + "'");
        in_.skip();
        if (const auto space = in_.skip_space(); !space.ok()) return space.error();
        auto read = value();
        if (!read.ok()) return read.error();
        if (const auto comma = skip_comma(); !comma.ok()) return comma.error();
        return HjsonMember{std::move(key).value(), std::move(read).value()};
    }

    Result<Hjson> items() {
        Hjson list;
        list.kind = Hjson::Kind::List;
        const int line = in_.line(), column = in_.column();
        while (true) {
            if (const auto space = in_.skip_space(); !space.ok()) return space.error();
            if (in_.at_end()) return in_.wrong_at(line, column, "no ] ends this list");
            if (in_.peek() == ']') break;
            auto item = value();
            if (!item.ok()) return item;
            list.items.push_back(std::move(item).value());
            if (const auto comma = skip_comma(); !comma.ok()) return comma.error();
        }
        in_.skip();
        return list;
    }

    Result<void> skip_comma() {
        if (const auto space = in_.skip_space(); !space.ok()) return space;
        if (in_.peek() == ',') in_.skip();
        return {};
    }

    HjsonCursor in_;
    const HjsonLimits& limits_;
    int depth_ = 0;
    std::size_t values_ = 0;
};

std::string quote(const std::string& text) { return Poco::toJSON(text); }

void write(const Hjson& value, const std::string& indent, std::string& out) {
    const bool list = value.kind == Hjson::Kind::List;
    switch (value.kind) {
        case Hjson::Kind::Null:
            out += "null";
            return;
        case Hjson::Kind::Bool:
            out += value.flag ? "true" : "false";
            return;
        case Hjson::Kind::Number:
            out += value.text;
            return;
        case Hjson::Kind::Text:
            out += quote(value.text);
            return;
        case Hjson::Kind::List:
        case Hjson::Kind::Object:
            break;
    }
    const std::size_t count = list ? value.items.size() : value.members.size();
    const std::string deeper = indent + "  ";
    out += list ? '[' : '{';
    for (std::size_t i = 0; i < count; ++i) {
        out += (i == 0 ? "\n" : ",\n") + deeper;
        if (!list) out += quote(value.members[i].key) + ": ";
        write(list ? value.items[i] : value.members[i].value, deeper, out);
    }
    if (count > 0) out += '\n' + indent;
    out += list ? ']' : '}';
}

}  // namespace

const Hjson* Hjson::find(std::string_view key) const {
    for (const auto& [name, value] : members)
        if (name == key) return &value;
    return nullptr;
}

Hjson* Hjson::find(std::string_view key) {
    return const_cast<Hjson*>(std::as_const(*this).find(key));
}

Hjson Hjson::of_text(std::string text) {
    Hjson value;
    value.kind = Kind::Text;
    value.text = std::move(text);
    return value;
}

Hjson Hjson::object() {
    Hjson value;
    value.kind = Kind::Object;
    return value;
}

void Hjson::set(std::string key, Hjson value) {
    if (Hjson* there = find(key))
        *there = std::move(value);
    else
        members.push_back({std::move(key), std::move(value)});
}

Result<Hjson> parse_hjson(std::string_view text, const HjsonLimits& limits) {
    if (text.size() > limits.bytes)
        return Error{Code::TooLarge,
                     "more than " + std::to_string(limits.bytes) + " bytes: not a configuration",
                     false};
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (!is_utf8(text) || text.find('\0') != text.npos)
        return bad_input("not a text in UTF-8: save it as one");
    return Parser(text, limits).document();
}

std::string to_json(const Hjson& value) {
    std::string out;
    write(value, "", out);
    return out + '\n';
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/header_fields.h"

#include <algorithm>

#include "gateway/message/text.h"

namespace waypost::email::openpgp {
namespace {

bool folded(std::string_view line) { return line[0] == ' ' || line[0] == '\t'; }

// Empty if the line is no field.
std::string name_of(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos) return {};
    const std::string_view name = line.substr(0, colon);
    const bool good =
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127; });
    return good ? lower_ascii(name) : std::string();
}

}  // namespace

std::string HeaderField::value() const {
    std::string all;
    for (const char c : raw.substr(name.size() + 1)) {
        if (c != '\r' && c != '\n') all += c == '\t' ? ' ' : c;
    }
    const std::size_t from = all.find_first_not_of(' ');
    if (from == std::string::npos) return {};
    return all.substr(from, all.find_last_not_of(' ') - from + 1);
}

std::string SplitMail::value(std::string_view name) const {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const HeaderField& f) { return f.name == name; });
    return found == fields.end() ? std::string() : found->value();
}

bool SplitMail::has(std::string_view name) const {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const HeaderField& f) { return f.name == name; });
}

SplitMail split_mail(std::string_view mail) {
    SplitMail split;
    bool inside = false;  // of a field that counts
    for (std::size_t from = 0; from < mail.size();) {
        const std::size_t end = mail.find('\n', from);
        const std::size_t next = end == std::string_view::npos ? mail.size() : end + 1;
        const std::string_view line = mail.substr(from, next - from);
        from = next;
        if (line == "\n" || line == "\r\n") {
            split.body = mail.substr(from);
            break;
        }
        if (folded(line)) {
            if (!inside) continue;
            std::string_view& raw = split.fields.back().raw;
            raw = {raw.data(), raw.size() + line.size()};
            continue;
        }
        std::string name = name_of(line);
        inside = !name.empty() && split.fields.size() < kMostFields;
        if (inside) split.fields.push_back({std::move(name), line});
    }
    return split;
}

}  // namespace waypost::email::openpgp

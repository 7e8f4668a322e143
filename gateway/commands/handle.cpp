// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/handle.h"

#include <algorithm>
#include <array>

#include "gateway/commands/plain.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::array<std::string_view, 28> kReserved = {
    "postmaster", "abuse",    "hostmaster",    "webmaster", "security",
    "noreply",    "no-reply", "mailer-daemon", "root",      "admin",
    "operator",   "gateway",  "post",          "public",    "sos",
    "help",       "news",     "all",           "everyone",  "me",
    "you",        "on",       "off",           "ok",        "bounce",
    "alarm",      "forget",   "care"};

bool fits(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

constexpr std::string_view kForGroupsOnly = "news";

Result<std::string> parse(std::string_view typed, std::string_view allowed) {
    const std::string name = fold(make_plain(typed));
    const bool shape = name.size() >= 2 && name.size() <= 20 && name[0] >= 'a' && name[0] <= 'z' &&
                       std::all_of(name.begin(), name.end(), fits) && name.back() != '-' &&
                       name.find("--") == std::string::npos;
    if (!shape) return bad_input("a name has 2 to 20 of a-z, 0-9 and -, a letter first");
    if (name != allowed && std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
        return Error{Code::Refused, name + " is reserved: choose another name", false};
    }
    if ((name.size() == 8 || name.size() == 12) && std::all_of(name.begin(), name.end(), is_hex)) {
        return Error{Code::Refused, name + " looks like a radio's number: choose another", false};
    }
    return name;
}

}  // namespace

bool has_foreign_letters(std::string_view typed) { return !is_ascii(make_plain(typed)); }

std::string handle_skeleton(std::string_view handle) {
    std::string letters(handle);
    std::erase(letters, '-');
    std::string out;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const std::string two = letters.substr(i, 2);
        const char c = letters[i];
        if (two == "rn" || two == "vv") {
            out += two == "rn" ? 'm' : 'w';
            ++i;
        } else {
            out += c == '0' ? 'o' : c == '1' || c == 'i' ? 'l' : c;
        }
    }
    return out;
}

Result<std::string> parse_handle(std::string_view typed) { return parse(typed, {}); }

Result<std::string> parse_group_name(std::string_view typed) {
    return parse(typed, kForGroupsOnly);
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/esmtp_parameters.h"

#include <algorithm>
#include <set>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kEnvelopeIdBytes = 100;  // RFC 3461 4.4
constexpr std::size_t kRecipientBytes = 500;   // RFC 3461 4.2
constexpr std::size_t kTypeBytes = 20;
constexpr std::size_t kSizeDigits = 12;

Error unknown(const std::string& word) {
    return {Code::NotFound, "parameter not known: " + one_line(clean_utf8(word), 40), false};
}
Error wrong(const std::string& key) { return bad_input("no value for " + key); }

struct Parameter {
    std::string key;         // upper case
    std::string_view value;  // empty: it has none
};

// Calls `take` for each, in order, until one is an error. A key may be there once.
template <class Take>
Result<void> each_parameter(std::string_view text, const Take& take) {
    std::set<std::string> seen;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty()) continue;
        const std::size_t equals = std::min(word.find('='), word.size());
        Parameter one{upper_ascii(word.substr(0, equals)),
                      word.substr(std::min(equals + 1, word.size()))};
        if (!seen.insert(one.key).second)
            return bad_input(one_line(clean_utf8(one.key), 20) + " is there twice");
        if (auto taken = take(one); !taken.ok()) return taken;
    }
    return {};
}

Result<std::size_t> size_of(std::string_view digits) {
    const bool fits = !digits.empty() && digits.size() <= 20 &&
                      digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (!fits) return wrong("SIZE");
    return static_cast<std::size_t>(std::stoull(std::string(digits.substr(0, kSizeDigits))));
}

bool is_atom(std::string_view text) {
    return !text.empty() && text.size() <= kTypeBytes &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-';
           });
}

// "SUCCESS,FAILURE,DELAY", or NEVER alone.
Result<void> read_notify(std::string_view value, Wish& wish) {
    wish.delivered = wish.failed = wish.late = false;
    if (upper_ascii(value) == "NEVER") return {};
    for (bool last = false; !last;) {
        const std::size_t comma = value.find(',');
        last = comma == std::string_view::npos;
        const std::string word = upper_ascii(value.substr(0, comma));
        if (!last) value.remove_prefix(comma + 1);
        bool& asked = word == "SUCCESS"   ? wish.delivered
                      : word == "FAILURE" ? wish.failed
                                          : wish.late;
        if (asked || (word != "SUCCESS" && word != "FAILURE" && word != "DELAY"))
            return wrong("NOTIFY");
        asked = true;
    }
    return {};
}

// "rfc822;ana@hill.example". A type that is not ours to read stays as it was written.
Result<void> read_recipient(std::string_view value, Wish& wish) {
    const std::size_t semicolon = value.find(';');
    if (value.size() > kRecipientBytes || semicolon == std::string_view::npos ||
        !is_atom(value.substr(0, semicolon)))
        return wrong("ORCPT");
    if (!is_ascii(std::string(value))) return {};  // RFC 6533 3: not written in clear elsewhere
    const auto address = from_xtext(value.substr(semicolon + 1));
    if (!address.ok() || address->empty()) return wrong("ORCPT");
    wish.recipient = lower_ascii(value.substr(0, semicolon)) + ';' + *address;
    return {};
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

Result<MailParameters> parse_mail_parameters(std::string_view text) {
    MailParameters all;
    auto read = each_parameter(text, [&](const Parameter& one) -> Result<void> {
        const std::string value = upper_ascii(one.value);
        if (one.key == "SIZE") {
            const auto size = size_of(one.value);
            if (!size.ok()) return size.error();
            all.size = *size;
            return {};
        }
        if (one.key == "BODY")
            return value == "8BITMIME" || value == "7BIT" ? Result<void>() : unknown("BODY");
        if (one.key == "SMTPUTF8" && value.empty()) return {};
        if (one.key == "RET")  // the text never goes back from here, so both are the same
            return value == "FULL" || value == "HDRS" ? Result<void>() : wrong("RET");
        if (one.key != "ENVID") return unknown(one.key);
        auto id = from_xtext(one.value);
        if (!id.ok() || id->empty() || one.value.size() > kEnvelopeIdBytes) return wrong("ENVID");
        all.envelope_id = std::move(*id);
        return {};
    });
    if (!read.ok()) return read.error();
    return all;
}

Result<Wish> parse_recipient_parameters(std::string_view text) {
    Wish wish;
    auto read = each_parameter(text, [&](const Parameter& one) -> Result<void> {
        if (one.key == "NOTIFY") return read_notify(one.value, wish);
        if (one.key == "ORCPT") return read_recipient(one.value, wish);
        return unknown(one.key);
    });
    if (!read.ok()) return read.error();
    return wish;
}

std::string mail_parameters(const Wish& wish, std::string_view envelope_id) {
    std::string out = wish.silence() ? "" : " RET=HDRS";
    const std::string id = to_xtext(envelope_id);
    if (!id.empty() && id.size() <= kEnvelopeIdBytes && is_ascii(id)) out += " ENVID=" + id;
    return out;
}

std::string recipient_parameters(const Wish& wish) {
    std::string words;
    const auto add = [&](bool asked, const char* word) {
        if (asked) words += (words.empty() ? "" : ",") + std::string(word);
    };
    add(wish.delivered, "SUCCESS");
    add(wish.failed, "FAILURE");
    add(wish.late, "DELAY");
    std::string out = " NOTIFY=" + (words.empty() ? "NEVER" : words);
    const std::size_t semicolon = wish.recipient.find(';');
    if (semicolon == std::string::npos || !is_ascii(wish.recipient)) return out;
    const std::string orcpt = wish.recipient.substr(0, semicolon + 1) +
                              to_xtext(std::string_view(wish.recipient).substr(semicolon + 1));
    return orcpt.size() <= kRecipientBytes ? out + " ORCPT=" + orcpt : out;
}

std::string to_xtext(std::string_view text) {
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (u > 0x20 && u < 0x7f && c != '+' && c != '=') {
            out += c;
        } else {
            out += '+';
            out += kHex[u >> 4];
            out += kHex[u & 15];
        }
    }
    return out;
}

Result<std::string> from_xtext(std::string_view xtext) {
    std::string out;
    for (std::size_t i = 0; i < xtext.size(); ++i) {
        auto c = static_cast<unsigned char>(xtext[i]);
        if (c == '=') return bad_input("= must be encoded");
        if (c == '+') {
            const int high = i + 2 < xtext.size() ? hex_value(xtext[i + 1]) : -1;
            const int low = i + 2 < xtext.size() ? hex_value(xtext[i + 2]) : -1;
            if (high < 0 || low < 0) return bad_input("+ begins two hexadecimal digits");
            c = static_cast<unsigned char>(high * 16 + low);
            i += 2;
        }
        if (c < 0x20 || c >= 0x7f) return bad_input("not printable ASCII");
        out += static_cast<char>(c);
    }
    return out;
}

}  // namespace waypost::email

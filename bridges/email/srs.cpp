// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/srs.h"

#include <Poco/HMACEngine.h>
#include <Poco/SHA1Engine.h>
#include <sodium.h>

#include <optional>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kHashLength = 4;
constexpr std::size_t kTagLength = 4;      // "SRS0"
constexpr std::size_t kMostPath = 254;     // RFC 5321 4.5.3.1.3, without the angle brackets
constexpr std::size_t kMostLocal = 192;    // what parse_address takes, so that a bounce finds us
constexpr std::int64_t kDayPeriod = 1024;  // two base32 digits
constexpr std::int64_t kMostDays = 21;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::int64_t day_of(WallTime now) {
    return std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
}

std::string stamp(WallTime now) {
    const auto day =
        static_cast<std::size_t>(((day_of(now) % kDayPeriod) + kDayPeriod) % kDayPeriod);
    return {kBase32[day / kBase32.size()], kBase32[day % kBase32.size()]};
}

// Days since the stamp was made; nullopt: no stamp.
std::optional<std::int64_t> age(std::string_view stamp, WallTime now) {
    if (stamp.size() != 2) return std::nullopt;
    std::int64_t then = 0;
    for (const char c : stamp) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        const std::size_t digit = kBase32.find(upper);
        if (digit == std::string_view::npos) return std::nullopt;
        then = then * static_cast<std::int64_t>(kBase32.size()) + static_cast<std::int64_t>(digit);
    }
    return (((day_of(now) - then) % kDayPeriod) + kDayPeriod) % kDayPeriod;
}

// '=' is what everybody writes first; '+' and '-' are read too.
bool is_separator(char c) { return c == '=' || c == '+' || c == '-'; }

// 0 or 1 for "SRS0=..." and "SRS1=..." in any case, else nullopt.
std::optional<int> kind_of(std::string_view local) {
    if (local.size() <= kTagLength || !is_separator(local[kTagLength])) return std::nullopt;
    const std::string tag = lower_ascii(std::string(local.substr(0, kTagLength)));
    if (tag == "srs0") return 0;
    return tag == "srs1" ? std::optional<int>(1) : std::nullopt;
}

// "a=rest" -> "a", and leaves "rest".
std::optional<std::string_view> take_field(std::string_view& text) {
    const std::size_t end = text.find('=');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end + 1);
    return field;
}

Error not_of_the_form() { return bad_input("no rewritten sender address"); }
Error forged() { return {Code::Refused, "this rewritten address was not made here", false}; }

}  // namespace

Srs::Srs(Secret secret, std::string domain)
    : secret_(std::move(secret)), domain_(lower_ascii(domain)) {}

std::string Srs::hash(std::string_view text) const {
    Poco::HMACEngine<Poco::SHA1Engine> engine(std::string(secret_.reveal()));
    engine.update(lower_ascii(std::string(text)));
    const auto& digest = engine.digest();
    char out[sodium_base64_ENCODED_LEN(20, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(out, sizeof out, digest.data(), digest.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    return {out, kHashLength};
}

// Without regard to case: servers on the way may have changed it.
bool Srs::genuine(std::string_view said, std::string_view text) const {
    const std::string a = lower_ascii(std::string(said));
    const std::string b = lower_ascii(hash(text));
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<Address> Srs::forward(const Address& sender, WallTime now) const {
    const std::string local(sender.local_part());
    const std::string host(sender.domain());
    std::string made;
    const auto kind = kind_of(local);
    if (kind == 0) {
        const std::string rest = local.substr(kTagLength);  // with its separator
        made = "SRS1=" + hash(host + rest) + '=' + host + '=' + rest;
    } else if (kind == 1) {
        // The first forwarder stays the one that it leads back to; the one between drops out.
        std::string_view rest = std::string_view(local).substr(kTagLength + 1);
        const auto old_hash = take_field(rest);
        const auto first = take_field(rest);
        if (!old_hash || !first || first->empty() || rest.empty()) return not_of_the_form();
        made = "SRS1=" + hash(std::string(*first) + std::string(rest)) + '=' + std::string(*first) +
               '=' + std::string(rest);
    } else {
        const std::string day = stamp(now);
        made = "SRS0=" + hash(day + host + local) + '=' + day + '=' + host + '=' + local;
    }
    if (made.size() > kMostLocal || made.size() + 1 + domain_.size() > kMostPath)
        return bad_input(sender.value + ": too long to rewrite");
    return mailto(made, domain_);
}

bool Srs::looks_like_ours(const Address& recipient) const {
    return recipient.scheme == "mailto" && recipient.domain() == domain_ &&
           kind_of(recipient.local_part()).has_value();
}

Result<Address> Srs::reverse(const Address& recipient, WallTime now) const {
    if (!looks_like_ours(recipient)) return not_of_the_form();
    const std::string_view local = recipient.local_part();
    const std::string_view rest = local.substr(kTagLength + 1);
    return kind_of(local) == 0 ? reverse_first(rest, now) : reverse_guarded(rest);
}

Result<Address> Srs::reverse_first(std::string_view rest, WallTime now) const {
    const auto said = take_field(rest);
    const auto day = take_field(rest);
    const auto host = take_field(rest);
    if (!said || !day || !host || host->empty() || rest.empty()) return not_of_the_form();
    if (!genuine(*said, std::string(*day) + std::string(*host) + std::string(rest)))
        return forged();
    const auto days = age(*day, now);
    if (!days) return not_of_the_form();
    if (*days > kMostDays) return Error{Code::Refused, "this rewritten address is too old", false};
    return parse_address("mailto:" + std::string(rest) + '@' + std::string(*host));
}

Result<Address> Srs::reverse_guarded(std::string_view rest) const {
    const auto said = take_field(rest);
    const auto host = take_field(rest);
    if (!said || !host || host->empty() || rest.size() < 2 || !is_separator(rest.front()))
        return not_of_the_form();
    if (!genuine(*said, std::string(*host) + std::string(rest))) return forged();
    return parse_address("mailto:SRS0" + std::string(rest) + '@' + std::string(*host));
}

}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/cavage.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "bridges/activitypub/signature/fields.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::string_view kCreated = "(created)";
constexpr std::string_view kExpires = "(expires)";
constexpr std::size_t kMostParameters = 16;

Error wrong(const std::string& what) { return bad_input("the Signature header: " + what); }

using Parameters = std::map<std::string, std::string_view>;

// keyId="...",created=1402170695. In a quoted value nothing is escaped: what is needed has no
// quotes in it.
Result<Parameters> parse_parameters(std::string_view field) {
    Parameters found;
    for (;;) {
        const std::size_t equals = field.find('=');
        if (equals == std::string_view::npos) return wrong("a parameter has no value");
        const std::string name = lower_ascii(trim_spaces(field.substr(0, equals)));
        field = trim_spaces(field.substr(equals + 1));
        const bool quoted = !field.empty() && field.front() == '"';
        if (quoted) field.remove_prefix(1);
        const std::size_t end = field.find(quoted ? '"' : ',');
        if (quoted && end == std::string_view::npos) return wrong("a quotation does not end");
        const std::string_view value = field.substr(0, end);
        if (!found.emplace(name, quoted ? value : trim_spaces(value)).second)
            return wrong("a parameter stands there twice");
        if (found.size() > kMostParameters) return wrong("too many parameters");
        field.remove_prefix(std::min(value.size() + (quoted ? 1 : 0), field.size()));
        field = trim_spaces(field);
        if (field.empty()) return found;
        if (field.front() != ',') return wrong("a comma is missing");
        field.remove_prefix(1);
    }
}

std::string_view value_of(const Parameters& parameters, const char* name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string_view() : found->second;
}

Result<std::int64_t> seconds_of(std::string_view text) {
    std::int64_t seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || seconds <= 0 ||
        std::to_string(seconds) != text)
        return wrong("a time is no number of seconds");
    return seconds;
}

Result<std::vector<std::string>> parse_covered(std::string_view names) {
    std::vector<std::string> covered;
    while (!(names = trim_spaces(names)).empty()) {
        const std::string name = lower_ascii(names.substr(0, names.find(' ')));
        names.remove_prefix(name.size());
        const bool plain =
            std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
        if (!plain) return wrong("it covers what is no header");
        if (std::find(covered.begin(), covered.end(), name) != covered.end())
            return wrong("a name stands there twice");
        if (covered.size() >= kMostCovered) return wrong("it covers too much");
        covered.push_back(name);
    }
    if (covered.empty()) return wrong("it covers nothing");
    return covered;
}

bool covers(const SignatureClaim& claim, std::string_view name) {
    return std::find(claim.covered.begin(), claim.covered.end(), name) != claim.covered.end();
}

Result<void> read_time(const SignatureClaim& claim, std::string_view name, std::string_view text,
                       std::int64_t& into) {
    if (!covers(claim, name)) return {};
    // Section 2.3: older algorithms have no such time.
    if (claim.algorithm.starts_with("rsa"))
        return wrong(std::string(name) + " does not go with " + claim.algorithm);
    const auto seconds = seconds_of(text);
    if (!seconds.ok()) return seconds.error();
    into = *seconds;
    return {};
}

}  // namespace

Result<SignatureClaim> parse_cavage(std::string_view field) {
    if (field.size() > kMostFieldBytes) return wrong("it is too long");
    const auto parameters = parse_parameters(trim_spaces(field));
    if (!parameters.ok()) return parameters.error();
    SignatureClaim claim;
    claim.flavour = Flavour::Cavage;
    claim.key_id = value_of(*parameters, "keyid");
    if (claim.key_id.empty() || claim.key_id.size() > kMostKeyIdBytes)
        return wrong("it has no keyId");
    claim.algorithm = lower_ascii(value_of(*parameters, "algorithm"));
    if (claim.algorithm != "" && claim.algorithm != "hs2019" && claim.algorithm != "rsa-sha256")
        return wrong("its algorithm is not known; rsa-sha256 is");
    const auto signature = from_base64(value_of(*parameters, "signature"));
    if (!signature.ok() || signature->empty() || signature->size() > kMostSignatureBytes)
        return wrong("it has no signature");
    claim.signature = *signature;
    const bool listed = parameters->count("headers") > 0;
    auto covered = parse_covered(listed ? value_of(*parameters, "headers") : kCreated);
    if (!covered.ok()) return covered.error();
    claim.covered = std::move(*covered);
    auto read = read_time(claim, kCreated, value_of(*parameters, "created"), claim.created);
    if (read.ok())
        read = read_time(claim, kExpires, value_of(*parameters, "expires"), claim.expires);
    if (!read.ok()) return read.error();
    return claim;
}

Result<std::string> cavage_base(const SignedMessage& message, const SignatureClaim& claim,
                                std::string_view target) {
    std::string base;
    for (const std::string& name : claim.covered) {
        if (!base.empty()) base += '\n';
        base += name + ": ";
        if (name == kRequestTarget) {
            base += lower_ascii(message.method);
            base += ' ';
            base += target;
        } else if (name == kCreated) {
            base += std::to_string(claim.created);
        } else if (name == kExpires) {
            base += std::to_string(claim.expires);
        } else {
            const auto value = one_field(message, name);
            if (!value.ok()) return value.error();
            base += *value;
        }
    }
    return base;
}

std::string cavage_field(const SignatureClaim& claim) {
    std::string names;
    for (const std::string& name : claim.covered) names += (names.empty() ? "" : " ") + name;
    return "keyId=\"" + claim.key_id + "\",algorithm=\"" + claim.algorithm + "\",headers=\"" +
           names + "\",signature=\"" + to_base64(claim.signature) + '"';
}

}  // namespace waypost::activitypub

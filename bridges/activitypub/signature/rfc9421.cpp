// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/rfc9421.h"

#include <algorithm>
#include <set>

#include "bridges/activitypub/signature/fields.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

Error wrong(const std::string& what) { return bad_input("the Signature-Input header: " + what); }

Result<std::int64_t> seconds_of(const StringList& input, const char* name) {
    const FieldParameter* found = input.find(name);
    if (found == nullptr) return std::int64_t{0};
    if (!found->number || *found->number <= 0)
        return wrong(std::string(name) + " is no number of seconds");
    return *found->number;
}

Result<std::string> string_of(const StringList& input, const char* name) {
    const FieldParameter* found = input.find(name);
    if (found == nullptr) return std::string();
    if (!found->string) return wrong(std::string(name) + " is no string");
    return *found->string;
}

// Section 2.2.
Result<std::string> derived(const SignedMessage& message, const std::string& name) {
    if (name == "@method") return std::string(message.method);
    if (name == "@request-target") return std::string(message.target);
    if (name == "@scheme") return std::string(message.scheme);
    if (name == "@path") return std::string(path_of(message.target));
    if (name == "@query") {
        const std::string_view path = path_of(message.target);
        return '?' +
               std::string(message.target.substr(std::min(path.size() + 1, message.target.size())));
    }
    if (name != "@authority" && name != "@target-uri")
        return wrong(one_line(name, 40) + " is not known");
    const auto host = one_field(message, "host");
    if (!host.ok()) return host.error();
    const std::string authority = plain_authority(*host, message.scheme);
    if (name == "@authority") return authority;
    return std::string(message.scheme) + "://" + authority + std::string(message.target);
}

}  // namespace

Result<SignatureClaim> parse_rfc9421(const StringList& input) {
    SignatureClaim claim;
    claim.flavour = Flavour::Rfc9421;
    claim.covered = input.items;
    if (std::set(input.items.begin(), input.items.end()).size() != input.items.size())
        return wrong("a name stands there twice");
    const auto key_id = string_of(input, "keyid");
    if (!key_id.ok()) return key_id.error();
    if (key_id->empty() || key_id->size() > kMostKeyIdBytes) return wrong("it has no keyid");
    claim.key_id = *key_id;
    const auto algorithm = string_of(input, "alg");
    if (!algorithm.ok()) return algorithm.error();
    if (*algorithm != "" && *algorithm != "rsa-v1_5-sha256" && *algorithm != "ed25519")
        return wrong("its alg is not known; rsa-v1_5-sha256 and ed25519 are");
    claim.algorithm = *algorithm;
    const auto created = seconds_of(input, "created");
    if (!created.ok()) return created.error();
    claim.created = *created;
    const auto expires = seconds_of(input, "expires");
    if (!expires.ok()) return expires.error();
    claim.expires = *expires;
    return claim;
}

Result<std::string> rfc9421_base(const SignedMessage& message, const StringList& input) {
    std::string base;
    for (const std::string& name : input.items) {
        base += '"' + name + "\": ";
        if (name.starts_with('@')) {
            const auto value = derived(message, name);
            if (!value.ok()) return value.error();
            base += *value;
        } else {
            const auto value = one_field(message, name);
            if (!value.ok()) return value.error();
            base += *value;
        }
        base += '\n';
    }
    return base + "\"@signature-params\": " + input.text();
}

}  // namespace waypost::activitypub

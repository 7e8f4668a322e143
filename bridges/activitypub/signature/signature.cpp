// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/signature.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>

#include "bridges/activitypub/signature/cavage.h"
#include "bridges/activitypub/signature/digest.h"
#include "bridges/activitypub/signature/fields.h"
#include "bridges/activitypub/signature/http_date.h"
#include "bridges/activitypub/signature/rfc9421.h"
#include "bridges/activitypub/signature/verify_key.h"

namespace waypost::activitypub {
namespace {

constexpr std::int64_t kExpiryMargin = 3600;  // seconds that its clock may be behind ours

bool covers(const SignatureClaim& claim, std::initializer_list<std::string_view> any) {
    return std::any_of(claim.covered.begin(), claim.covered.end(), [&](const std::string& name) {
        return std::find(any.begin(), any.end(), name) != any.end();
    });
}

Error uncovered(const char* what) {
    return bad_input(std::string("the signature must cover ") + what);
}

Result<void> check_host(const SignedMessage& message, const SignatureRules& rules) {
    const auto host = one_field(message, "host");
    if (!host.ok()) return host.error();
    if (plain_authority(*host, message.scheme) != plain_authority(rules.host, message.scheme))
        return Error{Code::Refused, "the request is for another host", false};
    return {};
}

Result<void> check_request(const SignatureClaim& claim) {
    if (claim.flavour == Flavour::Cavage) {
        if (!covers(claim, {kRequestTarget})) return uncovered("(request-target)");
        if (!covers(claim, {"host"})) return uncovered("host");
        return {};
    }
    if (!covers(claim, {"@method"})) return uncovered("@method");
    if (!covers(claim, {"@target-uri", "@path", "@request-target"}))
        return uncovered("@target-uri, or @path");
    if (!covers(claim, {"@target-uri", "@authority", "host"}))
        return uncovered("@target-uri, or @authority");
    return {};
}

Result<void> check_skew(std::int64_t time, const SignatureRules& rules) {
    if (rules.clock_doubted || std::llabs(rules.now - time) <= rules.most_skew) return {};
    return Error{Code::Refused, "the date is too far from here: " + http_date(rules.now) + " now",
                 false};
}

Result<void> check_time(const SignatureClaim& claim, const SignedMessage& message,
                        const SignatureRules& rules) {
    const bool dated = covers(claim, {"date"});
    if (!dated && claim.created == 0) return uncovered("date, or when it was created");
    const bool expires = claim.expires != 0 && !rules.clock_doubted;
    if (expires && claim.expires < rules.now - kExpiryMargin)
        return Error{Code::Refused, "the signature has expired", false};
    if (claim.created != 0)
        if (const auto in_time = check_skew(claim.created, rules); !in_time.ok()) return in_time;
    if (!dated) return {};
    const auto text = one_field(message, "date");
    if (!text.ok()) return text.error();
    const auto date = parse_http_date(*text);
    if (!date) return bad_input("the Date header is no date of RFC 9110");
    return check_skew(*date, rules);
}

Result<void> check_body(const SignatureClaim& claim, const SignedMessage& message) {
    const bool old = covers(claim, {"digest"}), now = covers(claim, {"content-digest"});
    if (!old && !now) {
        if (message.body.empty() && message.method != "POST" && message.method != "PUT") return {};
        return uncovered("the digest of the body");
    }
    if (old) {
        const auto digest = one_field(message, "digest");
        if (!digest.ok()) return digest.error();
        if (const auto fits = check_digest(*digest, message.body); !fits.ok()) return fits;
    }
    if (!now) return {};
    const auto digest = one_field(message, "content-digest");
    if (!digest.ok()) return digest.error();
    return check_content_digest(*digest, message.body);
}

// Cheap things first: the body is hashed when all else is right.
Result<SignatureClaim> checked(Result<SignatureClaim> claim, const SignedMessage& message,
                               const SignatureRules& rules) {
    if (!claim.ok()) return claim;
    if (const auto right = check_request(*claim); !right.ok()) return right.error();
    if (const auto right = check_time(*claim, message, rules); !right.ok()) return right.error();
    if (const auto right = check_body(*claim, message); !right.ok()) return right.error();
    return claim;
}

Result<SignatureClaim> read_cavage(const SignedMessage& message, const SignatureRules& rules) {
    const auto field = one_field(message, "signature");
    if (!field.ok()) return field.error();
    auto claim = checked(parse_cavage(*field), message, rules);
    if (!claim.ok()) return claim;
    auto base = cavage_base(message, *claim, message.target);
    if (!base.ok()) return base.error();
    claim->base = std::move(*base);
    if (const std::string_view path = path_of(message.target); path != message.target)
        claim->base_without_query = *cavage_base(message, *claim, path);
    return claim;
}

Result<SignatureClaim> read_member(const SignedMessage& message, const StringList& input,
                                   const std::string& signature, const SignatureRules& rules) {
    auto claim = checked(parse_rfc9421(input), message, rules);
    if (!claim.ok()) return claim;
    if (signature.empty() || signature.size() > kMostSignatureBytes)
        return bad_input("the Signature header: this is no signature");
    auto base = rfc9421_base(message, input);
    if (!base.ok()) return base.error();
    claim->signature = signature;
    claim->base = std::move(*base);
    return claim;
}

// Whoever passes a message on may have signed it too: the first signature that says enough is
// taken, else the first one's fault is told.
Result<SignatureClaim> read_rfc9421(const SignedMessage& message, const SignatureRules& rules) {
    const auto input_field = one_field(message, "signature-input");
    if (!input_field.ok()) return input_field.error();
    const auto signature_field = one_field(message, "signature");
    if (!signature_field.ok()) return signature_field.error();
    const auto inputs = parse_string_lists(*input_field);
    if (!inputs.ok()) return inputs.error();
    const auto signatures = parse_byte_sequences(*signature_field);
    if (!signatures.ok()) return signatures.error();
    Result<SignatureClaim> first = bad_input("Signature has no member of Signature-Input's names");
    bool tried = false;
    for (const auto& input : *inputs) {
        const auto signature =
            std::find_if(signatures->begin(), signatures->end(),
                         [&](const auto& each) { return each.first == input.first; });
        if (signature == signatures->end()) continue;
        auto claim = read_member(message, input.second, signature->second, rules);
        if (claim.ok()) return claim;
        if (!tried) first = std::move(claim);
        tried = true;
    }
    return first;
}

bool goes_with(std::string_view algorithm, KeyKind kind) {
    if (algorithm.empty() || algorithm == "hs2019") return true;
    return (algorithm == "ed25519") == (kind == KeyKind::Ed25519);
}

}  // namespace

Result<SignatureClaim> read_signature(const SignedMessage& message, const SignatureRules& rules) {
    if (const auto ours = check_host(message, rules); !ours.ok()) return ours.error();
    if (has_field(message, "signature-input")) return read_rfc9421(message, rules);
    return read_cavage(message, rules);
}

bool verify(const SignatureClaim& claim, std::string_view public_key) {
    const VerifyKey key = parse_verify_key(public_key);
    if (!key.key || !goes_with(claim.algorithm, key.kind)) return false;
    if (is_signed(key, claim.base, claim.signature)) return true;
    return !claim.base_without_query.empty() &&
           is_signed(key, claim.base_without_query, claim.signature);
}

}  // namespace waypost::activitypub

// SPDX-License-Identifier: Apache-2.0
// The examples that the specifications publish: RFC 9421 section 4.3 and appendix B.2, and
// draft-cavage-http-signatures-12 appendix C, whose key is too short to be believed here.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "bridges/activitypub/signature/cavage.h"
#include "bridges/activitypub/signature/rfc9421.h"
#include "bridges/activitypub/signature/verify_key.h"
#include "gateway/certificates/openssl_owners.h"
#include "tests/unit/bridges/activitypub/signature_messages.h"

namespace waypost::activitypub {
namespace {

struct DraftExample {
    const char* headers;  // of the Signature header; empty: not said
    const char* signature;
    const char* base;
};

const DraftExample kBasic{
    "headers=\"(request-target) host date\",",
    "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe"
    "8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=",
    "(request-target): post /foo?param=value&pet=dog\n"
    "host: example.com\n"
    "date: Sun, 05 Jan 2014 21:31:40 GMT"};
const DraftExample kAllHeaders{
    "headers=\"(request-target) host date content-type digest content-length\",",
    "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEU"
    "HFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=",
    "(request-target): post /foo?param=value&pet=dog\n"
    "host: example.com\n"
    "date: Sun, 05 Jan 2014 21:31:40 GMT\n"
    "content-type: application/json\n"
    "digest: SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\n"
    "content-length: 18"};

std::string field_of(const DraftExample& example) {
    return std::string("keyId=\"Test\",algorithm=\"rsa-sha256\",") + example.headers +
           "signature=\"" + example.signature + '"';
}

VerifyKey drafts_key() {
    const openssl::Bio reader = openssl::reader_of(kDraftKey);
    return {KeyKind::Rsa,
            openssl::Key(PEM_read_bio_PUBKEY(reader.get(), nullptr, nullptr, nullptr))};
}

TEST(DraftVectors, AreWhatIsSigned) {
    for (const DraftExample* example : {&kBasic, &kAllHeaders}) {
        const auto claim = parse_cavage(field_of(*example));
        ASSERT_TRUE(claim.ok()) << claim.error().text;
        EXPECT_EQ(claim->key_id, "Test");
        const SignedMessage message = draft_request();
        const auto base = cavage_base(message, *claim, message.target);
        ASSERT_TRUE(base.ok()) << base.error().text;
        EXPECT_EQ(*base, example->base);
        EXPECT_TRUE(is_signed(drafts_key(), *base, claim->signature));
        EXPECT_EQ(cavage_field(*claim), field_of(*example));
    }
}

TEST(DraftVectors, AKeyOf1024BitsIsNotBelieved) {
    SignedMessage message = draft_request();
    message.headers.emplace("signature", field_of(kAllHeaders));
    const auto claim = read_signature(message, {"example.com", kDraftTime});
    ASSERT_TRUE(claim.ok()) << claim.error().text;
    EXPECT_FALSE(verify(*claim, kDraftKey));
    EXPECT_EQ(parse_verify_key(kDraftKey).key, nullptr);
}

TEST(DraftVectors, WhatCoversTooLittleIsRefused) {
    SignedMessage message = draft_request();
    message.headers.emplace("signature", field_of(kBasic));
    const auto claim = read_signature(message, {"example.com", kDraftTime});
    ASSERT_FALSE(claim.ok());
    EXPECT_EQ(claim.error().text, "the signature must cover the digest of the body");
    // C.1, which says nothing of what it covers.
    set(message, "signature", field_of({"", kBasic.signature, ""}));
    EXPECT_FALSE(read_signature(message, {"example.com", kDraftTime}).ok());
}

// RFC 9421 section 4.3: signed by a proxy.
const char kProxyInput[] =
    "proxy_sig=(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-type\" "
    "\"content-length\" \"forwarded\");created=1618884480;keyid=\"test-key-rsa\";"
    "alg=\"rsa-v1_5-sha256\";expires=1618884540";
const char kProxySignature[] =
    "proxy_sig=:S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz"
    "+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8t"
    "SFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6"
    "NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==:";
constexpr std::int64_t kProxyTime = 1'618'884'480;

SignedMessage proxied_request() {
    SignedMessage message = rfc_request();
    set(message, "host", "origin.host.internal.example");
    set(message, "date", "Tue, 20 Apr 2021 02:07:56 GMT");
    set(message, "forwarded", "for=192.0.2.123;host=example.com;proto=https");
    set(message, "signature-input", kProxyInput);
    set(message, "signature", kProxySignature);
    return message;
}

TEST(Rfc9421Vectors, TheProxysSignatureIsRead) {
    const auto claim =
        read_signature(proxied_request(), {"origin.host.internal.example", kProxyTime});
    ASSERT_TRUE(claim.ok()) << claim.error().text;
    EXPECT_EQ(claim->flavour, Flavour::Rfc9421);
    EXPECT_EQ(claim->key_id, "test-key-rsa");
    EXPECT_EQ(claim->created, kProxyTime);
    EXPECT_EQ(claim->expires, kProxyTime + 60);
    EXPECT_TRUE(verify(*claim, kRfcRsaKey));
    EXPECT_TRUE(verify(*claim, kRfcRsaSpki));
    EXPECT_FALSE(verify(*claim, kRfcEd25519Key));
}

TEST(Rfc9421Vectors, WhatIsOldOrAnothersIsNot) {
    SignedMessage message = proxied_request();
    const SignatureRules late{"origin.host.internal.example", kProxyTime + 60 + 3601};
    const auto expired = read_signature(message, late);
    ASSERT_FALSE(expired.ok());
    EXPECT_EQ(expired.error().text, "the signature has expired");
    set(message, "forwarded", "for=192.0.2.124;host=example.com;proto=https");
    const auto claim = read_signature(message, {"origin.host.internal.example", kProxyTime});
    ASSERT_TRUE(claim.ok());
    EXPECT_FALSE(verify(*claim, kRfcRsaKey));
}

Result<std::string> base_of(const SignedMessage& message, const char* input) {
    const auto lists = parse_string_lists(input);
    if (!lists.ok()) return lists.error();
    return rfc9421_base(message, lists->front().second);
}

// Appendix B.2.6: it does not cover the body, so that only its parts can be looked at.
TEST(Rfc9421Vectors, Ed25519) {
    const auto base =
        base_of(rfc_request(),
                "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" "
                "\"content-length\");created=1618884473;keyid=\"test-key-ed25519\"");
    ASSERT_TRUE(base.ok()) << base.error().text;
    const auto signature = parse_byte_sequences(
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WP"
        "pBKRCw==:");
    ASSERT_TRUE(signature.ok());
    SignatureClaim claim;
    claim.base = *base;
    claim.signature = signature->front().second;
    EXPECT_TRUE(verify(claim, kRfcEd25519Key));
    claim.algorithm = "ed25519";
    EXPECT_TRUE(verify(claim, kRfcEd25519Key));
    claim.algorithm = "rsa-v1_5-sha256";
    EXPECT_FALSE(verify(claim, kRfcEd25519Key)) << "the key is none of that kind";
    claim.algorithm.clear();
    claim.base += ' ';
    EXPECT_FALSE(verify(claim, kRfcEd25519Key));
}

// Appendix B.2.3, signed by a key of a kind that is not taken: what would be signed.
TEST(Rfc9421Vectors, TheFullCoverage) {
    const auto base = base_of(
        rfc_request(),
        "sig-b23=(\"date\" \"@method\" \"@path\" \"@query\" \"@authority\" \"content-type\" "
        "\"content-digest\" \"content-length\");created=1618884473;keyid=\"test-key-rsa-pss\"");
    ASSERT_TRUE(base.ok()) << base.error().text;
    EXPECT_EQ(*base,
              "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n"
              "\"@method\": POST\n"
              "\"@path\": /foo\n"
              "\"@query\": ?param=Value&Pet=dog\n"
              "\"@authority\": example.com\n"
              "\"content-type\": application/json\n"
              "\"content-digest\": "
              "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7"
              "BNNyealdVLvRwEmTHWXvJwew==:\n"
              "\"content-length\": 18\n"
              "\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@query\" \"@authority\" "
              "\"content-type\" \"content-digest\" \"content-length\");created=1618884473;"
              "keyid=\"test-key-rsa-pss\"");
}

// Appendix B.2.1.
TEST(Rfc9421Vectors, TheLeastCoverage) {
    const auto base = base_of(rfc_request(),
                              "sig-b21=();created=1618884473;keyid=\"test-key-rsa-pss\";"
                              "nonce=\"b3k2pp5k7z-50gnwp.yemd\"");
    ASSERT_TRUE(base.ok()) << base.error().text;
    EXPECT_EQ(*base,
              "\"@signature-params\": ();created=1618884473;keyid=\"test-key-rsa-pss\";"
              "nonce=\"b3k2pp5k7z-50gnwp.yemd\"");
}

// Section 2.2.2, 2.2.3 and 2.2.5.
TEST(Rfc9421Vectors, WhatIsDerivedOfTheRequest) {
    SignedMessage message = rfc_request();
    message.target = "/path?param=value";
    set(message, "host", "WWW.example.com:443");
    const auto base = base_of(message,
                              "sig1=(\"@target-uri\" \"@scheme\" \"@request-target\");"
                              "created=1;tag=\"a\\\"b\\\\\";flag;n=-7;t=a/b;b=:AAAA:");
    ASSERT_TRUE(base.ok()) << base.error().text;
    EXPECT_EQ(*base,
              "\"@target-uri\": https://www.example.com/path?param=value\n"
              "\"@scheme\": https\n"
              "\"@request-target\": /path?param=value\n"
              "\"@signature-params\": (\"@target-uri\" \"@scheme\" \"@request-target\");"
              "created=1;tag=\"a\\\"b\\\\\";flag;n=-7;t=a/b;b=:AAAA:");
}

}  // namespace
}  // namespace waypost::activitypub

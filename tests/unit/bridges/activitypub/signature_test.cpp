// SPDX-License-Identifier: Apache-2.0
// Round trips with our own keys, and what must be refused.
#include "bridges/activitypub/signature/signature.h"

#include <gtest/gtest.h>

#include "bridges/activitypub/signature/digest.h"
#include "bridges/activitypub/signature/http_date.h"
#include "gateway/message/text.h"
#include "tests/unit/bridges/activitypub/signature_messages.h"

namespace waypost::activitypub {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;
const char kKeyId[] = "https://social.example/users/bob#main-key";
constexpr std::string_view kFollow = "{\"type\":\"Follow\"}";

const SigningKey& bobs_key() {
    static const SigningKey key = *SigningKey::make();
    return key;
}

SignedMessage request(const char* method = "POST", const char* target = "/ap/inbox") {
    SignedMessage message;
    message.method = method;
    message.target = target;
    message.headers.emplace("host", "hill.example");
    if (message.method == "POST") {
        message.body = kFollow;
        message.headers.emplace("content-type", "application/activity+json");
    }
    return message;
}

SignedMessage signed_request(Flavour flavour, SignedMessage message = request(),
                             std::int64_t at = kNow) {
    for (const auto& [name, value] : bobs_key().sign(message, flavour, kKeyId, at))
        message.headers.emplace(lower_ascii(name), value);
    return message;
}

Result<SignatureClaim> read(const SignedMessage& message, std::int64_t now = kNow) {
    return read_signature(message, {"hill.example", now});
}

std::string error_of(const SignedMessage& message, std::int64_t now = kNow) {
    const auto claim = read(message, now);
    return claim.ok() ? "it went well" : claim.error().text;
}

bool is_bobs(const SignedMessage& message) {
    const auto claim = read(message);
    return claim.ok() && verify(*claim, bobs_key().public_pem());
}

void replace(SignedMessage& message, const char* header, const std::string& what,
             const std::string& with) {
    std::string value = message.headers.find(header)->second;
    const std::size_t at = value.find(what);
    ASSERT_NE(at, std::string::npos) << value;
    set(message, header, value.replace(at, what.size(), with));
}

class Both : public testing::TestWithParam<Flavour> {};
INSTANTIATE_TEST_SUITE_P(Signature, Both, testing::Values(Flavour::Cavage, Flavour::Rfc9421),
                         [](const auto& each) {
                             return each.param == Flavour::Cavage ? "Draft" : "Rfc9421";
                         });

TEST_P(Both, WhatIsSignedIsRead) {
    for (const char* target : {"/ap/inbox", "/ap/ana/inbox?x=1&y", "/"}) {
        for (const char* method : {"POST", "GET"}) {
            const auto message = signed_request(GetParam(), request(method, target));
            const auto claim = read(message);
            ASSERT_TRUE(claim.ok()) << claim.error().text;
            EXPECT_EQ(claim->flavour, GetParam());
            EXPECT_EQ(claim->key_id, kKeyId);
            EXPECT_TRUE(verify(*claim, bobs_key().public_pem())) << method << ' ' << target;
        }
    }
}

TEST_P(Both, AKeyIsTheSameAfterItWasKept) {
    const auto again = SigningKey::from_pem(bobs_key().private_pem());
    ASSERT_TRUE(again.ok()) << again.error().text;
    EXPECT_EQ(again->public_pem(), bobs_key().public_pem());
    auto message = request();
    for (const auto& [name, value] : again->sign(message, GetParam(), kKeyId, kNow))
        message.headers.emplace(lower_ascii(name), value);
    EXPECT_TRUE(is_bobs(message));
}

TEST_P(Both, AnotherKeyIsAnothers) {
    const auto claim = read(signed_request(GetParam()));
    ASSERT_TRUE(claim.ok());
    const SigningKey eves = *SigningKey::make();
    EXPECT_FALSE(verify(*claim, eves.public_pem()));
    // Of a key that is changed the old one goes no more, and the new one does at once.
    EXPECT_TRUE(verify(*claim, bobs_key().public_pem()));
    EXPECT_FALSE(verify(*claim, kRfcRsaKey));
    EXPECT_FALSE(verify(*claim, kRfcEd25519Key));
    for (const char* rubbish : {"", "z", "zz", "z6Mk", "-----BEGIN PUBLIC KEY-----\n",
                                "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n"})
        EXPECT_FALSE(verify(*claim, rubbish)) << rubbish;
    EXPECT_FALSE(verify(*claim, std::string(100'000, 'z')));
}

TEST_P(Both, WhatWasChangedOnTheWayDoesNotFit) {
    const auto good = signed_request(GetParam());
    auto changed = good;
    changed.target = "/ap/ana/inbox";
    EXPECT_FALSE(is_bobs(changed));
    changed = good;
    changed.method = "PUT";
    EXPECT_FALSE(is_bobs(changed));
    changed = good;
    set(changed, "content-type", "text/html");
    EXPECT_FALSE(is_bobs(changed));
    changed = good;
    changed.body = "{\"type\":\"Delete\"}";
    EXPECT_EQ(error_of(changed), "the digest is that of another body");
    changed = good;
    changed.body = "";
    EXPECT_EQ(error_of(changed), "the digest is that of another body");
    EXPECT_TRUE(is_bobs(good));
}

TEST_P(Both, ADigestOfAnotherBodyMadeFitIsNotCoveredByTheSignature) {
    auto changed = signed_request(GetParam());
    changed.body = "{\"type\":\"Delete\"}";
    if (GetParam() == Flavour::Cavage) {
        set(changed, "digest", digest_field(changed.body));
    } else {
        set(changed, "content-digest", content_digest_field(changed.body));
    }
    const auto claim = read(changed);
    ASSERT_TRUE(claim.ok()) << claim.error().text;
    EXPECT_FALSE(verify(*claim, bobs_key().public_pem()));
}

TEST_P(Both, AnotherHostsRequestIsNotOurs) {
    auto message = request();
    set(message, "host", "dale.example");
    EXPECT_EQ(error_of(signed_request(GetParam(), message)), "the request is for another host");
    set(message, "host", "Hill.Example:443");
    EXPECT_TRUE(is_bobs(signed_request(GetParam(), message)));
    set(message, "host", "hill.example:8443");
    EXPECT_EQ(error_of(signed_request(GetParam(), message)), "the request is for another host");
}

TEST_P(Both, TwelveHoursAreTheMostThatClocksDiffer) {
    constexpr std::int64_t kMost = 12 * 3600;
    for (const std::int64_t off : {-kMost, std::int64_t{0}, kMost})
        EXPECT_TRUE(read(signed_request(GetParam()), kNow + off).ok()) << off;
    for (const std::int64_t off : {-kMost - 1, kMost + 1}) {
        const auto claim = read(signed_request(GetParam()), kNow + off);
        ASSERT_FALSE(claim.ok()) << off;
        EXPECT_EQ(claim.error().code, Code::Refused);
        EXPECT_NE(claim.error().text.find(http_date(kNow + off)), std::string::npos);
    }
}

TEST_P(Both, OfEachHeaderThatCountsThereIsOne) {
    for (const char* name : {"host", "signature", "content-type"}) {
        auto twice = signed_request(GetParam());
        twice.headers.emplace(name, twice.headers.find(name)->second);
        EXPECT_EQ(error_of(twice), std::string("the header ") + name + " stands there twice");
        auto without = signed_request(GetParam());
        without.headers.erase(name);
        EXPECT_EQ(error_of(without), std::string("the header ") + name + " is missing");
    }
    auto broken = signed_request(GetParam());
    set(broken, "content-type", "a\nb");
    EXPECT_EQ(error_of(broken), "the header content-type is no line of text");
    auto huge = signed_request(GetParam());
    set(huge, "signature", std::string(9000, 'a'));
    EXPECT_EQ(error_of(huge), "the header signature is too long");
}

TEST(Signature, WithoutOneThereIsNone) {
    EXPECT_EQ(error_of(request()), "the header signature is missing");
}

TEST(Signature, TheDraftMustCoverWhatCounts) {
    for (const auto& [name, without] : {std::pair{"(request-target)", "(request-target) "},
                                        {"host", "host "},
                                        {"date, or when it was created", " date"},
                                        {"the digest of the body", " digest"}}) {
        auto message = signed_request(Flavour::Cavage);
        replace(message, "signature", without, "");
        EXPECT_EQ(error_of(message), std::string("the signature must cover ") + name);
    }
}

TEST(Signature, Rfc9421MustCoverWhatCounts) {
    for (const auto& [name, without] : {std::pair{"@method", "\"@method\" "},
                                        {"@target-uri, or @path", "\"@target-uri\" "},
                                        {"the digest of the body", " \"content-digest\""},
                                        {"date, or when it was created", ";created=1800000000"}}) {
        auto message = signed_request(Flavour::Rfc9421);
        replace(message, "signature-input", without, "");
        EXPECT_EQ(error_of(message), std::string("the signature must cover ") + name);
    }
    auto hostless = signed_request(Flavour::Rfc9421);
    replace(hostless, "signature-input", "@target-uri", "@path");
    EXPECT_EQ(error_of(hostless), "the signature must cover @target-uri, or @authority");
}

TEST(Signature, WhatIsCoveredMustBeThere) {
    auto draft = signed_request(Flavour::Cavage);
    replace(draft, "signature", " date", " date x-goat");
    EXPECT_EQ(error_of(draft), "the header x-goat is missing");
    auto rfc = signed_request(Flavour::Rfc9421);
    replace(rfc, "signature-input", "\"@method\"", "\"@method\" \"x-goat\"");
    EXPECT_EQ(error_of(rfc), "the header x-goat is missing");
    auto odd = signed_request(Flavour::Rfc9421);
    replace(odd, "signature-input", "\"@method\"", "\"@method\" \"@status\"");
    EXPECT_EQ(error_of(odd), "the Signature-Input header: @status is not known");
}

TEST(Signature, Hs2019MeansWhatTheKeyIs) {
    auto message = signed_request(Flavour::Cavage);
    replace(message, "signature", "rsa-sha256", "hs2019");
    EXPECT_TRUE(is_bobs(message));
    replace(message, "signature", ",algorithm=\"hs2019\"", "");
    EXPECT_TRUE(is_bobs(message));
    for (const char* other : {"rsa-sha512", "hmac-sha256", "none"}) {
        auto wrong = signed_request(Flavour::Cavage);
        replace(wrong, "signature", "rsa-sha256", other);
        EXPECT_EQ(error_of(wrong),
                  "the Signature header: its algorithm is not known; rsa-sha256 is");
    }
}

TEST(Signature, CreatedStandsForTheDateOfTheDraft) {
    // Made by another's rules: only the times are looked at.
    auto message = signed_request(Flavour::Cavage);
    set(message, "signature",
        "keyId=\"k\",algorithm=\"hs2019\",created=1800000000,expires=1800000300,"
        "headers=\"(request-target) host (created) (expires) digest\",signature=\"AAAA\"");
    const auto claim = read(message);
    ASSERT_TRUE(claim.ok()) << claim.error().text;
    EXPECT_EQ(claim->created, kNow);
    EXPECT_EQ(claim->expires, kNow + 300);
    EXPECT_NE(claim->base.find("\n(created): 1800000000\n(expires): 1800000300\n"),
              std::string::npos);
    EXPECT_EQ(error_of(message, kNow + 300 + 3601), "the signature has expired");
    replace(message, "signature", "hs2019", "rsa-sha256");
    EXPECT_EQ(error_of(message), "the Signature header: (created) does not go with rsa-sha256");
}

TEST(Signature, TheQueryMayBeLeftOutByTheDraft) {
    // As one signs who leaves it out, and sends it.
    auto message = signed_request(Flavour::Cavage, request("GET", "/ap/ana/outbox"));
    EXPECT_TRUE(read(message)->base_without_query.empty());
    message.target = "/ap/ana/outbox?page=2";
    EXPECT_TRUE(is_bobs(message));
    message.target = "/ap/ana/outboxes?page=2";
    EXPECT_FALSE(is_bobs(message));
}

TEST(Signature, OfSeveralOneThatSaysEnoughIsTaken) {
    auto message = signed_request(Flavour::Rfc9421);
    const std::string input = message.headers.find("signature-input")->second;
    const std::string signature = message.headers.find("signature")->second;
    set(message, "signature-input", "proxy=(\"@method\");created=1800000000;keyid=\"p\", " + input);
    set(message, "signature", signature + ", proxy=:AAAA:");
    EXPECT_TRUE(is_bobs(message));
    // Nobody's signature, and the fault of the first.
    set(message, "signature", "proxy=:AAAA:");
    EXPECT_EQ(error_of(message), "the signature must cover @target-uri, or @path");
    set(message, "signature", "other=:AAAA:");
    EXPECT_EQ(error_of(message), "Signature has no member of Signature-Input's names");
}

TEST(Signature, MalformedHeadersAreRefused) {
    const std::string many = [] {
        std::string names;
        for (int i = 0; i < 40; ++i) names += " x" + std::to_string(i);
        return names;
    }();
    for (const std::string& field :
         {std::string(""), std::string("goat"), std::string("keyId"), std::string("keyId=\"k"),
          std::string("keyId=\"k\""), std::string("keyId=\"k\",signature=\"!\""),
          std::string("keyId=\"k\",keyId=\"l\",signature=\"AAAA\""),
          std::string("keyId=\"k\"signature=\"AAAA\""), "keyId=\"" + std::string(3000, 'k') + '"',
          "keyId=\"k\",signature=\"AAAA\",headers=\"" + many + '"',
          std::string("keyId=\"k\",signature=\"AAAA\",headers=\"date date\""),
          std::string("keyId=\"k\",signature=\"AAAA\",headers=\"dat\xe8\""),
          std::string("keyId=\"k\",signature=\"AAAA\",headers=\"\""),
          std::string("keyId=\"k\",signature=\"AAAA\",created=1e9,headers=\"(created)\""),
          "keyId=\"k\",signature=\"" + std::string(2000, 'A') + '"'}) {
        auto message = signed_request(Flavour::Cavage);
        set(message, "signature", field);
        EXPECT_EQ(error_of(message).rfind("the Signature header: ", 0), 0u)
            << field << ": " << error_of(message);
    }
    for (const std::string& field :
         {std::string(""), std::string("sig1"), std::string("sig1=\"x\""), std::string("sig1=("),
          std::string("sig1=()"), std::string("sig1=(\"@method\");keyid=7"),
          std::string("sig1=(\"@method\"\"date\");keyid=\"k\""),
          std::string("sig1=(\"@method\";req);keyid=\"k\""),
          std::string("sig1=(\"@method\" \"@method\");keyid=\"k\""),
          std::string("sig1=(\"@method\");keyid=\"k\";keyid=\"l\""),
          std::string("sig1=(\"@method\");keyid=\"k\";created=1.5"),
          std::string("sig1=(\"@method\");keyid=\"k\";created=-5"),
          std::string("sig1=(\"@method\");keyid=\"k\";created=9999999999999999"),
          std::string("sig1=(\"@method\");keyid=\"k\";alg=\"rsa-pss-sha512\""),
          std::string("sig1=(\"@method\");keyid=\"k\","),
          std::string("sig1=(\"@method\");keyid=\"k\", sig1=()")}) {
        auto message = signed_request(Flavour::Rfc9421);
        set(message, "signature-input", field);
        const std::string why = error_of(message);
        EXPECT_TRUE(why.rfind("a signature's header: ", 0) == 0 ||
                    why.rfind("the Signature-Input header: ", 0) == 0)
            << field << ": " << why;
    }
}

TEST(Signature, DigestsThatAreNotKnownAreNone) {
    EXPECT_TRUE(check_digest(digest_field("x"), "x").ok());
    EXPECT_TRUE(check_digest("unixsum=30637, " + digest_field("x"), "x").ok());
    EXPECT_TRUE(check_digest("sha-256=" + digest_field("x").substr(8), "x").ok());
    EXPECT_FALSE(check_digest(digest_field("x") + ",SHA-512=AAAA", "x").ok());
    EXPECT_FALSE(check_digest("MD5=AAAA", "x").ok());
    EXPECT_FALSE(check_digest("", "x").ok());
    EXPECT_FALSE(check_digest("SHA-256", "x").ok());
    EXPECT_FALSE(check_digest("SHA-256=", "x").ok());
    EXPECT_TRUE(check_content_digest(content_digest_field("x"), "x").ok());
    EXPECT_FALSE(check_content_digest(content_digest_field("x"), "y").ok());
    EXPECT_FALSE(check_content_digest("md5=:AAAA:", "x").ok());
    EXPECT_FALSE(check_content_digest(content_digest_field("x") + ", sha-512=:AAAA:", "x").ok());
}

TEST(Signature, DatesOfHttp) {
    EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777);
    EXPECT_EQ(parse_http_date(http_date(kNow)), kNow);
    for (const char* text :
         {"", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
          "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
          "Sun, 06 Nov 1994 08:49:3x GMT", "Sun, -6 Nov 1994 08:49:37 GMT"})
        EXPECT_FALSE(parse_http_date(text)) << text;
}

TEST(SigningKey, IsRsaOf2048BitsOrMore) {
    for (const char* pem : {"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                            // Ed25519: RFC 9421 appendix B.1.4
                            "-----BEGIN PRIVATE KEY-----\n"
                            "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
                            "-----END PRIVATE KEY-----\n"}) {
        const auto key = SigningKey::from_pem(pem);
        ASSERT_FALSE(key.ok());
        EXPECT_EQ(key.error().code, Code::BadInput);
    }
}

}  // namespace
}  // namespace waypost::activitypub

// SPDX-License-Identifier: Apache-2.0
// What we sign, against signatures that OpenSSL's own program made of texts written by the rules,
// and which of the two kinds other servers are sent.
#include <gtest/gtest.h>

#include "tests/unit/bridges/activitypub/social_server.h"

namespace waypost::activitypub {
namespace {

// RFC 9421 appendix B.1.1.
constexpr std::string_view kKey =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIIEqAIBAAKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsP\n"
    "BRrwWEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsd\n"
    "JKFqMGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75\n"
    "jfZgkne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKI\n"
    "lE0PuKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZ\n"
    "SFlQPSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQABAoIBAG/JZuSWdoVHbi56\n"
    "vjgCgkjg3lkO1KrO3nrdm6nrgA9P9qaPjxuKoWaKO1cBQlE1pSWp/cKncYgD5WxE\n"
    "CpAnRUXG2pG4zdkzCYzAh1i+c34L6oZoHsirK6oNcEnHveydfzJL5934egm6p8DW\n"
    "+m1RQ70yUt4uRc0YSor+q1LGJvGQHReF0WmJBZHrhz5e63Pq7lE0gIwuBqL8SMaA\n"
    "yRXtK+JGxZpImTq+NHvEWWCu09SCq0r838ceQI55SvzmTkwqtC+8AT2zFviMZkKR\n"
    "Qo6SPsrqItxZWRty2izawTF0Bf5S2VAx7O+6t3wBsQ1sLptoSgX3QblELY5asI0J\n"
    "YFz7LJECgYkAsqeUJmqXE3LP8tYoIjMIAKiTm9o6psPlc8CrLI9CH0UbuaA2JCOM\n"
    "cCNq8SyYbTqgnWlB9ZfcAm/cFpA8tYci9m5vYK8HNxQr+8FS3Qo8N9RJ8d0U5Csw\n"
    "DzMYfRghAfUGwmlWj5hp1pQzAuhwbOXFtxKHVsMPhz1IBtF9Y8jvgqgYHLbmyiu1\n"
    "mwJ5AL0pYF0G7x81prlARURwHo0Yf52kEw1dxpx+JXER7hQRWQki5/NsUEtv+8RT\n"
    "qn2m6qte5DXLyn83b1qRscSdnCCwKtKWUug5q2ZbwVOCJCtmRwmnP131lWRYfj67\n"
    "B/xJ1ZA6X3GEf4sNReNAtaucPEelgR2nsN0gKQKBiGoqHWbK1qYvBxX2X3kbPDkv\n"
    "9C+celgZd2PW7aGYLCHq7nPbmfDV0yHcWjOhXZ8jRMjmANVR/eLQ2EfsRLdW69bn\n"
    "f3ZD7JS1fwGnO3exGmHO3HZG+6AvberKYVYNHahNFEw5TsAcQWDLRpkGybBcxqZo\n"
    "81YCqlqidwfeO5YtlO7etx1xLyqa2NsCeG9A86UjG+aeNnXEIDk1PDK+EuiThIUa\n"
    "/2IxKzJKWl1BKr2d4xAfR0ZnEYuRrbeDQYgTImOlfW6/GuYIxKYgEKCFHFqJATAG\n"
    "IxHrq1PDOiSwXd2GmVVYyEmhZnbcp8CxaEMQoevxAta0ssMK3w6UsDtvUvYvF22m\n"
    "qQKBiD5GwESzsFPy3Ga0MvZpn3D6EJQLgsnrtUPZx+z2Ep2x0xc5orneB5fGyF1P\n"
    "WtP+fG5Q6Dpdz3LRfm+KwBCWFKQjg7uTxcjerhBWEYPmEMKYwTJF5PBG9/ddvHLQ\n"
    "EQeNC8fHGg4UXU8mhHnSBt3EA10qQJfRDs15M38eG2cYwB1PZpDHScDnDA0=\n"
    "-----END RSA PRIVATE KEY-----\n";
const char kKeyId[] = "https://hill.example/ap/ana#main-key";
constexpr std::string_view kFollow = R"({"type":"Follow"})";
constexpr std::int64_t kTime = 1'618'884'480;  // Tue, 20 Apr 2021 02:08:00 GMT
const char kInput[] =
    "created=1618884480;keyid=\"https://hill.example/ap/ana#main-key\";alg=\"rsa-v1_5-sha256\"";

// With PKCS #1 v1.5 there is one signature of a text: `openssl dgst -sha256 -sign` of
//   "@method": POST
//   "@target-uri": https://social.example/users/bob/inbox
//   "content-digest": sha-256=:GYwYnH3BiO6aICFt0ThC5bUIJ4byvqdpWtR8m5fNkww=:
//   "content-type": application/activity+json
//   "@signature-params": ("@method" "@target-uri" "content-digest" "content-type");created=...
const char kPostSignature[] =
    "M7ykRn15GjElTmWTq8jrQtE8gUgxe1lkCbqE0pXWcKIYcl3l1T0T29gODms31JoENLBi5nzwZTV1AHNE1nFLqGgM"
    "Pk1bAKkjPR5U5F51fb5fJdAzSEElNuU5YHNrE4z9as686BAgg7WgvmzPCaS4I7vwXJwm2LVHHMlfmzfCrxCExJ1c"
    "k0ntIcCyMIHEAAkNZSDDAINFO1NkqE3c+Zd31v3sJfqOrw+rElHgT3e+aldGM7M0F2U25DpLS9RScn1z4VkT/nTu"
    "Gvwp7KRLTR3JbyLO29Bf5AidIOlJ34P0BqQHEoumFSlcQ7W125KIFz5Qf36n9OMvO1fx0s3t1RCOEQ==";
//   "@method": GET
//   "@target-uri": https://social.example/users/bob?page=2
//   "@signature-params": ("@method" "@target-uri");created=...
const char kGetSignature[] =
    "Zo9azWAjlM6YGwVUFrgdZH5QYNBbxD+VzGYCRu4NgS26LEuVSRv/8Sz82xZ9ROduiOhiKyXkA3i+AJfE0d5qNRq1"
    "EuZEvKvGMKeJuz/xrpwTPmG2l3893Lm0pqPZT6zlBfzr2zBrY0SJnYs6t9okSL9P9T5KDUfcSZZ2THWM0cXdzuK5"
    "aZ+eDJNQ6bDaaTOKBKfAXyxNZp14GmQPj+h94fOZLyOy6AKavMU/nG3JUNsW4AQF8/ykoSIVqY6U8UbNxw19GSrY"
    "G/kQH2BCmiZogO6rb+tuxGfeTdPcxEd8AQwDZjExQJ59YvtYsFc42ezmwtAzpxy4NpTKMQww59Z0lA==";
//   (request-target): post /users/bob/inbox
//   host: social.example
//   date: Tue, 20 Apr 2021 02:08:00 GMT
//   digest: SHA-256=GYwYnH3BiO6aICFt0ThC5bUIJ4byvqdpWtR8m5fNkww=
//   content-type: application/activity+json
const char kDraftPostSignature[] =
    "NS7xA45JTh1vX4Q/fQmen4syyzpL6lrCzpNHnfZWu2uWVyfZwQhcPdMhdKfahYslTPrGRHnox0cFcLm+uKE4TwFl"
    "iTJ+RmRWwwrfheUyqtFT69wwLhPAFu5DE2Gj7DBELLxHt/o+4jIR88YxEnzeCTOn+RBhB88A+y8BEWfSumrUhOtv"
    "9K6B5FTuZVKZbnUYLMeyVbPeJSRfYs2qidTNqmsm2DTOf0GbwUfXUcTAplf7XL+ugeBl50hCQOwB0VAucAW9dhSm"
    "1quyzQSPGSEGHfCEl+BECZTf6Wao23QWHRFnsazFfbT4oMGKBiAM3jRZLm9yLkqGZZhZ40gUU+L+Rw==";
//   (request-target): get /users/bob?page=2
//   host: social.example
//   date: Tue, 20 Apr 2021 02:08:00 GMT
const char kDraftGetSignature[] =
    "LWpPJ3rLcf97bHJk6W2Dx+pqGVKkpf7EBc3SLhPlmEt5ukWdwhn2d8QKBuzrIhS1wDX8b6X0BzEmKljn2saN+f3N"
    "mGJ8+F96QbFenTaunZOnrPJDpyQLHeqRTO1Z0PZdVtgjnEgtVyH8Uv1HidY6zprE7NQ2pV28LxHFtipAJLEzqf2m"
    "5BGzsiwG3h872l/BUjPERiPfZo2XTk2tDZKFzqjck5EZU5hjjU6Ww1JUGZ6DLgyt+AgBtRUI4Norygu01F4J4HGh"
    "gg1hrHu4DeT2MEra60gRNkRiWqynAknjvT+vpYLFn0zZFdZ/SMZRMuO4KWXxjbAsWsEYQi8V82/vtg==";

std::map<std::string, std::string> signed_by_us(Flavour flavour, bool post) {
    SignedMessage message;
    message.method = post ? "POST" : "GET";
    message.target = post ? "/users/bob/inbox" : "/users/bob?page=2";
    message.headers = {{"host", "social.example"}, {"content-type", std::string(kActivityJson)}};
    if (post) message.body = kFollow;
    return SigningKey::from_pem(kKey)->sign(message, flavour, kKeyId, kTime);
}

TEST(OutboundSignature, OfAPostByRfc9421) {
    auto made = signed_by_us(Flavour::Rfc9421, true);
    EXPECT_EQ(made["Content-Digest"], "sha-256=:GYwYnH3BiO6aICFt0ThC5bUIJ4byvqdpWtR8m5fNkww=:");
    EXPECT_EQ(
        made["Signature-Input"],
        std::string("sig1=(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\");") +
            kInput);
    EXPECT_EQ(made["Signature"], std::string("sig1=:") + kPostSignature + ':');
}

TEST(OutboundSignature, OfAGetByRfc9421) {
    auto made = signed_by_us(Flavour::Rfc9421, false);
    EXPECT_EQ(made.count("Content-Digest"), 0u);
    EXPECT_EQ(made["Signature-Input"], std::string("sig1=(\"@method\" \"@target-uri\");") + kInput);
    EXPECT_EQ(made["Signature"], std::string("sig1=:") + kGetSignature + ':');
}

TEST(OutboundSignature, ByTheDraft) {
    const std::string begin = std::string("keyId=\"") + kKeyId + "\",algorithm=\"rsa-sha256\",";
    auto made = signed_by_us(Flavour::Cavage, true);
    EXPECT_EQ(made["Date"], "Tue, 20 Apr 2021 02:08:00 GMT");
    EXPECT_EQ(made["Digest"], "SHA-256=GYwYnH3BiO6aICFt0ThC5bUIJ4byvqdpWtR8m5fNkww=");
    EXPECT_EQ(made["Signature"],
              begin + "headers=\"(request-target) host date digest content-type\",signature=\"" +
                  kDraftPostSignature + '"');
    made = signed_by_us(Flavour::Cavage, false);
    EXPECT_EQ(made["Signature"], begin + "headers=\"(request-target) host date\",signature=\"" +
                                     kDraftGetSignature + '"');
}

// A server with one habit: what is not signed so it answers with `refusal`.
struct Knocks : testing::Test {
    Knocks() {
        server.document("/users/bob", server.actor_json("bob", "PEM"));
        server.put("/inbox", {202, "", "", {}});
        server.put("/shut", {403, "", "", {}});
    }
    void takes_only(Flavour flavour, int refusal) {
        server.gate([this, flavour, refusal](const PeerRequest& request) {
            const bool good = box.signed_by_us(request, server.peer.host(), flavour);
            return PeerAnswer{good ? 0 : refusal, "text/plain", "no", {}};
        });
    }
    int posts(const std::string& to = "/inbox") {
        return box.remote->post(server.url(to), std::string(kFollow), {&Box::key(), Box::key_id})
            .status;
    }
    std::size_t asked() const { return server.peer.asked().size(); }
    SocialServer server;
    Box box{server};
};

class OneHabit : public Knocks, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Refusals, OneHabit, testing::Values(400, 401),
                         [](const auto& each) { return std::to_string(each.param); });

TEST_P(OneHabit, WhoKnowsOnlyRfc9421IsKnockedAtTwiceOnce) {
    takes_only(Flavour::Rfc9421, GetParam());
    EXPECT_EQ(posts(), 202);
    EXPECT_EQ(asked(), 2u);
    EXPECT_EQ(posts(), 202);
    EXPECT_EQ(asked(), 3u) << "it is remembered";
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
    EXPECT_EQ(asked(), 4u) << "of what is fetched there too";
}

// Somebody there signs by RFC 9421, but what takes posts is older.
TEST_P(OneHabit, WhoKnowsOnlyTheDraftToo) {
    takes_only(Flavour::Cavage, GetParam());
    box.remote->heard_flavour(server.peer.host(), Flavour::Rfc9421);
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
    EXPECT_EQ(asked(), 2u);
    EXPECT_EQ(posts(), 202);
    EXPECT_EQ(asked(), 3u);
}

TEST_P(OneHabit, WhoTakesNeitherIsAskedTwiceAndNothingIsLearnt) {
    server.gate([](const PeerRequest&) { return PeerAnswer{GetParam(), "", "", {}}; });
    EXPECT_EQ(posts(), GetParam());
    EXPECT_EQ(asked(), 2u);
    server.gate({});
    EXPECT_EQ(posts(), 202);
    EXPECT_TRUE(box.signed_by_us(server.peer.asked().back(), server.peer.host(), Flavour::Cavage));
}

TEST_F(Knocks, ANoIsANo) {
    EXPECT_EQ(posts("/shut"), 403);
    EXPECT_EQ(posts("/nowhere"), 404);
    EXPECT_EQ(asked(), 2u);
}

TEST_F(Knocks, HostsAreToldApart) {
    box.options.near.push_back("127.0.0.1");
    box.start();
    box.remote->heard_flavour("127.0.0.1:" + std::to_string(server.peer.port()), Flavour::Rfc9421);
    EXPECT_EQ(posts(), 202);
    EXPECT_TRUE(box.signed_by_us(server.peer.asked()[0], server.peer.host(), Flavour::Cavage));
}

TEST_F(Knocks, WhatIsNotSignedIsAskedOnce) {
    server.gate([](const PeerRequest&) { return PeerAnswer{401, "", "", {}}; });
    EXPECT_FALSE(box.remote->find("bob@" + server.peer.host()).ok());
    EXPECT_EQ(asked(), 1u);
}

}  // namespace
}  // namespace waypost::activitypub

// SPDX-License-Identifier: Apache-2.0
// How the box gets a token, and gives it back.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "bridges/activitypub/client/leave.h"
#include "bridges/activitypub/client/pkce.h"
#include "bridges/activitypub/client/sign_up.h"
#include "gateway/base/secret.h"
#include "tests/unit/bridges/activitypub/client_server.h"

namespace waypost::activitypub::client {
namespace {

// RFC 7636, appendix B.
TEST(ClientPkce, TheChallengeIsThatOfTheStandard) {
    const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    EXPECT_TRUE(is_pkce_verifier(verifier));
    EXPECT_EQ(pkce_challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    const auto chance = seeded_random(1);
    const std::string first = new_pkce_verifier(*chance);
    EXPECT_TRUE(is_pkce_verifier(first));
    EXPECT_NE(first, new_pkce_verifier(*chance));
    EXPECT_FALSE(is_pkce_verifier(std::string(42, 'a')));
    EXPECT_FALSE(is_pkce_verifier(std::string(129, 'a')));
    EXPECT_FALSE(is_pkce_verifier(std::string(43, '+')));
}

struct ClientSignUp : testing::Test {
    ClientSignUp() {
        options.server = box.server;
        options.fetch = box.fetch;
        options.token_file = folder + "/keys/ana.token";
    }
    ~ClientSignUp() override { std::filesystem::remove_all(folder); }
    std::string text_of(const std::string& end) const {
        const auto read = read_secret_file(options.token_file + end);
        return read.ok() ? std::string(read->reveal()) : read.error().text;
    }
    bool is_there(const std::string& end) const {
        return std::filesystem::exists(options.token_file + end);
    }
    MastoServer server;
    ClientBox box{server};
    const std::string folder = box.token_file + ".d";
    ClientOptions options;
};

TEST_F(ClientSignUp, ALinkAndItsCodeBelongTogether) {
    const auto link = authorise(options);
    ASSERT_TRUE(link.ok()) << link.error().text;
    const auto kept = parse_app(text_of(".app"));
    ASSERT_TRUE(kept.ok()) << "for nobody else to read: " << text_of(".app");
    EXPECT_NE(link->find("&code_challenge=" + pkce_challenge(kept->verifier) +
                         "&code_challenge_method=S256"),
              std::string::npos)
        << *link;
    EXPECT_EQ(link->find(kept->verifier), std::string::npos);
    const auto account = keep_token(options, " c0de \n");
    ASSERT_TRUE(account.ok()) << account.error().text;
    EXPECT_EQ(*account, "ana");
    for (const PeerRequest& each : server.peer.asked()) {
        if (each.target != "/oauth/token") continue;
        EXPECT_NE(each.body.find("&code=c0de&"), std::string::npos);
        EXPECT_NE(each.body.find("&code_verifier=" + kept->verifier), std::string::npos);
    }
    EXPECT_EQ(text_of(""), "secret");
}

TEST_F(ClientSignUp, ACodeIsOneWordAndHasALink) {
    for (const std::string& bad : {std::string(), std::string("a b"), std::string(1001, 'x')})
        EXPECT_FALSE(keep_token(options, bad).ok());
    const auto early = keep_token(options, "c0de");
    ASSERT_FALSE(early.ok());
    EXPECT_NE(early.error().text.find("authorise first"), std::string::npos);
    EXPECT_TRUE(server.peer.asked().empty());
}

TEST_F(ClientSignUp, ARevokedTokenIsGoneOnBothSides) {
    ASSERT_TRUE(authorise(options).ok());
    ASSERT_TRUE(keep_token(options, "c0de").ok());
    const auto revoked = revoke_token(options);
    ASSERT_TRUE(revoked.ok()) << revoked.error().text;
    EXPECT_EQ(server.token, "another") << "the server was told";
    EXPECT_FALSE(is_there(""));
    EXPECT_FALSE(is_there(".app"));
    EXPECT_EQ(revoke_token(options).error().code, Code::NotFound);
}

TEST_F(ClientSignUp, ATokenThatMayStillWorkIsNotForgotten) {
    ASSERT_TRUE(authorise(options).ok());
    ASSERT_TRUE(keep_token(options, "c0de").ok());
    server.instead = PeerAnswer{503, "text/plain", "", {}};
    const auto later = revoke_token(options);
    ASSERT_FALSE(later.ok());
    EXPECT_NE(later.error().text.find("503. The token is as it was"), std::string::npos);
    EXPECT_TRUE(is_there(""));
    server.instead.reset();
    server.token = "ended there";
    EXPECT_TRUE(revoke_token(options).ok()) << "in the settings of the account";
    EXPECT_FALSE(is_there(""));
}

TEST_F(ClientSignUp, WithoutItsRegistrationATokenIsEndedThere) {
    ASSERT_TRUE(authorise(options).ok());
    ASSERT_TRUE(keep_token(options, "c0de").ok());
    std::filesystem::remove(options.token_file + ".app");
    const auto no = revoke_token(options);
    ASSERT_FALSE(no.ok());
    EXPECT_NE(no.error().text.find("in the settings of the account"), std::string::npos);
    EXPECT_TRUE(is_there(""));
}

// What Ana writes to code@ the server, from her radio or wherever.
struct ClientLeave : ClientSignUp {
    ClientLeave() {
        ::unlink(box.token_file.c_str());
        options.token_file = box.token_file;
        options.person = "ana";
    }
    ~ClientLeave() override { ::unlink((box.token_file + ".app").c_str()); }
    Outcome write(const std::string& text) {
        Delivery d;
        d.to = code_address(box.server);
        d.text = text;
        return leave.take(d, "waypost-1");
    }
    std::string said() const { return box.office.accepted.back().text; }
    int let_in = 0;
    Leave leave{box.gate(), *box.session, options, [this] { ++let_in; }};
};

const std::string kCode = "0123456789abcdef0123456789abcdef";

TEST_F(ClientLeave, WhoAsksGetsTheLinkAndAnswersWithTheCode) {
    EXPECT_EQ(code_address("https://Social.example:8443").value, "code@social.example");
    EXPECT_EQ(write("?").kind, Outcome::Kind::Sent);
    ASSERT_EQ(box.office.accepted.size(), 1u);
    const Message& link = box.office.accepted[0];
    EXPECT_EQ(link.from, (Address{"acct", "code@localhost"}));
    EXPECT_EQ(link.to, (std::vector<Address>{{"acct", "ana@hill.example"}}));
    EXPECT_EQ(link.references, (std::vector<std::string>{"waypost-1"}));
    EXPECT_NE(link.text.find("answer with the code"), std::string::npos);
    EXPECT_NE(link.text.find(box.server + "/oauth/authorize?"), std::string::npos) << link.text;
    EXPECT_EQ(let_in, 0);
    EXPECT_EQ(write(' ' + kCode + '\n').kind, Outcome::Kind::Sent);
    EXPECT_EQ(let_in, 1);
    EXPECT_EQ(text_of(""), "secret");
    EXPECT_NE(said().find("by ana@social.example for you"), std::string::npos) << said();
    EXPECT_EQ(server.posts(), 2) << "the registration and the token: nothing is published";
}

TEST_F(ClientLeave, ARepeatedCodeIsAnsweredByTheToken) {
    ASSERT_EQ(write("the link please").kind, Outcome::Kind::Sent);
    ASSERT_EQ(write(kCode).kind, Outcome::Kind::Sent);
    const int posts = server.posts();
    EXPECT_EQ(write(kCode).kind, Outcome::Kind::Sent);
    EXPECT_NE(said().find("by ana@social.example for you"), std::string::npos) << said();
    EXPECT_EQ(write("?").kind, Outcome::Kind::Sent) << "and no new registration";
    EXPECT_EQ(server.posts(), posts);
}

TEST_F(ClientLeave, WhatIsWrongIsSaid) {
    const Outcome early = write(kCode);
    EXPECT_EQ(early.kind, Outcome::Kind::Failed);
    EXPECT_NE(early.detail.find("authorise first"), std::string::npos);
    ASSERT_EQ(write("?").kind, Outcome::Kind::Sent);
    server.instead =
        PeerAnswer{400, "application/json", R"({"error_description":"The code has expired"})", {}};
    const Outcome late = write(kCode);
    EXPECT_EQ(late.kind, Outcome::Kind::Failed);
    EXPECT_EQ(late.detail, "the server says 400: The code has expired");
    server.instead = PeerAnswer{503, "text/plain", "", {}};
    EXPECT_EQ(write(kCode).kind, Outcome::Kind::Retry);
    EXPECT_EQ(write("?").kind, Outcome::Kind::Retry);
    server.instead.reset();
    box.office.verdict = [](const Address&) {
        Verdict later;
        later.kind = Verdict::Kind::Later;
        return later;
    };
    EXPECT_EQ(write("?").kind, Outcome::Kind::Retry);
    EXPECT_EQ(let_in, 0);
}

TEST_F(ClientLeave, WithoutATokenTheTransportTakesCodesAlone) {
    options.fetch = box.fetch;
    options.poll = std::chrono::hours(24);
    ClientTransport transport("fediverse_account.ana", options);
    transport.start(box.office);
    const Address code = code_address(box.server), bob{"acct", "bob@far.example"};
    EXPECT_TRUE(transport.up());
    EXPECT_FALSE(transport.status().up);
    EXPECT_TRUE(transport.reach_from("ana", code));
    EXPECT_FALSE(transport.reach_from("ben", code));
    EXPECT_FALSE(transport.reach_from("ana", bob));
    Delivery d;
    d.attempt = {1, 1};
    d.to = code;
    d.author = "ana";
    d.text = "?";
    transport.deliver(d);
    d.text = kCode;
    transport.deliver(d);
    while (!transport.status().up) std::this_thread::yield();
    EXPECT_TRUE(transport.reach_from("ana", bob)) << "and it looked at once";
    transport.stop();
}

}  // namespace
}  // namespace waypost::activitypub::client

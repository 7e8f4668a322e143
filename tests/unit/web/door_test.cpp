// SPDX-License-Identifier: Apache-2.0
// Who gets in, and who may do what there.
#include "tests/unit/web/api_village.h"

namespace waypost::api {
namespace {

constexpr char kPassword[] = "a long enough one";

class DoorTest : public ApiVillage {
  protected:
    // As a browser asks.
    Reply browse(const std::string& method, const std::string& path, const std::string& body = {}) {
        Reply reply;
        (void)ask([&](Desk&) -> Result<void> {
            Asked asked{method, path, body, {}, {from_, "a browser", encrypted_}, csrf_};
            if (!token_.empty()) {
                if (auto visitor = desk_->console().visitor(Secret(token_), encrypted_))
                    asked.visitor = std::move(*visitor);
            }
            reply = answer(*desk_, asked);
            return {};
        });
        keep_cookie(reply);
        return reply;
    }
    std::string claim_code() {
        return call("POST", "/claim-code").body->getValue<std::string>("code");
    }
    Reply claim(const std::string& code) {
        return browse("POST", "/claim",
                      R"({"code": ")" + code +
                          R"(", "handle": "mia", "name": "Mia", "language": "en", "password": ")" +
                          kPassword + "\"}");
    }
    void forget_browser() { token_ = csrf_ = {}; }
    void SetUp() override {
        ApiVillage::SetUp();
        desk_ = std::make_unique<Desk>(*office_);
    }
    void TearDown() override {
        desk_.reset();
        ApiVillage::TearDown();
    }

    std::unique_ptr<Desk> desk_;
    std::string token_, csrf_, from_ = "10.0.0.7";
    bool encrypted_ = false;

  private:
    void keep_cookie(const Reply& reply) {
        const auto cookie = reply.headers.find("Set-Cookie");
        if (cookie == reply.headers.end()) return;
        const std::string value = cookie->second.substr(cookie->second.find('=') + 1);
        token_ = value.substr(0, value.find(';'));
        csrf_ = reply.body->optValue<std::string>("csrf", "");
        EXPECT_NE(cookie->second.find("HttpOnly; SameSite=Strict"), std::string::npos);
    }
};

TEST_F(DoorTest, WhoHasTheCodeOfTheBoxLooksAfterItOnce) {
    EXPECT_FALSE(browse("GET", "/session").body->getValue<bool>("claimed"));
    const std::string code = claim_code();
    EXPECT_EQ(claim("wrong").status, 403);
    EXPECT_EQ(browse("GET", "/status").status, 401);
    const Reply in = claim(code);
    EXPECT_EQ(in.status, 200) << json_of(in);
    EXPECT_EQ(in.body->getValue<std::string>("role"), "admin");
    EXPECT_EQ(browse("GET", "/status").status, 200);
    forget_browser();
    EXPECT_EQ(claim(code).status, 409);
    EXPECT_EQ(call("POST", "/claim-code").status, 409);
}

TEST_F(DoorTest, WhatIsSignedInInClearIsNotWhereNobodyReadsAlongNorTheOtherWayRound) {
    claim(claim_code());
    const std::string in_clear = token_;
    forget_browser();
    encrypted_ = true;
    browse("POST", "/session",
           std::string(R"({"handle": "mia", "password": ")") + kPassword + "\"}");
    const std::string in_tls = token_;
    const auto status = [&](const std::string& token, bool encrypted) {
        token_ = token;
        encrypted_ = encrypted;
        return browse("GET", "/status").status;
    };
    EXPECT_EQ(status(in_clear, false), 200);
    EXPECT_EQ(status(in_tls, true), 200);
    EXPECT_EQ(status(in_clear, true), 401);
    EXPECT_EQ(status(in_tls, false), 401);
}

TEST_F(DoorTest, TheCodeMayBeTypedInCapitalsAndWithoutStrokes) {
    std::string typed;
    for (const char c : claim_code()) {
        if (c != '-') typed += static_cast<char>(std::toupper(c));
    }
    EXPECT_EQ(claim(typed).status, 200);
}

TEST_F(DoorTest, AWrongPasswordAndANameThatIsNoneSoundTheSame) {
    claim(claim_code());
    forget_browser();
    const Reply wrong = browse("POST", "/session", R"({"handle": "mia", "password": "not hers!"})");
    const Reply nobody =
        browse("POST", "/session", R"({"handle": "nobody", "password": "not hers!"})");
    EXPECT_EQ(wrong.status, 403);
    EXPECT_EQ(json_of(wrong), json_of(nobody));
    const Reply right = browse(
        "POST", "/session", std::string(R"({"handle": "Mia", "password": ")") + kPassword + "\"}");
    EXPECT_EQ(right.status, 200);
    EXPECT_EQ(browse("GET", "/people").status, 200);
}

TEST_F(DoorTest, WhoTriesTooOftenWaits) {
    claim(claim_code());
    forget_browser();
    const char* wrong = R"({"handle": "mia", "password": "not hers!"})";
    int refused = 0;
    while (browse("POST", "/session", wrong).status == 403 && refused < 20) ++refused;
    EXPECT_GE(refused, 4);
    EXPECT_LE(refused, 6);
    const Reply later = browse("POST", "/session", wrong);
    EXPECT_EQ(later.status, 429);
    EXPECT_EQ(later.headers.at("Retry-After"), "120");
    from_ = "10.0.0.8";
    EXPECT_EQ(browse("POST", "/session", wrong).status, 403) << "from elsewhere";
    clock_.advance(std::chrono::minutes(2));
    from_ = "10.0.0.7";
    EXPECT_EQ(browse("POST", "/session", wrong).status, 403);
}

TEST_F(DoorTest, TriesFromManyPlacesMakeNoneForgotten) {
    const auto try_it = [&](int i) {
        const std::string body = R"({"handle": "a)" + std::to_string(i) + R"(", "code": "000"})";
        return browse("POST", "/session", body).status;
    };
    for (int i = 0; i < 6; ++i) EXPECT_EQ(try_it(i), 403);
    EXPECT_EQ(try_it(7), 429);
    for (int i = 0; i < 5000; ++i)
        (void)desk_->console().by_code("?", "0", {"10.1.0." + std::to_string(i), {}});
    EXPECT_EQ(try_it(8), 429);
}

TEST_F(DoorTest, OneNameIsNotTriedFromEverywhere) {
    claim(claim_code());
    forget_browser();
    int refused = 0;
    for (; refused < 50; ++refused) {
        from_ = "10.0.1." + std::to_string(refused);
        if (browse("POST", "/session", R"({"handle": "ben", "code": "00000000"})").status == 429)
            break;
    }
    EXPECT_LE(refused, 30);
}

TEST_F(DoorTest, WhoIsRightUsesUpNoTries) {
    claim(claim_code());
    for (int i = 0; i < 20; ++i) {
        forget_browser();
        EXPECT_EQ(browse("POST", "/session",
                         std::string(R"({"handle": "mia", "password": ")") + kPassword + "\"}")
                      .status,
                  200)
            << i;
    }
}

TEST_F(DoorTest, AnOperatorDoesNotBecomeAdministrator) {
    claim(claim_code());
    call("PUT", "/people/olga", R"({"name": "Olga", "role": "operator"})");
    const auto of = [&](const char* who) {
        return call("POST", std::string("/people/") + who + "/sign-in-code")
            .body->getValue<std::string>("code");
    };
    const std::string admins = of("mia"), olgas = of("olga");
    forget_browser();
    EXPECT_EQ(browse("POST", "/session", R"({"handle": "mia", "code": ")" + admins + "\"}").status,
              403)
        << "by a password only";
    browse("POST", "/session", R"({"handle": "olga", "code": ")" + olgas + "\"}");
    EXPECT_EQ(browse("GET", "/people").status, 200);
    for (const char* path :
         {"/people/mia/sign-in-code", "/people/mia/code", "/people/mia/forget", "/people/mia/lost"})
        EXPECT_EQ(browse("POST", path).status, 403) << path;
    EXPECT_EQ(browse("DELETE", "/people/mia").status, 403);
    EXPECT_EQ(browse("PUT", "/people/mia/password", R"({"password": "hers from now on"})").status,
              403);
    EXPECT_EQ(browse("PUT", "/people/olga", R"({"role": "admin"})").status, 403);
    EXPECT_EQ(browse("POST", "/backup", R"({"path": "/tmp/all"})").status, 403);
    EXPECT_EQ(browse("PUT", "/people/ben", R"({"name": "Ben"})").status, 200);
}

TEST_F(DoorTest, AVillagerComesInByACodeAndSeesWhatIsHis) {
    call("PUT", "/people/ana", R"({"name": "Ana"})");
    const auto code = [&] {
        return call("POST", "/people/ana/sign-in-code").body->getValue<std::string>("code");
    };
    const std::string first = code();
    EXPECT_EQ(browse("POST", "/session", R"({"handle": "ana", "code": "00000000"})").status, 403);
    EXPECT_EQ(browse("POST", "/session", R"({"handle": "ana", "code": ")" + first + "\"}").status,
              200);
    EXPECT_EQ(browse("GET", "/me").body->getValue<std::string>("handle"), "ana");
    EXPECT_EQ(browse("GET", "/people").status, 403);
    EXPECT_EQ(browse("POST", "/claim-code").status, 403);
    forget_browser();
    EXPECT_EQ(browse("POST", "/session", R"({"handle": "ana", "code": ")" + first + "\"}").status,
              403)
        << "it is spent";
}

TEST_F(DoorTest, WhatChangesSomethingSaysItsCsrf) {
    claim(claim_code());
    const std::string right = csrf_;
    for (const std::string& wrong : {std::string(), std::string("x"), right + 'x'}) {
        csrf_ = wrong;
        const Reply no = browse("PUT", "/people/ben", R"({"name": "Ben"})");
        EXPECT_EQ(no.status, 403);
        EXPECT_NE(json_of(no).find("csrf"), std::string::npos);
    }
    csrf_ = right;
    EXPECT_EQ(browse("PUT", "/people/ben", R"({"name": "Ben"})").status, 200);
    const Reply audit = browse("GET", "/audit");
    EXPECT_NE(json_of(audit).find("PUT /people/{handle}"), std::string::npos) << json_of(audit);
}

TEST_F(DoorTest, SessionsAreListedAndEnd) {
    claim(claim_code());
    const std::string here = token_, csrf = csrf_;
    forget_browser();
    browse("POST", "/session",
           std::string(R"({"handle": "mia", "password": ")") + kPassword + "\"}");
    const auto all = browse("GET", "/sessions").body->getArray("sessions");
    ASSERT_EQ(all->size(), 2u);
    for (unsigned i = 0; i < all->size(); ++i) {
        if (all->getObject(i)->getValue<bool>("this")) continue;
        const auto id = all->getObject(i)->getValue<std::string>("id");
        EXPECT_EQ(browse("DELETE", "/sessions/" + id).status, 200);
    }
    EXPECT_EQ(browse("GET", "/status").status, 200);
    token_ = here;
    csrf_ = csrf;
    EXPECT_EQ(browse("GET", "/status").status, 401);
}

TEST_F(DoorTest, ASessionThatNobodyUsesEnds) {
    claim(claim_code());
    clock_.advance(std::chrono::hours(24 * 29));
    EXPECT_EQ(browse("GET", "/status").status, 200);
    clock_.advance(std::chrono::hours(24 * 29));
    EXPECT_EQ(browse("GET", "/status").status, 200) << "it was used meanwhile";
    clock_.advance(std::chrono::hours(24 * 31));
    EXPECT_EQ(browse("GET", "/status").status, 401);
}

TEST_F(DoorTest, ANewPasswordEndsTheOtherSessions) {
    claim(claim_code());
    const std::string other = token_;
    forget_browser();
    browse("POST", "/session",
           std::string(R"({"handle": "mia", "password": ")") + kPassword + "\"}");
    EXPECT_EQ(
        browse("PUT", "/session/password", R"({"old": "no", "password": "another one"})").status,
        403);
    EXPECT_EQ(browse("PUT", "/session/password",
                     std::string(R"({"old": ")") + kPassword + R"(", "password": "another one"})")
                  .status,
              200);
    EXPECT_EQ(browse("GET", "/status").status, 200);
    token_ = other;
    EXPECT_EQ(browse("GET", "/status").status, 401);
}

TEST_F(DoorTest, WhoIsRemovedOrForgottenIsOut) {
    call("PUT", "/people/ana", R"({"name": "Ana"})");
    const auto code = call("POST", "/people/ana/sign-in-code").body->getValue<std::string>("code");
    browse("POST", "/session", R"({"handle": "ana", "code": ")" + code + "\"}");
    EXPECT_EQ(browse("GET", "/me").status, 200);
    call("POST", "/people/ana/forget");
    EXPECT_EQ(browse("GET", "/me").status, 401);
}

TEST_F(DoorTest, EveryRouteAsksWhoIsThere) {
    for (const Route& route : routes()) {
        if (route.least == Role::Anyone) continue;
        std::string path = route.pattern;
        for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
            path.replace(open, path.find('}') - open + 1, "1");
        EXPECT_EQ(browse(route.method, path).status, 401) << route.method << ' ' << path;
    }
    std::vector<std::string> open;
    for (const Route& route : routes()) {
        if (route.least == Role::Anyone) open.push_back(route.method + ' ' + route.pattern);
    }
    EXPECT_EQ(open, (std::vector<std::string>{"GET /session", "POST /session", "POST /claim",
                                              "GET /start", "GET /health"}));
}

TEST_F(DoorTest, TheFirstAnswerHasWhatEachMaySee) {
    const auto parts = [&] { return browse("GET", "/start").body->getNames(); };
    const auto steady = [](Poco::JSON::Object::Ptr part) {
        part->remove("disk_free");  // others write on the same disk meanwhile
        std::ostringstream text;
        part->stringify(text);
        return text.str();
    };
    const auto is_as_its_own = [&](const std::string& path) {
        return steady(browse("GET", "/start").body->getObject(path)) ==
               steady(browse("GET", path).body);
    };
    EXPECT_EQ(parts(), (std::vector<std::string>{"/session"}));
    EXPECT_TRUE(is_as_its_own("/session"));
    claim(claim_code());
    EXPECT_EQ(parts(), (std::vector<std::string>{"/matters", "/session", "/setup", "/status"}));
    for (const std::string path : {"/matters", "/session", "/setup", "/status"})
        EXPECT_TRUE(is_as_its_own(path)) << path;
    forget_browser();
    const auto come_in = [&](const std::string& handle, const std::string& role) {
        call("PUT", "/people/" + handle, R"({"name": "X", "role": ")" + role + "\"}");
        const auto code = call("POST", "/people/" + handle + "/sign-in-code");
        browse("POST", "/session",
               R"({"handle": ")" + handle + R"(", "code": ")" +
                   code.body->getValue<std::string>("code") + "\"}");
    };
    come_in("olga", "operator");
    EXPECT_EQ(parts(), (std::vector<std::string>{"/matters", "/session", "/status"}));
    forget_browser();
    come_in("ana", "");
    const std::string own = "/me/messages?box=in&limit=50";
    EXPECT_EQ(parts(), (std::vector<std::string>{own, "/session"}));
    EXPECT_TRUE(is_as_its_own(own));
}

TEST_F(DoorTest, AProgramComesInByATokenAndMayWhatItSays) {
    claim(claim_code());
    EXPECT_EQ(call("POST", "/tokens", R"({"name": "x", "role": "operator"})").status, 403)
        << "on the box itself nobody is signed in";
    EXPECT_EQ(browse("POST", "/tokens", R"({"name": "x", "role": "villager"})").status, 400);
    EXPECT_EQ(browse("POST", "/tokens", R"({"name": "", "role": "admin"})").status, 400);
    const Reply made = browse("POST", "/tokens", R"({"name": "weather", "role": "operator"})");
    ASSERT_EQ(made.status, 200) << json_of(made);
    const std::string token = made.body->getValue<std::string>("token");
    EXPECT_EQ(json_of(browse("GET", "/tokens")).find(token), std::string::npos);
    EXPECT_NE(json_of(browse("GET", "/tokens")).find("\"used_ms\":0"), std::string::npos);

    const auto program = [&](const std::string& method, const std::string& path) {
        Reply reply;
        (void)ask([&](Desk&) -> Result<void> {
            const Visitor visitor = desk_->console().by_token(Secret(token)).value_or(Visitor{});
            reply = answer(*desk_, {method, path, {}, visitor, {}, {}});
            return {};
        });
        return reply.status;
    };
    EXPECT_EQ(program("GET", "/status"), 200);
    EXPECT_EQ(program("GET", "/tokens"), 403) << "it is no administrator";
    EXPECT_EQ(program("POST", "/queue/1/hold"), 404) << "it may, and there is none";
    EXPECT_FALSE(desk_->console().visitor(Secret(token), false)) << "a token is no browser";
    EXPECT_FALSE(desk_->console().by_token(Secret(token_))) << "nor the other way round";
    EXPECT_EQ(json_of(browse("GET", "/sessions")).find("weather"), std::string::npos);

    const std::string id = made.body->getValue<std::string>("id");
    EXPECT_EQ(browse("DELETE", "/tokens/" + id).status, 200);
    EXPECT_EQ(browse("DELETE", "/tokens/" + id).status, 404);
    EXPECT_EQ(program("GET", "/status"), 401);
}

TEST_F(DoorTest, TheFirstStepsAreKept) {
    EXPECT_EQ(call("PUT", "/setup/mail", R"({"state": "skipped"})").status, 200);
    EXPECT_NE(json_of(call("GET", "/setup"))
                  .find(R"({"name":"radios","state":""},{"name":"mail","state":"skipped"})"),
              std::string::npos);
    EXPECT_EQ(json_of(call("GET", "/setup")).find("wifi"), std::string::npos) << "no disk image";
    EXPECT_EQ(call("PUT", "/setup/mail", R"({"state": "later"})").status, 400);
    EXPECT_EQ(call("PUT", "/setup/nothing", R"({"state": "done"})").status, 404);
    EXPECT_EQ(call("POST", "/restart").status, 404) << "not run by the daemon";
}

TEST_F(DoorTest, BadInputIsSaid) {
    EXPECT_EQ(browse("POST", "/session", "[1]").status, 400);
    EXPECT_EQ(browse("POST", "/session", "{\"handle\": {}}").status, 403) << "nobody's name";
    EXPECT_EQ(browse("POST", "/claim", "{}").status, 400);
    EXPECT_EQ(claim_code().size(), 14u);
    EXPECT_EQ(
        browse("POST", "/claim", R"({"code": "x", "handle": "mia", "password": "short"})").status,
        400);
}

}  // namespace
}  // namespace waypost::api

// SPDX-License-Identifier: Apache-2.0
// Every route, one after the other as the API has them, with what nobody should send: a new route
// is asked too, without a test of its own.
#include <fstream>
#include <regex>
#include <set>

#include "tests/unit/web/api_village.h"

namespace waypost::api {
namespace {

constexpr char kPassword[] = "a long enough one";

// Words between braces of its description, and those behind ?: what its body and query may have.
std::map<std::string, std::set<std::string>> described_names() {
    std::map<std::string, std::set<std::string>> all;
    std::ifstream file(WAYPOST_OPENAPI);
    std::string path;
    const std::regex names("[a-z][a-z_]+");
    for (std::string line; std::getline(file, line);) {
        const std::size_t indent = line.find_first_not_of(' ');
        const std::size_t colon = line.find(':');
        if (indent == std::string::npos || colon == std::string::npos) continue;
        if (indent == 2) path = line.substr(indent, colon - indent);
        if (indent != 4) continue;
        auto& of = all[path];
        for (std::sregex_iterator
                 each(line.begin() + static_cast<std::ptrdiff_t>(colon), line.end(), names),
             end;
             each != end; ++each)
            of.insert(each->str());
    }
    return all;
}

std::string filled(const std::string& pattern, const std::string& part) {
    std::string path = pattern;
    for (auto open = path.find('{'); open != std::string::npos;
         open = path.find('{', open + part.size()))
        path.replace(open, path.find('}', open) - open + 1, part);
    return path;
}

// Each name of the description with this as its value.
std::string body_of(const std::set<std::string>& names, const std::string& value) {
    std::string body;
    for (const std::string& name : names)
        body += (body.empty() ? "{\"" : ", \"") + name + "\": " + value;
    return body.empty() ? "{}" : body + '}';
}

class MisuseTest : public ApiVillage {
  protected:
    struct Browser {
        std::string token, csrf;
    };
    void SetUp() override {
        ApiVillage::SetUp();
        desk_ = std::make_unique<Desk>(*office_);
        const std::string code = call("POST", "/claim-code").body->getValue<std::string>("code");
        admin_ = browser(ask_as({}, "POST", "/claim",
                                R"({"code": ")" + code +
                                    R"(", "handle": "mia", "language": "en", "password": ")" +
                                    kPassword + "\"}"));
        call("PUT", "/people/olga", R"({"name": "Olga", "role": "operator"})");
        call("PUT", "/people/ana", R"({"name": "Ana"})");
        operator_ = by_code("olga");
        villager_ = by_code("ana");
    }
    void TearDown() override {
        desk_.reset();
        ApiVillage::TearDown();
    }
    Reply ask_as(const Browser& browser, const std::string& method, const std::string& path,
                 const std::string& body = {}) {
        Reply reply;
        (void)ask([&](Desk&) -> Result<void> {
            Asked asked{method, path, body, {}, {"10.0.0.7", "a browser"}, browser.csrf};
            if (!browser.token.empty()) {
                if (auto visitor = desk_->console().visitor(Secret(browser.token), false))
                    asked.visitor = std::move(*visitor);
            }
            reply = answer(*desk_, asked);
            return {};
        });
        return reply;
    }
    static Browser browser(const Reply& reply) {
        const auto cookie = reply.headers.find("Set-Cookie");
        if (cookie == reply.headers.end()) return {};
        const std::string value = cookie->second.substr(8);  // behind "waypost="
        return {value.substr(0, value.find(';')), reply.body->optValue<std::string>("csrf", "")};
    }
    Browser by_code(const std::string& who) {
        const std::string code =
            call("POST", "/people/" + who + "/sign-in-code").body->getValue<std::string>("code");
        const Browser in = browser(ask_as(
            {}, "POST", "/session", R"({"handle": ")" + who + R"(", "code": ")" + code + "\"}"));
        EXPECT_FALSE(in.token.empty()) << who;
        return in;
    }
    // Whatever it was asked, the answer is one that was meant, and says something.
    static void expect_meant(const Reply& reply, const std::string& what) {
        static const std::set<int> kMeant{200, 400, 401, 403, 404, 409, 413, 422, 429, 503, 507};
        EXPECT_EQ(kMeant.count(reply.status), 1u) << what << ": " << reply.status << json_of(reply);
        if (reply.status < 400 || reply.status == 422 || !reply.body->has("error")) return;
        const auto error = reply.body->getObject("error");
        EXPECT_FALSE(error->getValue<std::string>("code").empty()) << what;
        EXPECT_GT(error->getValue<std::string>("text").size(), 5u) << what;
    }
    // Those that end what the walk is made with, and those that do not end.
    static bool is_walked(const Route& route) {
        static const std::set<std::string> kNot{"DELETE /session", "GET /events", "GET /live",
                                                "POST /claim-code"};
        return kNot.count(route.method + ' ' + route.pattern) == 0;
    }

    std::unique_ptr<Desk> desk_;
    Browser admin_, operator_, villager_;
};

TEST_F(MisuseTest, NoRouteIsUpsetByWhatItIsSent) {
    const auto names = described_names();
    std::string deep = "1";
    for (int i = 0; i < 200; ++i) deep = "[" + deep + "]";
    const std::vector<std::string> values{"null",
                                          "-1",
                                          "1e400",
                                          "99999999999999999999",
                                          "true",
                                          "[]",
                                          "{}",
                                          "[{}]",
                                          "[[1]]",
                                          "\"\"",
                                          "\"\\u0000\"",
                                          "\"\\ud800\"",
                                          "\"<script>alert(1)</script>\"",
                                          '"' + std::string(2000, 'x') + '"'};
    const std::vector<std::string> whole{
        "[]", "null", "1", "\"x\"", "{", "{}}", deep, "\xff\xfe", "{\"a\": \"\xc3\"}"};
    int asked = 0;
    for (const Route& route : routes()) {
        if (route.method == "GET" || !is_walked(route)) continue;
        const std::string path = filled(route.pattern, "1");
        const std::string what = route.method + ' ' + route.pattern;
        ASSERT_EQ(names.count(route.pattern), 1u) << what << " is not described";
        for (const std::string& value : values) {
            const std::string body = body_of(names.at(route.pattern), value);
            expect_meant(ask_as(admin_, route.method, path, body),
                         what + " of " + value.substr(0, 40));
            ++asked;
        }
        for (const std::string& body : whole) {
            expect_meant(ask_as(admin_, route.method, path, body), what + ' ' + body.substr(0, 40));
            ++asked;
        }
    }
    EXPECT_GT(asked, 1000);
    EXPECT_EQ(ask_as(admin_, "GET", "/status").status, 200) << "it works on";
}

TEST_F(MisuseTest, NoRouteIsUpsetByItsPath) {
    for (const Route& route : routes()) {
        if (route.pattern.find('{') == std::string::npos || !is_walked(route)) continue;
        for (const std::string& part :
             {std::string("0"), std::string("-1"), std::string("9223372036854775807"),
              std::string("99999999999999999999"), std::string("x"), std::string("%00"),
              std::string("%2e%2e%2f"), std::string("%ff"), std::string(5000, 'a')}) {
            const Reply reply = ask_as(admin_, route.method, filled(route.pattern, part));
            expect_meant(reply, route.method + ' ' + route.pattern + " of " + part.substr(0, 40));
        }
    }
}

TEST_F(MisuseTest, NoRouteIsUpsetByItsQuery) {
    const auto names = described_names();
    for (const Route& route : routes()) {
        if (route.method != "GET" || !is_walked(route)) continue;
        for (const std::string value :
             {"", "-1", "99999999999999999999", "x", "%00", "%ff", "1e9", "<b>"}) {
            std::string query;
            for (const std::string& name : names.at(route.pattern))
                query += (query.empty() ? "?" : "&") + name + '=' + value;
            expect_meant(ask_as(admin_, route.method, filled(route.pattern, "1") + query),
                         route.method + ' ' + route.pattern + " ?=" + value);
        }
    }
}

// By the route's own word of who may.
TEST_F(MisuseTest, WhoMayNotIsToldSoByEveryRoute) {
    for (const Route& route : routes()) {
        if (!is_walked(route)) continue;
        const std::string path = filled(route.pattern, "1");
        const std::string what = route.method + ' ' + route.pattern;
        if (route.least > Role::Anyone) {
            EXPECT_EQ(ask_as({}, route.method, path).status, 401) << what;
        }
        if (route.least > Role::Villager) {
            EXPECT_EQ(ask_as(villager_, route.method, path).status, 403) << what;
        }
        if (route.least > Role::Operator) {
            EXPECT_EQ(ask_as(operator_, route.method, path).status, 403) << what;
        }
    }
}

TEST_F(MisuseTest, NothingChangesByAnOlderPage) {
    for (const Route& route : routes()) {
        if (route.method == "GET" || route.least == Role::Anyone) continue;
        const std::string what = route.method + ' ' + route.pattern;
        for (const std::string& stale : {std::string(), villager_.csrf, std::string("x")}) {
            const Reply no =
                ask_as({admin_.token, stale}, route.method, filled(route.pattern, "1"));
            EXPECT_EQ(no.status, 403) << what;
            EXPECT_NE(json_of(no).find("\"csrf\""), std::string::npos) << what;
        }
    }
}

TEST_F(MisuseTest, WhatEndedOpensNothingAnyMore) {
    const Reply made = ask_as(admin_, "POST", "/tokens", R"({"name": "weather", "role": "admin"})");
    ASSERT_EQ(made.status, 200) << json_of(made);
    const Secret token(made.body->getValue<std::string>("token"));
    const std::string id = made.body->getValue<std::string>("id");
    const Browser gone = by_code("ana");
    EXPECT_EQ(ask_as(gone, "DELETE", "/session").status, 200);
    EXPECT_EQ(ask_as(admin_, "DELETE", "/tokens/" + id).status, 200);
    for (const Route& route : routes()) {
        if (route.least == Role::Anyone) continue;
        const std::string what = route.method + ' ' + route.pattern;
        const std::string path = filled(route.pattern, "1");
        EXPECT_EQ(ask_as(gone, route.method, path).status, 401) << what;
        (void)ask([&](Desk&) -> Result<void> {
            EXPECT_FALSE(desk_->console().by_token(token)) << what;
            return {};
        });
    }
}

TEST_F(MisuseTest, NobodyHasWhatIsSomebodyElses) {
    const Reply sent = ask_as(operator_, "POST", "/me/messages",
                              R"({"to": ["mia@hill.example"], "text": "for Mia alone"})");
    ASSERT_EQ(sent.status, 200) << json_of(sent);
    const std::string id = std::to_string(sent.body->getValue<std::int64_t>("id"));
    EXPECT_EQ(ask_as(operator_, "GET", "/me/messages/" + id).status, 200);
    EXPECT_EQ(ask_as(villager_, "GET", "/me/messages/" + id).status, 404);
    const auto sessions = ask_as(admin_, "GET", "/sessions").body->getArray("sessions");
    for (unsigned i = 0; i < sessions->size(); ++i) {
        const auto each = sessions->getObject(i);
        if (each->getValue<std::string>("handle") == "ana") continue;
        EXPECT_EQ(
            ask_as(villager_, "DELETE", "/sessions/" + each->getValue<std::string>("id")).status,
            404);
    }
}

TEST_F(MisuseTest, AClockThatIsNotBelievedIsSaid) {
    EXPECT_EQ(call("GET", "/status").body->getValue<std::string>("time_doubt"), "");
    clock_.jump_wall(-std::chrono::hours(24 * 365));
    office_->keep_house();
    settle();
    const Reply doubtful = call("GET", "/status");
    EXPECT_NE(doubtful.body->getValue<std::string>("time_doubt"), "") << json_of(doubtful);
    EXPECT_EQ(call("POST", "/time/confirm").status, 200);
    settle();
    EXPECT_EQ(call("GET", "/status").body->getValue<std::string>("time_doubt"), "");
}

// What was done and who did it are one transaction.
TEST_F(MisuseTest, WhatWasDoneIsOnRecordOnceAndWhatWasRefusedIsNot) {
    const auto noted = [&] {
        const auto rows = ask_as(admin_, "GET", "/audit?limit=100").body->getArray("entries");
        int found = 0;
        for (unsigned i = 0; i < rows->size(); ++i) {
            if (rows->getObject(i)->getValue<std::string>("what") == "DELETE /people/{handle}")
                ++found;
        }
        return found;
    };
    EXPECT_EQ(ask_as(operator_, "DELETE", "/people/nobody").status, 404);
    EXPECT_EQ(noted(), 0);
    EXPECT_EQ(ask_as(operator_, "DELETE", "/people/ana").status, 200);
    EXPECT_EQ(noted(), 1);
}

}  // namespace
}  // namespace waypost::api

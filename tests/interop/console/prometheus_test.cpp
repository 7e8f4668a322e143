// SPDX-License-Identifier: Apache-2.0
// The real Prometheus reads a running box by a token, as doc/monitoring.md says, and evaluates
// every expression of the dashboard and of the rules.
#include <Poco/JSON/Parser.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <regex>
#include <set>

#include "app/demo/process.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

using Json = Poco::JSON::Object::Ptr;

struct Answer {
    int status = 0;
    std::string body;
    std::string cookie;
    Json json() const { return Poco::JSON::Parser().parse(body).extract<Json>(); }
};

Answer http(int port, const std::string& method, const std::string& path,
            const std::map<std::string, std::string>& headers = {}, const std::string& body = {}) {
    Poco::Net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(port));
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    for (const auto& [name, value] : headers) request.set(name, value);
    request.setContentType("application/json");
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    Answer answer;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.body);
    answer.status = response.getStatus();
    const std::string cookie = response.get("Set-Cookie", "");
    answer.cookie = cookie.substr(0, cookie.find(';'));
    return answer;
}

std::string escaped(const std::string& text) {
    std::string out;
    Poco::URI::encode(text, "+&=#%?;", out);
    return out;
}

class Monitored : public ::testing::Test {
  protected:
    Monitored() {
        std::filesystem::create_directories(folder_ / "page");
        std::ofstream(folder_ / "page/index.html") << "<!doctype html><title>Waypost</title>";
        box_ = std::make_unique<BoxProcess>(
            folder_, "[alerts]\nway_down = \"1s\"\n[console]\nlisten = \"127.0.0.1:" +
                         std::to_string(console_) +
                         "\"\nfiles = \"page\"\n[meshtastic.roof]\nport = \"tcp:127.0.0.1:" +
                         std::to_string(free_port()) +
                         "\"\n[email.relay]\nsmarthost = \"smtp:127.0.0.1:" +
                         std::to_string(free_port()) + "\"\nsecurity = \"plain\"\n");
        token_ = make_token();
        box_->waypost("backup " + folder_ / "copy");
        shell("echo hello | " + box_->command() +
              " send --from postmaster@village.test --to bob@example.org");
        start_prometheus();
    }

    // As the page does it: claimed, signed in, a key for a program.
    std::string make_token() {
        std::smatch code;
        const std::string said = box_->waypost("console claim-code");
        EXPECT_TRUE(std::regex_search(said, code, std::regex("Claim code: ([^ \n]+)"))) << said;
        const Answer in = http(console_, "POST", "/api/claim", {},
                               R"({"code": ")" + code[1].str() +
                                   R"(", "handle": "carl", "name": "Carl", "language": "en", )"
                                   R"("password": "seven green lanterns"})");
        EXPECT_EQ(in.status, 200) << in.body;
        const Answer who = http(console_, "GET", "/api/session", {{"Cookie", in.cookie}});
        const Answer made = http(
            console_, "POST", "/api/tokens",
            {{"Cookie", in.cookie}, {"X-CSRF-Token", who.json()->getValue<std::string>("csrf")}},
            R"({"name": "prometheus", "role": "operator"})");
        EXPECT_EQ(made.status, 200) << made.body;
        return made.json()->getValue<std::string>("token");
    }

    void start_prometheus() {
        std::ofstream(folder_ / "token") << token_;
        std::ofstream(folder_ / "prometheus.yml")
            << "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
               "rule_files: ['" PROMETHEUS_DOC
               "/waypost.rules.yml']\n"
               "scrape_configs:\n"
               "  - job_name: waypost\n"
               "    metrics_path: /api/metrics\n"
               "    authorization: {credentials_file: token}\n"
               "    static_configs: [{targets: ['127.0.0.1:"
            << console_ << "']}]\n";
        prometheus_ = std::make_unique<demo::Child>(
            PROMETHEUS,
            std::vector<std::string>{"--config.file=" + folder_ / "prometheus.yml",
                                     "--storage.tsdb.path=" + folder_ / "tsdb",
                                     "--web.listen-address=127.0.0.1:" + std::to_string(web_)},
            folder_ / "prometheus.log");
    }

    // Of a query: its samples; nullopt if it is none, or nobody answers yet.
    std::optional<int> samples(const std::string& expression) {
        try {
            const Answer answer = http(web_, "GET", "/api/v1/query?query=" + escaped(expression));
            if (answer.status != 200) return std::nullopt;
            return static_cast<int>(answer.json()->getObject("data")->getArray("result")->size());
        } catch (const Poco::Exception&) {
            return std::nullopt;
        }
    }
    bool has(const std::string& expression) { return samples(expression).value_or(0) > 0; }
    std::string metrics() {
        return http(console_, "GET", "/api/metrics", {{"Authorization", "Bearer " + token_}}).body;
    }
    std::set<std::string> families() {
        std::set<std::string> all;
        std::istringstream lines(metrics());
        for (std::string line; std::getline(lines, line);)
            if (line.rfind("# TYPE ", 0) == 0) all.insert(line.substr(7, line.find(' ', 7) - 7));
        return all;
    }

    const Folder folder_;
    const int console_ = free_port();
    const int web_ = free_port();
    std::unique_ptr<BoxProcess> box_;
    std::string token_;
    std::unique_ptr<demo::Child> prometheus_;
};

std::vector<std::string> dashboard_expressions() {
    std::ifstream file(PROMETHEUS_DOC "/waypost.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto dashboard = Poco::JSON::Parser().parse(text).extract<Json>();
    std::vector<std::string> all;
    const auto panels = dashboard->getArray("panels");
    for (unsigned i = 0; i < panels->size(); ++i) {
        const auto targets = panels->getObject(i)->getArray("targets");
        for (unsigned j = 0; j < targets->size(); ++j) {
            std::string expression = targets->getObject(j)->getValue<std::string>("expr");
            // All boxes are chosen.
            all.push_back(std::regex_replace(expression, std::regex(R"(\$instance)"), ".*"));
        }
    }
    return all;
}

std::set<std::string> metrics_in(const std::string& expression) {
    static const std::regex kName(R"(\bwaypost_[a-z_]+)");
    std::set<std::string> names;
    for (std::sregex_iterator it(expression.begin(), expression.end(), kName), end; it != end; ++it)
        names.insert(it->str());
    return names;
}

// What a box without a working radio, a neighbour and a certificate cannot say.
bool may_be_empty(const std::string& expression) {
    static const std::regex kNotHere(
        "snr_db|loss_percent|nodes_heard|channel_use|heard_ago|neighbour_heard|certificate_ends");
    return std::regex_search(expression, kNotHere);
}

TEST_F(Monitored, EveryExpressionOfDashboardAndRulesIsAnsweredByTheRealPrometheus) {
    const auto all_there = [&] {
        return has("up{job=\"waypost\"} == 1") && has("waypost_trouble_since_timestamp_seconds") &&
               has("waypost_oldest_letter_timestamp_seconds") &&
               has("waypost_backup_age_seconds") && has("waypost:airtime_left:ratio") &&
               has("ALERTS{alertname=\"WaypostTrouble\", alertstate=\"firing\"}");
    };
    ASSERT_TRUE(eventually(all_there, std::chrono::seconds(60)))
        << metrics() << contents(folder_ / "prometheus.log");

    std::ofstream(folder_ / "metrics") << metrics();
    EXPECT_NO_THROW(shell("promtool check metrics < " + folder_ / "metrics" + " 2>&1"));
    EXPECT_NO_THROW(shell("promtool check rules " PROMETHEUS_DOC "/waypost.rules.yml 2>&1"));
    EXPECT_NO_THROW(shell("promtool check config " + folder_ / "prometheus.yml" + " 2>&1"));

    const auto known = families();
    const auto expressions = dashboard_expressions();
    EXPECT_GT(expressions.size(), 15u);
    for (const std::string& expression : expressions) {
        EXPECT_FALSE(metrics_in(expression).empty()) << expression;
        for (const std::string& name : metrics_in(expression))
            EXPECT_EQ(known.count(name), 1u) << name << " of " << expression;
        EXPECT_GE(samples(expression).value_or(-1), may_be_empty(expression) ? 0 : 1) << expression;
    }

    // Prometheus has loaded the rules and says of each how it went.
    int rules = 0;
    std::set<std::string> firing;
    const auto groups =
        http(web_, "GET", "/api/v1/rules").json()->getObject("data")->getArray("groups");
    for (unsigned i = 0; i < groups->size(); ++i) {
        const auto all = groups->getObject(i)->getArray("rules");
        for (unsigned j = 0; j < all->size(); ++j, ++rules) {
            const auto rule = all->getObject(j);
            EXPECT_EQ(rule->getValue<std::string>("health"), "ok")
                << rule->optValue<std::string>("lastError", "");
            const auto query = rule->getValue<std::string>("query");
            for (const std::string& name : metrics_in(query))
                EXPECT_EQ(known.count(name), 1u) << name << " of " << query;
            if (rule->optValue<std::string>("state", "") == "firing")
                firing.insert(rule->getValue<std::string>("name"));
        }
    }
    EXPECT_GT(rules, 7);
    EXPECT_EQ(firing, std::set<std::string>{"WaypostTrouble"}) << "a radio is not there";
}

TEST_F(Monitored, WithoutATokenOnlyOneWordIsSaid) {
    EXPECT_EQ(http(console_, "GET", "/api/metrics").status, 401);
    EXPECT_EQ(http(console_, "GET", "/api/health/matters").status, 401);
    EXPECT_TRUE(eventually([&] {
        return http(console_, "GET", "/api/health").body == "{\"health\":\"degraded\"}";
    })) << http(console_, "GET", "/api/health").body;
    EXPECT_EQ(http(console_, "GET", "/api/health").status, 200);
}

}  // namespace
}  // namespace waypost::interop

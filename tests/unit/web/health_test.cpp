// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/health_watch.h"
#include "tests/unit/web/api_village.h"

namespace waypost::api {
namespace {

class HealthApi : public ApiVillage {
  protected:
    HealthApi() {
        settings_.health.way_down = std::chrono::seconds(1);
        close();
        open();
        HealthSources sources;
        sources.power = [this] { return power_; };
        sources.certificate_ends_ms = [this] { return box_->wall_ms() + 1000; };
        tools_.health = std::make_shared<HealthWatch>(*office_, sources);
        office_->on_house([watch = tools_.health] { return watch->look(); });
    }
    Reply get(const std::string& path) {
        Desk desk(*office_, tools_);
        return answer(desk, on_the_box("GET", path));
    }
    void go_down() {
        radio_->up = relay_->up = false;
        pass(std::chrono::seconds(5));
        pass(std::chrono::seconds(5));
    }
    DeskTools tools_;
    PowerFacts power_;
};

TEST_F(HealthApi, OneWordForEverybody) {
    EXPECT_EQ(json_of(get("/health")), R"({"health":"degraded"})");
    EXPECT_EQ(get("/health").status, 200);
    go_down();
    EXPECT_EQ(json_of(get("/health")), R"({"health":"down"})");
    EXPECT_EQ(get("/health").status, 503);
}

TEST_F(HealthApi, OperatorsSeeWhatAndSinceWhenAndWhoIsTold) {
    name("carl", kCarl);
    go_down();
    const Reply reply = get("/health/matters");
    EXPECT_EQ(reply.status, 200);
    const std::string all = json_of(reply);
    const std::string since = std::to_string(box_->wall_ms() - 5000);
    EXPECT_NE(all.find(R"({"detail":"","grave":true,"kind":"way","of":"email","since_ms":)" +
                       since + R"(,"text":"email does not work"})"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find(R"("text":"the certificate ends soon")"), std::string::npos) << all;
    EXPECT_NE(all.find(R"("told":[{"mail":false,"other":false,"radio":true,"who":"carl"}])"),
              std::string::npos)
        << all;
    EXPECT_NE(json_of(get("/status")).find(R"("health":"down")"), std::string::npos);
}

TEST_F(HealthApi, PrometheusHasTheSameMatters) {
    go_down();
    std::ostringstream out;
    ASSERT_TRUE(get("/metrics").content(out).ok());
    const std::string text = out.str();
    EXPECT_NE(text.find("waypost_health 2\n"), std::string::npos) << text;
    EXPECT_NE(
        text.find("waypost_trouble_since_timestamp_seconds{kind=\"way\",of=\"email\"} 18000000"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("waypost_certificate_ends_timestamp_seconds 18000000"), std::string::npos)
        << text;
    EXPECT_NE(text.find("# TYPE waypost_backup_age_seconds gauge\n# HELP"), std::string::npos)
        << "known to the dashboard, and none was made";
}

TEST_F(HealthApi, ThePowerIsToldWhereTheMachineTellsIt) {
    EXPECT_FALSE(get("/status").body->has("power"));
    power_.percent = 17;
    power_.millivolts = 11'900;
    power_.level = PowerLevel::NoWifi;
    power_.soon = PowerLevel::NoConsole;
    pass(std::chrono::seconds(5));
    const auto power = get("/status").body->getObject("power");
    ASSERT_FALSE(power.isNull());
    EXPECT_EQ(power->getValue<int>("percent"), 17);
    EXPECT_EQ(power->getValue<std::string>("level"), "no-wifi");
    EXPECT_FALSE(power->has("mains"));
    EXPECT_EQ(get("/session").body->getValue<std::string>("goes_off"), "console");
    std::ostringstream out;
    ASSERT_TRUE(get("/metrics").content(out).ok());
    EXPECT_NE(out.str().find("waypost_battery_percent 17\n"), std::string::npos) << out.str();
    EXPECT_NE(out.str().find("waypost_power_level 1\n"), std::string::npos);
}

TEST_F(HealthApi, TheOperatorSaysWhatTimeItIs) {
    const auto put = [&](const std::string& body) {
        Desk desk(*office_, tools_);
        return answer(desk, on_the_box("PUT", "/time", body)).status;
    };
    EXPECT_EQ(put(R"({"time_ms": 1800000000000})"), 404) << "nobody there keeps the time";
    WallTime told{};
    bool network = false;
    tools_.tell_time = [&](WallTime now, const std::string& by) -> Result<bool> {
        EXPECT_EQ(by, "operator");
        if (to_ms(now) == 0) return Error{Code::BadInput, "that cannot be", false};
        told = now;
        return !network;
    };
    EXPECT_EQ(put(R"({"time_ms": 1800000000000})"), 200);
    EXPECT_EQ(to_ms(told), 1'800'000'000'000);
    EXPECT_EQ(put("{}"), 400);
    network = true;
    EXPECT_EQ(put(R"({"time_ms": 1800000000000})"), 409);
}

}  // namespace
}  // namespace waypost::api

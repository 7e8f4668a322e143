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

}  // namespace
}  // namespace waypost::api

// SPDX-License-Identifier: Apache-2.0
// Sticks by the API, with a courier that only notes what it is told.
#include "gateway/couriers.h"

#include "tests/unit/web/api_village.h"

namespace waypost::api {
namespace {

struct FakeKeeper final : StickKeeper {
    std::vector<CourierStick> sticks() const override { return here; }
    Result<void> decide(const std::string& id, bool accept) override {
        for (CourierStick& each : here) {
            if (each.id != id) continue;
            if (each.state == "working") return Error{Code::Conflict, "not this one", false};
            each.state = accept ? "accepted" : "refused";
            return {};
        }
        return Error{Code::NotFound, "not here", false};
    }
    std::vector<CourierStick> here;
};

class CouriersTest : public ApiVillage {
  protected:
    CouriersTest() {
        tools_.couriers = std::make_shared<CourierDesk>();
        tools_.couriers->join(keeper_);
    }
    Reply get(const std::string& method, const std::string& uri) {
        Desk desk(*office_, tools_);
        return answer(desk, on_the_box(method, uri));
    }
    FakeKeeper keeper_;
    DeskTools tools_;
};

TEST_F(CouriersTest, AreListedWithTheirSticks) {
    EXPECT_EQ(json_of(get("GET", "/couriers")), R"({"enabled":true,"sticks":[]})");
    keeper_.here = {{"5A3C-11F0", "BL\xffUE", "safe", "safe to pull", 3, 2, 4711, 1024, true, 99}};
    EXPECT_EQ(json_of(get("GET", "/couriers")),
              "{\"enabled\":true,\"sticks\":[{\"at_ms\":99,\"bytes\":4711,\"free\":1024,"
              "\"id\":\"5A3C-11F0\",\"in\":3,\"label\":\"BL\uFFFDUE\",\"out\":2,\"safe\":true,"
              "\"state\":\"safe\",\"text\":\"safe to pull\"}]}");
    keeper_.here[0].free.reset();
    EXPECT_EQ(json_of(get("GET", "/couriers")).find("free"), std::string::npos);
    tools_.couriers->leave(keeper_);
    EXPECT_EQ(json_of(get("GET", "/couriers")), R"({"enabled":false,"sticks":[]})");
    EXPECT_EQ(json_of(call("GET", "/couriers")), R"({"enabled":false,"sticks":[]})");
}

TEST_F(CouriersTest, ASayOnOneOfThem) {
    keeper_.here.resize(2);
    keeper_.here[0].id = "5A3C-11F0";
    keeper_.here[1].id = "dir:/media/blue one";
    EXPECT_EQ(get("POST", "/couriers/5A3C-11F0/accept").status, 200);
    EXPECT_EQ(keeper_.here[0].state, "accepted");
    EXPECT_EQ(get("POST", "/couriers/dir%3A%2Fmedia%2Fblue%20one/refuse").status, 200);
    EXPECT_EQ(keeper_.here[1].state, "refused") << "a slash in its id is no end of it";
    EXPECT_EQ(get("POST", "/couriers/6B/accept").status, 404);
    keeper_.here[0].state = "working";
    EXPECT_EQ(get("POST", "/couriers/5A3C-11F0/refuse").status, 409);
    EXPECT_EQ(call("POST", "/couriers/5A3C-11F0/accept").status, 404);
}

TEST_F(CouriersTest, OfTwoCouriersTheOneThatSeesIt) {
    FakeKeeper other;
    other.here.resize(1);
    other.here[0].id = "6B";
    tools_.couriers->join(other);
    EXPECT_EQ(get("POST", "/couriers/6B/accept").status, 200);
    EXPECT_EQ(other.here[0].state, "accepted");
    tools_.couriers->leave(other);
}

TEST_F(CouriersTest, IsForOperators) {
    Desk desk(*office_, tools_);
    for (const char* method : {"GET", "POST"}) {
        Asked asked =
            on_the_box(method, method[0] == 'G' ? "/couriers" : "/couriers/5A3C-11F0/accept");
        asked.visitor.role = Role::Villager;
        EXPECT_EQ(answer(desk, asked).status, 403);
    }
}

}  // namespace
}  // namespace waypost::api

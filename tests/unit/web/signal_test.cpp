// SPDX-License-Identifier: Apache-2.0
// The test of a radio's signal over the API, with a radio that only notes what it is asked.
#include "gateway/signal_test.h"

#include <gmock/gmock.h>

#include "api_village.h"

namespace waypost::api {
namespace {

using ::testing::HasSubstr;

class Tested final : public Transport, public TestsSignal {
  public:
    const TransportId& id() const override { return id_; }
    const std::string& network() const override { return network_; }
    const std::string& scheme() const override { return network_; }
    void start(Office&) override {}
    void deliver(Delivery) override {}
    Limits limits() const override { return {}; }
    Status status() const override { return {}; }
    std::optional<int> reach(const Address&) const override { return std::nullopt; }
    void stop() override {}
    Result<void> test_signal(const Address& node) override {
        if (last) return Error{Code::Busy, "a test is under way", true};
        last = SignalTest{};
        last->node = node;
        last->asked = asked;
        return {};
    }
    std::optional<SignalTest> signal_test() const override { return last; }

    std::optional<SignalTest> last;
    BoxTime asked{};

  private:
    const TransportId id_ = "meshtastic.hill";
    const std::string network_ = "meshtastic";
};

class SignalApi : public ApiVillage {
  protected:
    SignalApi() { office_->transports().add(hill_); }
    Reply begin(const std::string& body) { return call("POST", kTest, body); }
    std::string last() { return json_of(call("GET", kTest)); }

    static constexpr char kTest[] = "/radios/meshtastic.hill/test";
    const std::shared_ptr<Tested> hill_ = std::make_shared<Tested>();
};

TEST_F(SignalApi, IsBegunAndLookedAt) {
    EXPECT_EQ(last(), R"({"state":""})");
    hill_->asked = clock_.box();
    EXPECT_EQ(begin(R"({"node": "meshtastic:!0000000a"})").status, 200);
    EXPECT_EQ(begin(R"({"node": "meshtastic:!0000000a"})").status, 503);
    EXPECT_EQ(last(), R"({"asked_ms":)" + std::to_string(to_ms(clock_.wall())) +
                          R"(,"legs":[],"node":"meshtastic:!0000000a","state":"waits",)"
                          R"("took_ms":0,"why":""})");
    hill_->last->state = SignalTest::State::Answered;
    hill_->last->took = std::chrono::seconds(4);
    hill_->last->legs = {{{"meshtastic", "!00000001"}, {}, 6.5F},
                         {{}, {"meshtastic", "!00000001"}, {}}};
    EXPECT_THAT(last(), HasSubstr(R"("legs":[{"from":"meshtastic:!00000001","snr_db":6.5,"to":""},)"
                                  R"({"from":"","snr_db":null,"to":"meshtastic:!00000001"}])"));
    EXPECT_THAT(last(), HasSubstr(R"("state":"answered","took_ms":4000)"));
    hill_->last->state = SignalTest::State::Silent;
    hill_->last->why = "no way to the radio";
    EXPECT_THAT(last(), HasSubstr(R"("why":"no way to the radio")"));
}

TEST_F(SignalApi, IsOfRadiosThatHaveOne) {
    EXPECT_EQ(call("GET", "/radios/meshtastic.roof/test").status, 404) << "a fake one has none";
    EXPECT_EQ(call("POST", "/radios/none/test", R"({"node": "meshtastic:!0000000a"})").status, 404);
    EXPECT_EQ(begin("{}").status, 400);
    EXPECT_EQ(begin(R"({"node": "!"})").status, 400);
    EXPECT_FALSE(hill_->last);
    const std::string status = json_of(call("GET", "/status"));
    EXPECT_THAT(status, HasSubstr(R"("tests_signal":true)"));
    EXPECT_THAT(status, HasSubstr(R"("tests_signal":false)"));
}

}  // namespace
}  // namespace waypost::api

// SPDX-License-Identifier: Apache-2.0
// Signed commands and stolen boxes, as the console and the command line ask of them.
#include <Poco/JSON/Array.h>
#include <gtest/gtest.h>

#include "api_village.h"
#include "gateway/base/encoding.h"
#include "gateway/delivery/care_door.h"

namespace waypost::api {
namespace {

struct FakeCare final : CareDoor {
    bool is_open() const override { return open; }
    void take(Message message, OnVerdicts on_verdicts) override {
        on_verdicts(std::vector<Verdict>(message.to.size()));
    }
    Result<std::string> run(const std::string& packet, const std::string& way) override {
        ran = packet;
        if (packet == "forged") return Error{Code::Refused, "the signature is wrong", false};
        return "done by " + way;
    }
    Result<std::vector<CareReport>> reports() override {
        return std::vector<CareReport>{{1'000, "carl", "console", "status", "all well"},
                                       {900, "carl", "console", "restart", ""}};
    }
    bool open = true;
    std::string ran;
};

class CareApi : public ApiVillage {
  protected:
    ~CareApi() override { office_->care_by(nullptr); }
    Reply post(const std::string& packet) {
        return call("POST", "/care", "{\"packet\":\"" + to_base64(packet) + "\"}");
    }
    FakeCare care_;
};

TEST_F(CareApi, WithoutKeysThereIsNothing) {
    EXPECT_EQ(call("GET", "/care").body->getArray("commands")->size(), 0u);
    EXPECT_EQ(post("x").status, 404);
    office_->care_by(&care_);
    care_.open = false;
    EXPECT_EQ(post("x").status, 404);
    EXPECT_TRUE(care_.ran.empty());
}

TEST_F(CareApi, ListsAndRuns) {
    office_->care_by(&care_);
    const auto commands = call("GET", "/care").body->getArray("commands");
    ASSERT_EQ(commands->size(), 2u);
    EXPECT_EQ(commands->getObject(0)->getValue<std::string>("who"), "carl");
    EXPECT_EQ(commands->getObject(0)->getValue<std::string>("answer"), "all well");
    const Reply done = post(std::string("\0\xFFpacket", 8));
    EXPECT_EQ(done.status, 200);
    EXPECT_EQ(done.body->getValue<std::string>("answer"), "done by console");
    EXPECT_EQ(care_.ran, std::string("\0\xFFpacket", 8));
    EXPECT_EQ(post("forged").status, 403);
    EXPECT_EQ(call("POST", "/care", "{\"packet\":\"*\"}").status, 400);
    EXPECT_EQ(call("POST", "/care", "{}").status, 400);
}

}  // namespace
}  // namespace waypost::api

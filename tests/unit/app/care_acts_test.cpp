// SPDX-License-Identifier: Apache-2.0
// What a box does for an operator who is not there, and how it says it by radio.
#include "app/care_acts.h"

#include <gmock/gmock.h>

#include "gateway/base/log.h"
#include "tests/unit/gateway/delivery/village.h"

namespace waypost {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Acts : public Village {
  protected:
    std::unique_ptr<CareActs> acts(CareTools tools = {}) {
        return care_acts(desk_, std::move(tools));
    }
    Desk desk_{*office_};
};

TEST_F(Acts, StatusIsOneShortLine) {
    relay_->up = false;
    const std::string status = acts()->status();
    EXPECT_THAT(status, HasSubstr("hill.example " WAYPOST_VERSION));
    EXPECT_THAT(status, HasSubstr("1 of 2 ways up; down: email"));
    EXPECT_THAT(status, HasSubstr("0 wait, 0 held"));
    EXPECT_THAT(status, HasSubstr("MiB free"));
    EXPECT_LE(status.size(), 400u);
    EXPECT_EQ(status.find('\n'), std::string::npos);
}

TEST_F(Acts, TheLogIsFilteredAndCut) {
    log(Level::Info, "nncp", "did", {{"what", std::string(500, 'x')}});
    log(Level::Warning, "trunk", "down", {{"id", "trunk.dale"}});
    log(Level::Info, "nncp", "did", {{"what", "last"}});
    const std::string two = acts()->log(2, {});
    EXPECT_THAT(two, HasSubstr("warning trunk down id=trunk.dale\n"));
    EXPECT_THAT(two, HasSubstr("info nncp did what=last"));
    const std::string nncp = acts()->log(2, "nncp");
    EXPECT_THAT(nncp, Not(HasSubstr("trunk")));
    EXPECT_LE(nncp.size(), 2 * 161u);
    EXPECT_EQ(acts()->log(5, "moon"), "no line");
}

TEST_F(Acts, OnlyATransportThatIsThereIsMadeAnew) {
    std::string asked;
    CareTools tools;
    tools.restart = [&](const TransportId& id) {
        asked = id;
        return Result<CareActs::Done>(CareActs::Done{"done"});
    };
    const auto box = acts(std::move(tools));
    EXPECT_EQ(box->restart("meshtastic.rof").error().text,
              "there is no meshtastic.rof here, only meshtastic.roof, email");
    EXPECT_TRUE(asked.empty());
    EXPECT_EQ(box->restart("meshtastic.roof")->text, "done");
    EXPECT_EQ(asked, "meshtastic.roof");
}

TEST_F(Acts, WithoutAnImageNoUpdateIsOffered) {
    EXPECT_EQ(acts()->update({}).error().text, "no update is offered here");
    CareTools tools;
    tools.start_update = [](const std::string& name) {
        return Result<CareActs::Done>(CareActs::Done{"begun " + name});
    };
    EXPECT_EQ(acts(std::move(tools))->update("2.0")->text, "begun 2.0");
}

TEST_F(Acts, AStolenNeighbourIsOneThatThereIs) {
    (void)ask([&](Desk&) -> Result<void> {
        EXPECT_EQ(acts()->stolen("dale", "carl").error().text, "no neighbour dale; there is none");
        return {};
    });
}

}  // namespace
}  // namespace waypost

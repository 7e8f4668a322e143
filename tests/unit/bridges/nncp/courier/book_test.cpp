// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/book.h"

#include "tests/unit/bridges/nncp/carrier/two_spools.h"

namespace waypost::nncp {
namespace {

using State = StickRecord::State;

class BookTest : public TwoSpools {
  protected:
    const CourierBook book_ = CourierBook::open(village_.spool).value();
};

TEST_F(BookTest, KeepsWhatItIsTold) {
    StickRecord record{"5A3C-11F0", "BLUE \"1\"", State::Accepted, 1'800'000'000, {}};
    Ride ride;
    ride.node.fill(1);
    ride.packet.fill(2);
    ride.at = 7;
    ride.times = 3;
    record.rides = {ride};
    ASSERT_TRUE(book_.put(record).ok());
    ASSERT_TRUE(book_.set_state("dir:/media/a b", State::Refused, "a b").ok());
    const auto all = CourierBook::open(village_.spool)->all();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].name, record.name);
    EXPECT_EQ(all[0].state, State::Accepted);
    EXPECT_EQ(all[0].at, record.at);
    ASSERT_NE(all[0].ride(ride.node, ride.packet), nullptr);
    EXPECT_EQ(all[0].ride(ride.node, ride.packet)->times, 3);
    EXPECT_EQ(all[0].ride(ride.packet, ride.packet), nullptr);
    EXPECT_EQ(book_.find("dir:/media/a b")->state, State::Refused);
    book_.forget("5A3C-11F0");
    EXPECT_FALSE(book_.find("5A3C-11F0"));
}

TEST_F(BookTest, ANewStateKeepsTheRides) {
    StickRecord record{"A", "name", State::Asked, 0, {Ride{}}};
    ASSERT_TRUE(book_.put(record).ok());
    ASSERT_TRUE(book_.set_state("A", State::Accepted).ok());
    EXPECT_EQ(book_.find("A")->state, State::Accepted);
    EXPECT_EQ(book_.find("A")->name, "name");
    EXPECT_EQ(book_.find("A")->rides.size(), 1u);
}

TEST_F(BookTest, ATornRecordIsNone) {
    ASSERT_TRUE(book_.put({"A", "", State::Accepted, 0, {}}).ok());
    const fs::path file = book_.folder() / "A.json";
    const std::string whole = text_of(file);
    for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
        std::ofstream(file) << whole.substr(0, size);
        EXPECT_FALSE(book_.find("A")) << size;
    }
    for (const char* wrong : {"[]", "null", "{\"id\": {}}", "{\"id\":\"A\",\"rides\":[[1]]}",
                              "{\"id\":\"A\",\"rides\":[[\"x\",\"y\",1,1]],\"state\":7}"}) {
        std::ofstream(file) << wrong;
        (void)book_.find("A");
    }
}

TEST_F(BookTest, OneProgramAtATime) {
    {
        const auto first = book_.lock("A");
        ASSERT_TRUE(first.ok());
        EXPECT_EQ(book_.lock("A").error().code, Code::Busy);
        EXPECT_TRUE(book_.lock("dir:/A").ok());
    }
    EXPECT_TRUE(book_.lock("A").ok());
}

}  // namespace
}  // namespace waypost::nncp

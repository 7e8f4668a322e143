// SPDX-License-Identifier: Apache-2.0
// What senders asked for, and what there is to say of neighbours.
#include "open_tables.h"

namespace waypost::store {
namespace {

class NeighbourTables : public OpenTables {};

TEST_F(NeighbourTables, AWishComesBackAndIsAnsweredForThePerson) {
    WishTable& wishes = tables_->wishes;
    wishes.add({7, 1, "ana", {true, false, true, "rfc822;ana@hill.example"}, "k3 'f9'", false});
    wishes.add({8, 1, "ana", {true, false, true, ""}, "", false});
    wishes.add({9, 1, "ben", {true, true, true, ""}, "", false});
    const auto row = wishes.find(7);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->message, 1);
    EXPECT_EQ(row->whose, "ana");
    EXPECT_TRUE(row->wish.delivered);
    EXPECT_FALSE(row->wish.failed);
    EXPECT_TRUE(row->wish.late);
    EXPECT_EQ(row->wish.recipient, "rfc822;ana@hill.example");
    EXPECT_EQ(row->envelope_id, "k3 'f9'");
    EXPECT_FALSE(row->answered);
    wishes.set_answered(1, "ana");
    EXPECT_TRUE(wishes.find(7)->answered);
    EXPECT_TRUE(wishes.find(8)->answered);
    EXPECT_FALSE(wishes.find(9)->answered);
    EXPECT_FALSE(wishes.find(10));
    wishes.forget(1);
    EXPECT_FALSE(wishes.find(7));
}

TEST_F(NeighbourTables, ANeighbourIsNothingButItsNameUntilSomethingIsSaid) {
    EXPECT_EQ(tables_->neighbours.get("dale").heard_ms, 0);
    NeighbourRow row;
    row.name = "dale";
    row.heard_ms = 123456789012345;
    row.problem = "it's \"late\"";
    row.problem_ms = 2;
    row.alarm = 3;
    row.alarm_ms = 4;
    row.hour = 5;
    row.told = 6;
    for (int time = 0; time < 2; ++time) tables_->neighbours.put(row);
    const NeighbourRow got = tables_->neighbours.get("dale");
    EXPECT_EQ(got.name, "dale");
    EXPECT_EQ(got.heard_ms, 123456789012345);
    EXPECT_EQ(got.problem, "it's \"late\"");
    EXPECT_EQ(got.problem_ms, 2);
    EXPECT_EQ(got.alarm, 3);
    EXPECT_EQ(got.alarm_ms, 4);
    EXPECT_EQ(got.hour, 5);
    EXPECT_EQ(got.told, 6);
    EXPECT_EQ(tables_->neighbours.get("vale").heard_ms, 0);
}

}  // namespace
}  // namespace waypost::store

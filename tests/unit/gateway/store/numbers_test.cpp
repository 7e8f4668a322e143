// SPDX-License-Identifier: Apache-2.0
// Numbers that the tables remember, so as not to look for them each time.
#include "open_tables.h"

namespace waypost::store {
namespace {

class NumbersTest : public OpenTables {};

TEST_F(NumbersTest, ItemNumbersAreFoundAgainAfterTheyWereAllInUse) {
    ItemRow row;
    row.owner = "ana";
    for (int i = 1; i <= 100; ++i) {
        row.message = i;
        EXPECT_EQ(tables_->items.add(row, 1000), i);
    }
    EXPECT_EQ(tables_->items.add(row, 5000), 101) << "all in use, and known to be";
    tables_->items.set_all_done(7, 5000);
    tables_->items.set_sent_done(9, 6000);
    EXPECT_EQ(tables_->items.add(row, 5000), 102) << "done just now";
    EXPECT_EQ(tables_->items.add(row, 5001), 7);
    EXPECT_EQ(tables_->items.add(row, 6000), 103);
    EXPECT_EQ(tables_->items.add(row, 6001), 9);
    EXPECT_EQ(tables_->items.add(row, 6002), 104);
    tables_->items.forget(50);
    EXPECT_EQ(tables_->items.add(row, 6002), 50);
}

TEST_F(NumbersTest, EventsGoOnWhereAnotherProgramStopped) {
    tables_->events.add({9, 0, 55, "accepted", ProofClass::Observed, "", "", ""});
    Tables later(session_, ids_);
    later.events.add({9, 0, 56, "ready", ProofClass::Observed, "", "", ""});
    ASSERT_EQ(later.events.of_message(9).size(), 2u);
    EXPECT_EQ(later.events.of_message(9)[1].kind, "ready");
}

}  // namespace
}  // namespace waypost::store

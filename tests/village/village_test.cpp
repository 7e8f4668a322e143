// SPDX-License-Identifier: Apache-2.0
// A day of a hundred people; `./dev bench village` lives a month of five hundred.
#include <gtest/gtest.h>

#include <sstream>

#include "busy_village.h"

namespace waypost::village {
namespace {

TEST(BusyVillage, TurnsAreFairReceiptsSmallAndAlarmsAtOnce) {
    Plan plan;
    plan.people = 100;
    plan.days = 1;
    plan.letters_a_day = 6;
    const Figures figures = live(plan);
    std::printf(
        "%d letters, %d of the counted ones shown; airtime %.0f s, receipts %.3f of it;\n"
        "median wait %.1f s, worst person %.1f s, worst who is not chatty %.1f s; SOS %.1f s\n",
        figures.letters, figures.shown, figures.airtime_s, figures.receipts_share(),
        figures.median_s, figures.worst_s, figures.worst_ordinary_s, figures.sos_worst_s);
    EXPECT_LE(figures.receipts_share(), 0.15);
    EXPECT_GT(figures.receipts_of_gateway(), figures.receipts_share());
    EXPECT_LE(figures.wait_ratio(), 4) << "of three waits or so each";
    EXPECT_GT(figures.shown, 200);
    EXPECT_GT(figures.waits.size(), 20u);
    EXPECT_LE(figures.worst_hour_s, 90) << "a quarter of what the law allows";
    EXPECT_GE(figures.alarms, 1);
    EXPECT_EQ(figures.alarms_lost, 0);
    EXPECT_LT(figures.sos_worst_s, 60);
    std::ostringstream csv;
    write_csv(figures, csv);
    EXPECT_EQ(csv.str().substr(0, 20), "person,chatty,letter");
}

}  // namespace
}  // namespace waypost::village

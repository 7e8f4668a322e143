// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <ctime>

#include "gateway/custody/quiet_hours.h"
#include "gateway/delivery/desk_preferences.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(QuietHours, AreReadAsTheyAreTyped) {
    EXPECT_EQ(parse_quiet("22-6"), (QuietHours{22 * 60, 6 * 60}));
    EXPECT_EQ(parse_quiet("22:00-06:30"), (QuietHours{22 * 60, 6 * 60 + 30}));
    EXPECT_EQ(parse_quiet("9.15-24"), (QuietHours{9 * 60 + 15, 0}));
    EXPECT_EQ(to_string(QuietHours{22 * 60, 6 * 60 + 30}), "22:00-06:30");
    for (const char* text :
         {"", "22", "22-", "-6", "22-6-7", "25-6", "22-24:30", "22:60-6", "22:0-6", "222-6", "6-6",
          "0-24", "22-6 ", "off", "99999999999-6", "22-6x", "22:-6"}) {
        EXPECT_FALSE(parse_quiet(text)) << text;
    }
}

// It is eight in the morning, UTC.
class Quiet : public Village {
  protected:
    Quiet() {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        name("ana", kAna);
        name("ben", kBen);
        name("carl", kCarl);
    }
    ~Quiet() override {
        ::unsetenv("TZ");
        ::tzset();
    }
};

TEST_F(Quiet, LettersWaitForTheEndAndTheirWriterSeesHowLong) {
    EXPECT_EQ(dm1(kAna, "quiet 7-9"), "Quiet 07:00-09:00: only alarms then. quiet off = none");
    screen(kAna);
    EXPECT_EQ(dm1(kBen, "@ana hello"), "1 kept");
    EXPECT_EQ(dm1(kBen, "@ana and more"), "2 kept");
    EXPECT_TRUE(screen(kAna).empty());
    EXPECT_EQ(dm1(kBen, "?1"), "1 ana: waits 65m");
    EXPECT_EQ(dm1(kAna, "?").substr(0, 5), "bob@x") << "what she asks is answered";
    screen(kAna);
    pass(minutes(59));
    EXPECT_TRUE(screen(kAna).empty());
    pass(minutes(12));
    EXPECT_EQ(screen(kAna), (std::vector<std::string>{"1 ben: hello", "2 ben: and more"}));
}

TEST_F(Quiet, BeingHeardDoesNotWakeThem) {
    dm(kAna, "quiet 7-9");
    screen(kAna);
    dm(kBen, "@ana hello");
    pass(minutes(5));
    hear(kAna);
    EXPECT_TRUE(screen(kAna).empty());
    const std::string where = dm1(kBen, "?1");
    EXPECT_EQ(where.substr(0, 13), "1 ana: waits ");
}

TEST_F(Quiet, AnAlarmComes) {
    dm(kCarl, "quiet 7-9");
    screen(kCarl);
    dm(kAna, "SOS a snake");
    EXPECT_EQ(screen(kCarl), (std::vector<std::string>{"ALARM 1 ana: a snake"}));
}

TEST_F(Quiet, AFailureWaitsAndIsInTheWayOfNoAnswer) {
    dm(kAna, "quiet 7-9");
    relay_->outcomes = {
        {Outcome::Kind::Failed, ProofClass::Reported, "550", "no such user", {}, {}}};
    EXPECT_EQ(dm1(kAna, "bob@example.org hi"), "1 kept");
    EXPECT_EQ(dm1(kAna, "@bob"), "Who is bob? Save: @bob=address");
    EXPECT_EQ(screen(kAna).size(), 3u) << "answers only";
    pass(minutes(75));
    EXPECT_EQ(screen(kAna), (std::vector<std::string>{"1 FAIL not accepted (550)"}));
}

TEST_F(Quiet, OffLetsThemGoAndOtherHoursCountAtOnce) {
    dm(kAna, "quiet 7-9");
    dm(kBen, "@ana hello");
    const auto lines = dm(kAna, "quiet off");
    EXPECT_EQ(lines, (std::vector<std::string>{"No quiet hours now", "1 ben: hello"}));
    dm(kAna, "quiet 23-6");
    screen(kAna);
    dm(kBen, "@ana again");
    EXPECT_EQ(screen(kAna), (std::vector<std::string>{"2 ben: again"}));
}

TEST_F(Quiet, WhoChoseNoneHasThoseOfTheVillage) {
    close();
    settings_.quiet = "07:00-09:00";
    open();
    EXPECT_EQ(dm1(kAna, "quiet"), "Quiet 07:00-09:00: only alarms then. quiet off = none");
    screen(kAna);
    dm(kBen, "@ana hello");
    EXPECT_TRUE(screen(kAna).empty());
    EXPECT_EQ(dm1(kCarl, "quiet off"), "No quiet hours now");
    screen(kCarl);
    dm(kBen, "@carl hello");
    EXPECT_EQ(screen(kCarl), (std::vector<std::string>{"1 ben: hello"})) << "not even those";
    EXPECT_EQ(dm1("!0000000f", "quiet 22-6").substr(0, 16), "Only with a name");
}

TEST_F(Quiet, NotAllRadiosWakeAtTheSameMoment) {
    close();
    settings_.quiet = "07:00-09:00";
    open();
    dm(kBen, "@ana hello");
    dm(kBen, "@carl hello");
    std::vector<store::Ms> due;
    for (const MessageId id : {1, 2, 3, 4}) {
        const auto rows =
            store_->read([&](store::Tables& t) { return t.deliveries.of_message(id); });
        for (const auto& row : *rows) {
            if (row.state == State::Deferred) due.push_back(row.due_box_ms - box_->box_ms());
        }
    }
    ASSERT_EQ(due.size(), 2u);
    EXPECT_NE(due[0], due[1]);
    for (const store::Ms wait : due) {
        EXPECT_GE(wait, milliseconds(hours(1)).count());
        EXPECT_LE(wait, milliseconds(minutes(70)).count());
    }
}

TEST_F(Quiet, TheOperatorSetsThemToo) {
    EXPECT_TRUE(ask([](Desk& desk) { return set_quiet(desk.office(), "ana", "7-9"); }).ok());
    EXPECT_EQ(dm1(kAna, "quiet").substr(0, 17), "Quiet 07:00-09:00");
    EXPECT_TRUE(ask([](Desk& desk) { return set_quiet(desk.office(), "ana", ""); }).ok());
    EXPECT_EQ(dm1(kAna, "quiet").substr(0, 14), "No quiet hours");
    for (const auto& [who, typed] : {std::pair{"nobody", "7-9"}, std::pair{"ana", "soon"}}) {
        EXPECT_FALSE(
            ask([w = who, h = typed](Desk& desk) { return set_quiet(desk.office(), w, h); }).ok());
    }
}

TEST_F(Quiet, MailOutAndMailboxesDoNotWait) {
    dm(kAna, "quiet 7-9");
    dm(kAna, "bob@example.org hi");
    EXPECT_EQ(relay_->sent.size(), 1u);
}

}  // namespace
}  // namespace waypost

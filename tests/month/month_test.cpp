// SPDX-License-Identifier: Apache-2.0
// A village lives: letters in and out all day, bursts in the morning, an evening that is too much
// for the air, handhelds out of reach, a mail relay that fails now and then. WAYPOST_DAYS says how
// many days (2); `./dev soak` plays a month.
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdlib>

#include "town.h"

namespace waypost::month {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr milliseconds kLegal = seconds(360);     // EU_868: 10 % of an hour
constexpr milliseconds kShare = seconds(90);      // the gateway's 25 % of it
constexpr milliseconds kSosWithin = seconds(30);  // measured in 45 alarms: 8 s
constexpr std::size_t kMostAtNight = 20;          // deliveries that wait at six in the morning
constexpr std::size_t kMostGrowth = 16u << 20;    // bytes, from the first morning to the end

const std::vector<std::string> kPeople = {"carl", "ana", "ben", "eva", "fay", "gus", "ida", "jon"};
const std::vector<std::string> kStrangers = {"kim", "leo", "mia", "ned"};

class Life {
  public:
    explicit Life(Town& town) : town_(town), random_(seeded_random(3)) {
        town_.on_mail_out([this](const Delivery& mail) { perhaps_answer(mail); });
        town_.observer().on_line = [this](const std::string& name, const std::string& text) {
            const auto has = [&](const std::string& part) {
                return text.find(part) != std::string::npos;
            };
            if (name == caller_ && !told_ && has("told")) told_ = town_.now() - called_;
            // "ALARM 7 ana: water is rising"
            const bool alarm = name == "carl" && text.rfind("ALARM ", 0) == 0 &&
                               (has(' ' + caller_ + ": ") || has(' ' + caller_ + " !"));
            if (!alarm || alarmed_) return;
            alarmed_ = town_.now() - called_;
            const std::string item = text.substr(6, text.find(' ', 6) - 6);
            town_.after(minutes(3), [this, item] { town_.says("carl", '*' + item + " coming"); });
        };
    }

    // From eight in the morning on.
    void day(int number) {
        for (const std::string& name : kPeople) person(name);
        for (const std::string& name : kStrangers) {
            for (int i = 0; i < 2; ++i) later(hours(14), [this, name] { writes_out(name); });
        }
        for (int i = 0; i < 3; ++i) out_of_reach(kPeople[1 + random_->below(kPeople.size() - 1)]);
        for (int i = 0; i < 4; ++i) later(hours(14), [this] { relay_fails(); });
        town_.after(hours(1), [this] { letters_in(16, minutes(2)); });
        if (number % 2 == 0) {
            town_.after(hours(11), [this] { letters_in(90, minutes(30)); });
            town_.after(hours(11) + minutes(15), [this] { calls_for_help("ana"); });
            town_.after(hours(11) + minutes(30), [this] { calls_for_help("kim"); });
            town_.after(hours(11) + minutes(45), [this] { calls_for_help("jon"); });
        }
    }

    milliseconds slowest_alarm() const { return slowest_alarm_; }
    milliseconds slowest_told() const { return slowest_told_; }
    int alarms() const { return alarms_; }
    bool all_heard() const { return all_heard_; }

  private:
    void later(milliseconds within, std::function<void()> what) {
        const auto ms = random_->below(static_cast<std::uint64_t>(within.count()));
        town_.after(milliseconds(ms), std::move(what));
    }
    std::string words(std::size_t most) {
        std::string text = "[m" + std::to_string(++letters_) + ']';
        const std::size_t length = 20 + random_->below(most);
        while (text.size() < length) text += " word" + std::to_string(random_->below(1000));
        return text;
    }
    const std::string& anybody() { return kPeople[random_->below(kPeople.size())]; }

    void person(const std::string& name) {
        later(minutes(50), [this, name] { writes_out(name); });
        for (int i = 0; i < 3; ++i) {
            later(hours(14), [this, name] { writes_out(name); });
            later(hours(14),
                  [this, name] { town_.says(name, '@' + anybody() + ' ' + words(100)); });
            later(hours(14), [this, name] { town_.says(name, "*"); });
            later(hours(14), [this, name] { town_.says(name, "?1"); });
        }
    }
    void writes_out(const std::string& name) { town_.says(name, "bob@example.org " + words(150)); }
    void out_of_reach(const std::string& name) {
        later(hours(9), [this, name] {
            town_.turn(name, false);
            town_.after(hours(1 + random_->below(4)), [this, name] { town_.turn(name, true); });
        });
    }
    void relay_fails() {
        const bool for_good = random_->below(2) == 0;
        town_.relay().outcomes.push_back({for_good ? Outcome::Kind::Failed : Outcome::Kind::Retry,
                                          ProofClass::Reported,
                                          for_good ? "550 5.1.1" : "451 4.3.2",
                                          for_good ? "no such address" : "later",
                                          {},
                                          {}});
    }
    void letters_in(int count, milliseconds within) {
        for (int i = 0; i < count; ++i) {
            later(within, [this] { town_.mail(mailto(anybody(), "hill.example"), words(170)); });
        }
    }
    void perhaps_answer(const Delivery& mail) {
        if (random_->below(10) >= 6 || mail.reply_to.empty()) return;
        later(hours(5), [this, to = mail.reply_to] { town_.mail(to, words(400)); });
    }

    // She presses again every minute until she reads that somebody was told.
    void calls_for_help(const std::string& name) {
        caller_ = name;
        called_ = town_.now();
        told_ = alarmed_ = std::nullopt;
        ++alarms_;
        town_.turn(name, true);
        press(12);
    }
    void press(int more) {
        if (told_ && alarmed_) {
            slowest_told_ = std::max(slowest_told_, *told_);
            slowest_alarm_ = std::max(slowest_alarm_, *alarmed_);
            return;
        }
        if (more == 0) {
            all_heard_ = false;
            return;
        }
        if (!told_) town_.says(caller_, "SOS water is rising");
        town_.after(minutes(1), [this, more] { press(more - 1); });
    }

    Town& town_;
    std::unique_ptr<Random> random_;
    int letters_ = 0;
    int alarms_ = 0;
    bool all_heard_ = true;
    std::string caller_;
    BoxTime called_{};
    std::optional<milliseconds> told_, alarmed_;
    milliseconds slowest_told_{0}, slowest_alarm_{0};
};

// What is on record at the end: nothing waits, what is delivered was shown, failures were told.
class Books {
  public:
    explicit Books(Town& town) : town_(town) {
        for (const State state : {State::Sent, State::Delivered, State::Read, State::Failed,
                                  State::Expired, State::Cancelled, State::Held}) {
            for (const store::DeliveryRow& row : town_.all_in(state)) enter(row);
        }
    }
    int letters = 0, shown_twice = 0, failures = 0, held = 0;
    std::vector<std::string> never_shown, never_told;

    void close() {
        for (const std::string& each : failed_) {
            if (told_.count(each) == 0) never_told.push_back(each);
        }
    }

  private:
    void enter(const store::DeliveryRow& row) {
        const auto message =
            town_.store().read([&](store::Tables& t) { return t.messages.find(row.message); });
        if (!message.ok() || !message.value()) return;
        const store::MessageRow& m = **message;
        const std::string& text = m.message.text;
        if (row.state == State::Held) ++held;
        if (m.kind == store::Kind::Receipt)
            told_.insert(row.owner + ' ' + text.substr(0, text.find(" FAIL")));
        if (m.kind != store::Kind::Letter) return;
        ++letters;
        const bool failed = row.state == State::Failed || row.state == State::Expired;
        if (failed) note_failure(row, m);
        if (row.network == "meshtastic" && row.state == State::Delivered) look(row, text);
    }
    void note_failure(const store::DeliveryRow& row, const store::MessageRow& m) {
        ++failures;
        if (m.owner.empty()) return;
        const auto item = town_.store().read(
            [&](store::Tables& t) { return t.items.by_message(m.owner, row.message); });
        if (item.ok() && item.value()) {
            failed_.insert(m.owner + ' ' + std::to_string(item.value()->number));
        }
    }
    void look(const store::DeliveryRow& row, const std::string& text) {
        const std::size_t open = text.find("[m");
        const std::string mark = text.substr(open, text.find(']', open) + 1 - open);
        const std::string name = screen_of(row.owner);
        const int times = town_.observer().times_shown(name, mark);
        if (times == 0) never_shown.push_back(name + ' ' + mark);
        if (times > 1) ++shown_twice;
    }
    // "meshtastic:!00000012" is a stranger: the handhelds are numbered in the order of the lists.
    static std::string screen_of(const std::string& owner) {
        const std::size_t mark = owner.find(":!");
        if (mark == std::string::npos) return owner;
        const auto number = std::stoul(owner.substr(mark + 2), nullptr, 16) - 0xa;
        return kStrangers.at(number - kPeople.size());
    }

    Town& town_;
    std::set<std::string> failed_, told_;
};

TEST(Month, AVillageKeepsTheLawAndLosesNothing) {
    const char* wanted = std::getenv("WAYPOST_DAYS");
    const int days = wanted == nullptr ? 2 : std::atoi(wanted);
    Town town(kPeople, kStrangers);
    Life life(town);
    std::size_t memory = 0;
    std::size_t most_at_night = 0;
    for (int day = 0; day < days; ++day) {
        life.day(day);
        town.run_for(hours(22));
        most_at_night = std::max(most_at_night, town.in_hand());
        if (day == 0) memory = ::mallinfo2().uordblks;
        town.run_for(hours(2));
    }
    town.run_for(hours(48));

    const Observer& seen = town.observer();
    EXPECT_LE(seen.device().most(), kLegal);
    EXPECT_LE(town.ledger_most(), kShare);
    EXPECT_LE(seen.own().most(), kShare) << "with what the device repeated by itself";
    EXPECT_LE(seen.longest_line(), 200u);
    EXPECT_EQ(town.in_hand(), 0u);
    EXPECT_LE(most_at_night, kMostAtNight);
    const std::size_t now = ::mallinfo2().uordblks;
    EXPECT_LE(now, memory + kMostGrowth);
    EXPECT_TRUE(life.all_heard());
    EXPECT_LE(life.slowest_alarm(), kSosWithin);
    EXPECT_LE(life.slowest_told(), kSosWithin);
    Books books(town);
    books.close();
    EXPECT_TRUE(books.never_shown.empty()) << ::testing::PrintToString(books.never_shown);
    EXPECT_TRUE(books.never_told.empty()) << ::testing::PrintToString(books.never_told);
    EXPECT_GT(books.letters, days * 50);

    const auto s = [](milliseconds time) { return static_cast<double>(time.count()) / 1000; };
    std::printf(
        "%d days: %d letters, %zu lines on screens, %d shown twice, %d failed, %d held\n"
        "most airtime in an hour: device %.1f s, handed over %.1f s, ledger %.1f s\n"
        "%d alarms: told within %.1f s, caller answered within %.1f s\n"
        "waiting at six: %zu; memory %+.1f MiB\n",
        days, books.letters, seen.lines(), books.shown_twice, books.failures, books.held,
        s(seen.device().most()), s(seen.own().most()), s(town.ledger_most()), life.alarms(),
        s(life.slowest_alarm()), s(life.slowest_told()), most_at_night,
        (static_cast<double>(now) - static_cast<double>(memory)) / 1048576);
}

}  // namespace
}  // namespace waypost::month

// SPDX-License-Identifier: Apache-2.0
#include "busy_village.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>
#include <set>

#include "box_on_air.h"

namespace waypost::village {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kResponders = 3;
constexpr int kChattyOneIn = 20;
constexpr double kChattyTimes = 19;  // as much as others: together half of all
constexpr hours kMorning{8};         // the first hour of a day's life, from its midnight
constexpr hours kEvening{18};
constexpr hours kNight{22};
constexpr double kInTheEvening = 0.6;
constexpr std::size_t kFewest = 3;  // waits of a person, where there are few days

double in_seconds(milliseconds time) { return static_cast<double>(time.count()) / 1000; }

double share_of(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size()));
    return values[std::min(place, values.size() - 1)];
}

bool is_receipt(const std::string& text) {
    const std::size_t numbers = text.find_first_not_of("0123456789 ");
    if (numbers == 0 || numbers == std::string::npos) return false;
    return text.compare(numbers, 4, "kept") == 0 || text.compare(numbers, 4, "FAIL") == 0;
}

class Life {
  public:
    explicit Life(const Plan& plan)
        : plan_(plan),
          random_(seeded_random(plan.seed + 1)),
          strangers_(std::max(1, plan.people / 20)),
          box_(plan, plan.people + strangers_, plan.people),
          waits_(static_cast<std::size_t>(plan.people)) {
        box_.crowd().on_shown = [this](int who, const std::string& text) { shown(who, text); };
        box_.crowd().on_box_sends = [this](const FromBox& frame) {
            figures_.airtime_s += in_seconds(frame.airtime);
            if (!is_receipt(frame.text)) return;
            ++figures_.receipts;
            figures_.receipts_s += in_seconds(frame.airtime);
        };
        box_.crowd().on_acknowledges = [this](const std::string& text, milliseconds airtime) {
            if (is_receipt(text)) figures_.receipt_acks_s += in_seconds(airtime);
        };
        box_.on_mail_out([this](const Delivery& mail) { perhaps_answer(mail); });
    }

    Figures run() {
        for (int day = 0; day < plan_.days; ++day) {
            live(day);
            box_.run_for(hours(24));
        }
        box_.run_for(hours(12));
        figures_.alarms_lost += static_cast<int>(missing_.empty() ? 0 : 1);
        return sum_up();
    }

  private:
    struct Said {
        int who = 0;  // whose turn it is
        BoxTime at{};
        bool evening = false;
    };

    double chance() { return static_cast<double>(random_->below(1'000'000)) / 1'000'000; }
    int anybody() {
        return static_cast<int>(random_->below(static_cast<std::uint64_t>(plan_.people)));
    }
    bool chatty(int who) const { return who % kChattyOneIn == kResponders; }

    // A moment of the day as people have them.
    milliseconds moment() {
        const bool evening = chance() < kInTheEvening;
        const milliseconds from = evening ? kEvening : kMorning;
        const milliseconds until = evening ? kNight : kEvening;
        return from + milliseconds(static_cast<std::int64_t>(
                          chance() * static_cast<double>((until - from).count())));
    }
    bool is_evening() {
        const milliseconds of_day = (box_.now() - BoxTime{}) % milliseconds(hours(24));
        return of_day >= kEvening && of_day < kNight;
    }
    void some(double times, const std::function<void()>& what) {
        const int count = static_cast<int>(times) + (chance() < times - std::floor(times) ? 1 : 0);
        for (int i = 0; i < count; ++i) box_.after(moment(), what);
    }

    void live(int day) {
        for (int who = 0; who < plan_.people; ++who) {
            const double letters = plan_.letters_a_day * (chatty(who) ? kChattyTimes : 1);
            some(letters, [this, who] { says_something(who); });
        }
        for (int i = 0; i < strangers_; ++i) {
            some(2, [this, i] { box_.crowd().says(plan_.people + i, out(text(80))); });
        }
        some(plan_.people * 0.5, [this] { spam(); });
        some(plan_.people * 0.3, [this] { mail_from_outside(); });
        some(3, [this] { notice(); });
        if (day % 2 == 0)
            box_.after(kEvening + hours(2) + minutes(random_->below(60)),
                       [this] { call_for_help(); });
    }

    std::string text(std::size_t most) {
        std::string text = "[m" + std::to_string(++figures_.letters) + ']';
        const std::size_t length = 20 + random_->below(most);
        while (text.size() < length) text += " word" + std::to_string(random_->below(1000));
        return text;
    }
    static std::string out(const std::string& text) { return "bob@example.org " + text; }
    void note(int who) { said_[figures_.letters] = {who, box_.now(), is_evening()}; }

    // Three in five to somebody here, of whom each has a few; one in four out; the rest looks.
    void says_something(int who) {
        const double what = chance();
        if (what < 0.6) {
            writes(who);
        } else if (what < 0.85) {
            box_.crowd().says(who, out(text(100)));
        } else {
            box_.crowd().says(who, what < 0.92 ? "*" : "?1");
        }
    }

    void writes(int who) {
        const int to = (who + 1 + static_cast<int>(random_->below(6)) * 7) % plan_.people;
        const std::string line = "@p" + std::to_string(to) + ' ' + text(100);
        note(who);
        if (is_evening()) ++figures_.to_people;
        box_.crowd().says(who, line);
    }

    Message mail(const std::string& from) {
        Message message;
        message.from = mailto(from, "example.org");
        message.network = message.transport = "email";
        message.origin_id = '<' + std::to_string(++mails_) + "@example.org>";
        message.verified_sender = true;
        return message;
    }
    void spam() {
        Message message = mail("spam" + std::to_string(random_->below(100'000)));
        message.to = {mailto('p' + std::to_string(anybody()), "hill.example")};
        message.text = "buy now";
        box_.accept(std::move(message));
    }
    // From somebody to whom this person wrote: bob, if he ever did.
    void mail_from_outside() {
        const int who = anybody();
        Message message = mail("bob");
        message.to = {mailto('p' + std::to_string(who), "hill.example")};
        message.text = text(150);
        note(who);
        box_.accept(std::move(message));
    }
    void perhaps_answer(const Delivery& mail_out) {
        if (chance() >= 0.4 || mail_out.reply_to.empty()) return;
        box_.after(minutes(random_->below(180)), [this, to = mail_out.reply_to] {
            Message message = mail("bob");
            message.to = {to};
            message.text = text(150);
            box_.accept(std::move(message));
        });
    }
    // To one in twelve, as groups will have it.
    void notice() {
        Message message = mail("operator");
        message.from = mailto("p0", "hill.example");
        message.network = "local";
        message.trusted = true;
        message.priority = Priority::Bulk;
        for (int i = 0; i < plan_.people / 12; ++i)
            message.to.push_back(person('p' + std::to_string((i * 12 + 5) % plan_.people)));
        message.text = text(120);
        box_.accept(std::move(message));
    }

    void call_for_help() {
        figures_.alarms_lost += missing_.empty() ? 0 : 1;
        missing_.clear();
        const int who = kResponders + static_cast<int>(random_->below(
                                          static_cast<std::uint64_t>(plan_.people - kResponders)));
        for (int i = 0; i < kResponders; ++i) missing_.insert(i);
        called_ = box_.now();
        ++figures_.alarms;
        box_.crowd().says(who, "SOS water is rising");
    }

    void alarmed(int who, const std::string& text) {
        const std::size_t alarm = text.find("ALARM ");
        if (alarm == std::string::npos || missing_.erase(who) == 0) return;
        figures_.sos_worst_s = std::max(figures_.sos_worst_s, in_seconds(box_.now() - called_));
        if (who != 0) return;
        const std::string item = std::to_string(std::atoi(text.c_str() + alarm + 6));
        const auto later = [this](minutes when, const std::string& line) {
            box_.after(when, [this, line] { box_.crowd().says(0, line); });
        };
        later(minutes(2), '*' + item + " I am on my way");
        later(minutes(20), '-' + item);
        later(minutes(22), "1");
    }

    // "NOT kept. Waiting for the air: 3 of yours. Again in 7m"
    void refused(int who, const std::string& text) {
        if (is_evening()) ++figures_.refused;
        const std::size_t in = text.rfind(" in ");
        if (in == std::string::npos || chance() < 0.5) return;
        box_.after(minutes(std::max(1, std::atoi(text.c_str() + in + 4))),
                   [this, who] { writes(who); });
    }

    void shown(int who, const std::string& text) {
        if (text.find("water is rising") != std::string::npos) return alarmed(who, text);
        if (text.rfind("NOT kept. Waiting", 0) == 0) return refused(who, text);
        const std::size_t open = text.find("[m");
        if (open == std::string::npos || text.find("> ") != std::string::npos) return;
        const auto found = said_.find(std::atoi(text.c_str() + open + 2));
        if (found == said_.end()) return;
        ++figures_.shown;
        if (found->second.evening) {
            waits_[static_cast<std::size_t>(found->second.who)].push_back(
                in_seconds(box_.now() - found->second.at));
        }
        said_.erase(found);
    }

    Figures sum_up() {
        std::vector<double> medians;
        for (int who = 0; who < plan_.people; ++who) {
            const auto& all = waits_[static_cast<std::size_t>(who)];
            if (all.size() < (plan_.days < 10 ? kFewest : kEnough)) continue;
            const PersonWait wait{'p' + std::to_string(who), chatty(who), all.size(),
                                  share_of(all, 0.5), share_of(all, 0.95)};
            figures_.waits.push_back(wait);
            medians.push_back(wait.median_s);
            figures_.worst_s = std::max(figures_.worst_s, wait.median_s);
            if (!wait.chatty)
                figures_.worst_ordinary_s = std::max(figures_.worst_ordinary_s, wait.median_s);
        }
        figures_.median_s = share_of(medians, 0.5);
        figures_.channel_s = in_seconds(box_.channel_used());
        figures_.worst_hour_s = in_seconds(box_.most_used());
        return figures_;
    }

    const Plan plan_;
    std::unique_ptr<Random> random_;
    int strangers_;
    BoxOnAir box_;
    Figures figures_;
    int mails_ = 0;
    std::map<int, Said> said_;  // by mark, until shown
    std::vector<std::vector<double>> waits_;
    std::set<int> missing_;  // responders who do not have the newest alarm yet
    BoxTime called_{};
};

}  // namespace

Figures live(const Plan& plan) { return Life(plan).run(); }

void write_csv(const Figures& figures, std::ostream& out) {
    out << "person,chatty,letters,median_s,p95_s\n";
    for (const PersonWait& each : figures.waits) {
        out << each.who << ',' << (each.chatty ? 1 : 0) << ',' << each.letters << ','
            << each.median_s << ',' << each.p95_s << '\n';
    }
}

}  // namespace waypost::village

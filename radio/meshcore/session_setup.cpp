// SPDX-License-Identifier: Apache-2.0
// What a device is asked first, and what is due from time to time. Its frequency, power and name
// are its owner's: they are read, never set.
#include <algorithm>

#include "gateway/message/text.h"
#include "radio/airtime/bands.h"
#include "radio/meshcore/session.h"

namespace waypost::meshcore {
namespace {

using std::chrono::hours;

constexpr double kDipoleGain = 2.15;
constexpr char kAppName[] = "waypost";
constexpr int kChannelsAsked = 8;
constexpr hours kClockEvery{6};
constexpr std::chrono::minutes kStatsEvery{5};
constexpr hours kLoginEvery{12};
constexpr std::chrono::minutes kLoginAgain{5};
constexpr hours kAdvertAtMost{1};
constexpr std::size_t kAdvertBytes = 2 + 4 + 32 + 4 + 64 + 32;
constexpr std::size_t kLoginBytes = 2 + 4 + 1 + 32 + 2 + 32;
constexpr milliseconds kHour = hours(1);

std::uint32_t unix_seconds(const Clock& clock) {
    return static_cast<std::uint32_t>(to_ms(clock.wall()) / 1000);
}

// Of the rules for this signal the one with least airtime: what its power is allowed to be nobody
// has told us then.
const BandRule* strictest(const Emission& emission) {
    const BandRule* found = nullptr;
    for (const BandRule& rule : band_rules()) {
        const bool covers =
            rule.region == emission.region &&
            lies_within(rule.from_hz, rule.to_hz, emission.frequency_hz, emission.bandwidth_hz);
        if (covers && (found == nullptr || rule.duty_per_mille < found->duty_per_mille))
            found = &rule;
    }
    return found;
}

}  // namespace

std::string Session::why_down() const {
    if (phase_ == Phase::Closed) return "no connection to the device";
    if (phase_ == Phase::Handshake) return "waiting for the device to tell about itself";
    return why_not_;
}

Actions Session::opened(BoxTime now) {
    Actions actions;
    parser_.reset();
    skipped_ = parser_.skipped();
    phase_ = Phase::Handshake;
    asks_.clear();
    asked_.reset();
    silent_ = 0;
    contacts_.clear();
    channels_.clear();
    joined_.clear();
    contacts_changed_ = 0;
    last_reply_ = last_bytes_ = now;
    handshake_again_ = now + std::chrono::minutes(1);
    ask(What::DeviceQuery, device_query());
    ask(What::AppStart, app_start(kAppName));
    if (clock_.synchronised()) ask(What::SetTime, set_time(unix_seconds(clock_)));
    ask(What::Contacts, get_contacts(0));
    for (int i = 0; i < kChannelsAsked; ++i) ask(What::Channel, get_channel(i));
    write_next(now, actions);
    return done(std::move(actions), now);
}

void Session::become_ready(BoxTime now, Actions& actions) {
    phase_ = Phase::Ready;
    fetch_ = true;
    next_send_ = next_login_ = now;
    forget_logins_ = now + kLoginEvery;
    next_clock_ = now + kClockEvery;
    next_stats_ = now;
    set_budget();
    actions.changed = true;
    for (const auto& [key, known] : contacts_) {
        if (known.contact.type == kChat && remembered_.insert(key).second)
            actions.learned.push_back(key);
    }
    work_of_ready(now, actions);
}

void Session::take_channel(const Channel& channel) {
    const std::string name = one_line(clean_utf8(channel.name), kNameBytes);
    if (!name.empty()) channels_[channel.index] = name;
}

void Session::set_budget() {
    const Emission emission{options_.region, self_.frequency_khz * 1000,
                            static_cast<int>(std::min(self_.bandwidth_hz, 1'000'000u)),
                            static_cast<double>(self_.power_dbm), kDipoleGain};
    why_not_.clear();
    not_lawful_.clear();
    milliseconds law{0};
    const auto allowed = allowance(emission);
    const BandRule* rule = strictest(emission);
    if (allowed.ok()) {
        band_ = allowed->band;
        law = allowed->per_hour;
    } else if (rule != nullptr) {
        band_ = std::string(rule->region) + ' ' + std::string(rule->band);
        law = kHour * rule->duty_per_mille / 1000;
        not_lawful_ = allowed.error().text;
    } else {
        band_.clear();
        why_not_ = options_.region.empty()
                       ? "whose law holds here is not said: set region in [box], or give this "
                         "radio a section [meshcore.NAME] with port and region; nothing is sent"
                       : allowed.error().text;
    }
    if (self_.spreading_factor < 5 || self_.spreading_factor > 12 || self_.coding_rate < 5 ||
        self_.coding_rate > 8 || self_.bandwidth_hz == 0) {
        why_not_ = "the device says no spreading factor, coding rate or bandwidth that make sense";
        law = milliseconds(0);
    }
    const milliseconds share = law * options_.share_percent / 100;
    ledger_.set_budget(share, share / 5, law);
    text_budget_ = share - share / 5;
    if (options_.band != nullptr) options_.band->limit(law);
}

// Adverts are how a handheld learns of the box: without one it cannot write to it.
void Session::work_of_ready(BoxTime now, Actions& actions) {
    if (!why_not_.empty()) return;
    const bool first = !last_advert_ || now - *last_advert_ >= options_.advert_every;
    const bool asked_for = advert_wanted_ && last_advert_ && now - *last_advert_ >= kAdvertAtMost;
    if ((first || asked_for) && !is_asked(What::Advert) &&
        ledger_.take(now, airtime_of_bytes(kAdvertBytes), false)) {
        ask(What::Advert, self_advert(true));
        last_advert_ = now;
        advert_wanted_ = false;
        actions.spent = true;
    }
    if (now >= next_clock_ && clock_.synchronised()) {
        next_clock_ = now + kClockEvery;
        ask(What::SetTime, set_time(unix_seconds(clock_)));
    }
    if (now >= next_stats_) {
        next_stats_ = now + kStatsEvery;
        ask(What::Stats, get_radio_stats());
    }
    log_in(now, actions);
}

// What the device sent of itself in the last hour: acks, and packets of others if it repeats them.
void Session::take_stats(const RadioStats& stats, BoxTime now) {
    if (!sent_seconds_.empty() && stats.sent_seconds < sent_seconds_.back().second)
        sent_seconds_.clear();  // it has booted
    sent_seconds_.emplace_back(now, stats.sent_seconds);
    while (now - sent_seconds_.front().first > kHour) sent_seconds_.pop_front();
    const std::uint32_t sent = stats.sent_seconds - sent_seconds_.front().second;
    ledger_.observe(now, std::chrono::seconds(sent));
}

// Again and again until the room says yes, and from time to time after that: it may have forgotten.
void Session::log_in(BoxTime now, Actions& actions) {
    if (now < next_login_) return;
    next_login_ = now + kLoginAgain;
    if (now >= forget_logins_) {
        forget_logins_ = now + kLoginEvery;
        joined_.clear();
    }
    for (const RoomLogin& room : options_.rooms) {
        for (const Contact* contact : with_prefix(room.prefix)) {
            const bool due = contact->type == kRoom && joined_.count(contact->key) == 0 &&
                             !is_asked(What::Login, contact->key);
            if (!due || !ledger_.take(now, airtime_of_bytes(kLoginBytes), false)) continue;
            ask(What::Login, login(contact->key, room.password), contact->key);
            actions.spent = true;
        }
    }
}

}  // namespace waypost::meshcore

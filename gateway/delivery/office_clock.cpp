// SPDX-License-Identifier: Apache-2.0
// What the office does about time: what it remembers across a restart, whether it believes the
// clock, and what it tells radios about the time it was shut.
#include <ctime>

#include "gateway/base/log.h"
#include "gateway/base/time_parts.h"
#include "gateway/conversation/talk.h"
#include "gateway/custody/forgetting.h"
#include "gateway/custody/language.h"
#include "gateway/custody/radios.h"
#include "gateway/delivery/office.h"

namespace waypost {
namespace {

constexpr char kClock[] = "clock";
constexpr milliseconds kOutage = std::chrono::minutes(15);
constexpr milliseconds kTellOutageFor = std::chrono::hours(24);

std::string local_time(store::Ms wall_ms, const char* format) {
    const std::tm local = local_parts(wall_ms / 1000);
    char text[24];
    std::strftime(text, sizeof text, format, &local);
    return text;
}

std::string span(store::Ms from, store::Ms to) {
    const bool days = to - from >= milliseconds(std::chrono::hours(20)).count();
    const char* format = days ? "%d.%m. %H:%M" : "%H:%M";
    return local_time(from, format) + '-' + local_time(to, format);
}

std::int64_t number_of(const std::optional<std::string>& text) {
    return text && !text->empty() ? std::stoll(*text) : 0;
}

}  // namespace

void GatewayOffice::load(bool clock_kept) {
    reload_people();
    store::Ms last_wall = 0;
    store::Ms seen = 0;
    (void)box_.store.read([&](store::Tables& t) {
        last_wall = number_of(t.state.get(kClock, "wall"));
        seen = number_of(t.state.get(kClock, "seen"));
        for (const std::string& network : box_.router.ordered_networks()) {
            for (std::string& uri : t.deliveries.deferred_recipients(network))
                waiting_.emplace(std::pair{network, std::move(uri)}, 0);
        }
        return 0;
    });
    trust_ = std::make_unique<TimeTrust>(box_.clock, last_wall, seen == 0 ? last_wall : seen,
                                         clock_kept);
    if (!trust_->why().empty()) log(Level::Warning, "clock", "unknown", {{"why", trust_->why()}});
    find_outage(last_wall);
    forget_the_forgotten();
    log(Level::Info, "office", "open",
        {{"resumed", std::to_string(box_.store.resumed())},
         {"people", std::to_string(box_.directory.get()->persons().size())}});
}

// Before anything new: the store may be an older backup.
void GatewayOffice::forget_the_forgotten() {
    submit([](Ledger& ledger) { forget_again(ledger); });
}

// Remembered for a day, so that a restart meanwhile leaves no radio untold.
void GatewayOffice::find_outage(store::Ms last_wall) {
    const store::Ms now = box_.wall_ms();
    if (last_wall > 0 && now - last_wall > kOutage.count() && trust_->why().empty()) {
        outage_ = span(last_wall, now);
        outage_told_until_ = now + kTellOutageFor.count();
        box_.store.writer().submit(
            [outage = outage_, now](store::Tables& t) {
                t.state.put(kClock, "outage", outage);
                t.state.put(kClock, "outage-end", std::to_string(now));
            },
            {});
        return;
    }
    (void)box_.store.read([&](store::Tables& t) {
        const store::Ms ended = number_of(t.state.get(kClock, "outage-end"));
        outage_told_until_ = ended + kTellOutageFor.count();
        if (ended > 0 && now < outage_told_until_)
            outage_ = t.state.get(kClock, "outage").value_or("");
        return 0;
    });
}

void GatewayOffice::remember_clock(bool believed, milliseconds jump) {
    box_.store.writer().submit(
        [wall = box_.wall_ms(), tick = box_.box_ms(), believed, jump](store::Tables& t) {
            if (jump != milliseconds(0)) t.state.shift_times(jump.count());
            if (believed) t.state.put(kClock, "wall", std::to_string(wall));
            t.state.put(kClock, "seen", std::to_string(wall));
            t.state.put(kClock, "box", std::to_string(tick));
        },
        [this, jump, tick = box_.box_ms()](const Result<void>& stored) {
            note_store(stored);
            const auto rows = box_.store.writer().changed_rows();
            const std::lock_guard lock(mutex_);
            if (!stored.ok()) jump_owed_ += jump;
            if (!stored.ok() || !rows) return;
            clock_rows_ = rows;
            clock_noted_ms_ = tick;
        });
}

// Once to each radio that has used the box before, when it is heard again.
void GatewayOffice::tell_outage(const Address& node) {
    submit([this, node](Ledger& ledger) {
        store::Tables& tables = ledger.tables();
        if (!tables.state.get(kTalkState, node.uri())) return;
        Talk talk = load_talk(tables, node);
        if (talk.shut_told == outage_) return;
        talk.shut_told = outage_;
        save_talk(tables, node, talk);
        const std::size_t dash = outage_.find('-');
        const std::string owner = box_.directory.get()->owner_of(node);
        ledger.say(
            node,
            words_of(ledger, owner)
                .say("shut", {{"from", outage_.substr(0, dash)}, {"to", outage_.substr(dash + 1)}}),
            store::Kind::Notice);
    });
}

void GatewayOffice::confirm_time() {
    const std::lock_guard lock(mutex_);
    trust_->confirm();
}

std::string GatewayOffice::time_doubt() const {
    const std::lock_guard lock(mutex_);
    return trust_ ? trust_->why() : std::string();
}

}  // namespace waypost

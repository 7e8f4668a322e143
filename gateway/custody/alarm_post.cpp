// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/alarm_post.h"

#include <sstream>

#include "gateway/base/log.h"
#include "gateway/commands/catalogue.h"
#include "gateway/custody/alarm_text.h"

namespace waypost {
namespace {

constexpr char kState[] = "alarm posts";  // of an alarm's id: the messages, the first one first
constexpr char kUse[] = "alarm post";     // alarms, counted by day, for all
constexpr int kMostADay = 20;
constexpr std::chrono::milliseconds kGoodFor = std::chrono::hours(24);

std::string key_of(const store::AlarmRow& alarm) { return std::to_string(alarm.id); }

std::vector<MessageId> posts_of(Ledger& ledger, const store::AlarmRow& alarm) {
    std::vector<MessageId> posts;
    std::istringstream ids(ledger.tables().state.get(kState, key_of(alarm)).value_or(""));
    for (MessageId id = 0; ids >> id;) posts.push_back(id);
    return posts;
}

bool by_box(const Box& box) { return box.settings->publish_alarms == kPublishAsBox; }

// Empty: nothing is against it.
std::string why_not(Ledger& ledger) {
    const Box& box = ledger.box();
    const Address all = box.router.public_address();
    if (all.empty()) return "this box has no [activitypub] section";
    const std::string& group = box.settings->publish_alarms;
    if (!by_box(box) && !ledger.tables().groups.find(group))
        return "there is no group " + group + " here";
    if (!by_box(box) && !ledger.tables().groups.member(group, all))
        return "the group " + group + " is not published: " + all.uri() + " is no member";
    return {};
}

// `answers`: the first one, or 0.
MessageId post(Ledger& ledger, std::string text, MessageId answers) {
    const Box& box = ledger.box();
    store::MessageRow row;
    row.kind = store::Kind::Notice;
    row.answers = answers;
    row.message.network = "local";
    row.message.text = std::move(text);
    row.message.priority = Priority::Normal;
    if (by_box(box)) {
        row.message.automatic = true;
    } else {
        row.message.from = mailto(box.settings->publish_alarms, box.settings->domain);
    }
    ledger.add_message(row);
    store::DeliveryRow delivery;
    delivery.message = row.id;
    delivery.owner = "-";
    delivery.recipient = box.router.public_address();
    delivery.network = box.router.network_of(delivery.recipient);
    delivery.priority = Priority::Normal;
    delivery.lane = answers == 0 ? row.id : answers;  // none before the one that it answers
    delivery.expires_ms = ledger.now() + kGoodFor.count();
    ledger.add_delivery(delivery);
    return row.id;
}

void note_posts(Ledger& ledger, const store::AlarmRow& alarm, const std::vector<MessageId>& posts) {
    std::string ids;
    for (const MessageId id : posts) ids += (ids.empty() ? "" : " ") + std::to_string(id);
    ledger.tables().state.put(kState, key_of(alarm), ids);
    ledger.note(alarm.message, "published", "message " + std::to_string(posts.back()));
}

// Failed too, if there is none.
State state_of(Ledger& ledger, MessageId post) {
    const auto rows = ledger.tables().deliveries.of_message(post);
    return rows.empty() ? State::Failed : rows.front().state;
}

bool is_out(State state) {
    return state == State::Sending || state == State::Sent || state == State::Delivered ||
           state == State::Read;
}

std::string words_for(Ledger& ledger, const store::AlarmRow& alarm, const char* key) {
    const BoxSettings& box = *ledger.box().settings;
    return catalogue(box.language)
        .letter(key,
                {{"village", box.village}, {"time", clock_time(alarm.opened_ms, ledger.now())}});
}

void go_on(Ledger& ledger, const store::AlarmRow& alarm, const char* key) {
    std::vector<MessageId> posts = posts_of(ledger, alarm);
    if (posts.empty()) return;
    const State first = state_of(ledger, posts.front());
    if (!is_out(first) && is_final(first)) return;
    // The settings may have changed since.
    if (ledger.box().settings->publish_alarms.empty()) return;
    if (!why_not(ledger).empty()) return;
    posts.push_back(post(ledger, words_for(ledger, alarm, key), posts.front()));
    note_posts(ledger, alarm, posts);
}

}  // namespace

void publish_alarm(Ledger& ledger, const store::AlarmRow& alarm, bool words) {
    const BoxSettings& box = *ledger.box().settings;
    if (box.publish_alarms.empty()) return;
    std::string why = why_not(ledger);
    if (why.empty() && ledger.tables().state.use("-", ledger.box().day(), kUse) > kMostADay)
        why = std::to_string(kMostADay) + " alarms a day are the limit";
    if (!why.empty()) {
        ledger.note(alarm.message, "not published", why);
        return log(Level::Warning, "alarms", "not-published", {{"why", why}});
    }
    const std::string time = clock_time(alarm.opened_ms, ledger.now());
    const std::string text =
        words ? catalogue(box.language)
                    .letter("alarm_public",
                            {{"village", box.village}, {"time", time}, {"text", alarm.text}})
              : words_for(ledger, alarm, "alarm_public_bare");
    note_posts(ledger, alarm, {post(ledger, text, 0)});
}

void publish_news(Ledger& ledger, const store::AlarmRow& alarm, AlarmNews news) {
    go_on(ledger, alarm, news == AlarmNews::Taken ? "alarm_public_taken" : "alarm_public_clear");
}

void publish_end(Ledger& ledger, const store::AlarmRow& alarm) {
    const std::vector<MessageId> posts = posts_of(ledger, alarm);
    if (posts.empty()) return;
    const bool told = is_out(state_of(ledger, posts.front()));
    // The last one first, so that none is let go by the end of the one before it.
    for (auto post = posts.rbegin(); post != posts.rend(); ++post) {
        for (store::DeliveryRow& row : ledger.tables().deliveries.of_message(*post)) {
            if (is_final(row.state) || row.state == State::Sending) continue;
            ledger.move(row, State::Cancelled, ProofClass::Observed, {}, "the alarm is closed");
        }
    }
    if (told) go_on(ledger, alarm, "alarm_public_over");
    ledger.tables().state.erase(kState, key_of(alarm));
}

}  // namespace waypost

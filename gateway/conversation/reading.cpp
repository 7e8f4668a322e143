// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/reading.h"

#include <algorithm>

#include "gateway/conversation/address_book.h"
#include "gateway/custody/alarm_text.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/take_back.h"
#include "gateway/custody/wording.h"
#include "gateway/message/handed.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kPage = 200;  // the apps of handhelds stop there
constexpr std::size_t kListLine = 34;
constexpr std::size_t kListItems = 5;
constexpr int kLookAt = 100;
constexpr std::size_t kMachine = 16;

const char* label_of(Privacy privacy) {
    switch (privacy) {
        case Privacy::EndToEnd:
            return "label_end_to_end";
        case Privacy::ToGateway:
            return "label_gateway";
        case Privacy::InClear:
            return "label_clear";
        case Privacy::Channel:
            return "label_channel";
        case Privacy::Tls:
            return "label_tls_unverified";
        case Privacy::TlsVerified:
            return "label_tls";
        case Privacy::ToRecipient:
            return "label_recipient";
        case Privacy::Here:
            return "label_here";
    }
    return "label_clear";  // of a newer release
}

// Of the newest hop of this delivery that is known.
std::optional<Privacy> last_hop(const std::vector<store::EventRow>& events, DeliveryId delivery) {
    std::optional<Privacy> last;
    for (const store::EventRow& event : events) {
        if (event.delivery == delivery && event.privacy) last = event.privacy;
    }
    return last;
}

std::size_t size_of(const std::vector<std::string>& lines) {
    std::size_t size = 0;
    for (const std::string& line : lines) size += line.size() + 1;
    return size;
}

}  // namespace

// As many as his network takes at once, or what is read is cut again on its way and lost.
std::size_t Reading::page_bytes() const {
    const std::size_t most = box().router.page_bytes(line_.message.network);
    return most == 0 ? kPage : std::min(kPage, most);
}

std::string Reading::list() {
    std::vector<std::string> lines;
    // What he has blocked is not to push out the rest.
    for (const store::ItemRow& item : tables().items.newest(line_.owner, kLookAt, true)) {
        if (lines.size() == kListItems) break;
        const auto row = copy_of(item);
        if (row && row->state == State::Cancelled && row->attempts == 0) continue;
        const auto message = tables().messages.find(item.message);
        if (!message) continue;
        const bool asks = row && row->state == State::Held && message->owner.empty();
        const std::string line = std::to_string(item.number) + (asks ? "? " : " ") +
                                 who_is(item, *message) + ": " + plain_text(*line_.words, *message);
        const std::string alarm = as_alarm(item);
        lines.push_back(one_line(alarm.empty() ? line : alarm, kListLine));
    }
    return lines.empty() ? say("list_empty") : line_.fitting(lines);
}

// "ALARM 7 ana: text" with the place, whole; empty: it is none.
std::string Reading::as_alarm(const store::ItemRow& item) {
    const auto alarm = tables().alarms.by_message(item.message);
    return alarm ? alarm_line(tables(), box(), *line_.words, *alarm, item.number, 0)
                 : std::string();
}

// The delivery that brings it to him. Cancelled before it came: he blocked its sender, or it was an
// alarm that was closed.
std::optional<store::DeliveryRow> Reading::copy_of(const store::ItemRow& item) {
    for (store::DeliveryRow& row : tables().deliveries.of_message(item.message)) {
        if (row.owner == line_.owner && row.item == item.number) return std::move(row);
    }
    return std::nullopt;
}

// The other end; of a post the group and, if it came from there, who wrote it.
std::string Reading::who_is(const store::ItemRow& item, const store::MessageRow& message) {
    const std::string name =
        short_name(tables(), box(), line_.owner, item.peer, message.message.from_name);
    return is_group(item.peer) && item.incoming ? name + ' ' + post_author(box(), message) : name;
}

std::string Reading::show(const store::ItemRow& item, std::int64_t from) {
    const auto message = tables().messages.find(item.message);
    if (!message) return line_.no_item(item.number);
    const std::string alarm = as_alarm(item);
    const std::string whole = alarm.empty() ? plain_text(*line_.words, *message) : alarm;
    // Not within a letter, should he speak another language since.
    const std::size_t start = cut_bytes(whole, static_cast<std::size_t>(from)).size();
    if (start == whole.size() && start > 0) return say("nothing_more");
    const std::string who = who_is(item, *message);
    const std::string head =
        start == 0 && alarm.empty()
            ? std::to_string(item.number) + ' ' + (item.incoming ? "" : "> ") + who + ": "
            : std::string();
    std::size_t used = 0;
    std::string text = page(head, std::string_view(whole).substr(start), page_bytes(), used);
    tables().items.set_shown(line_.owner, item.number, static_cast<std::int64_t>(start + used));
    line_.talk.last_item = item.number;
    line_.talk.book_after.clear();
    return text;
}

std::string Reading::read(int number) {
    const auto item = tables().items.find(line_.owner, number);
    return item ? show(*item, 0) : line_.no_item(number);
}

std::string Reading::more() {
    if (!line_.talk.book_after.empty()) return AddressBook(line_).more();
    if (line_.talk.last_item != 0) {
        if (const auto item = tables().items.find(line_.owner, line_.talk.last_item)) {
            return show(*item, item->shown);
        }
    }
    const auto newest = tables().items.newest(line_.owner, 1, true);
    return newest.empty() ? say("nothing_more") : show(newest.front(), newest.front().shown);
}

std::string Reading::where_is(int number) {
    const auto item = tables().items.find(line_.owner, number);
    return item ? where(*item) : line_.no_item(number);
}

// As a whole: who is in a group is nothing that its members are told.
std::string Reading::where_post(const store::ItemRow& item) {
    const auto post = tables().posts.find(item.message, item.peer.value);
    if (!post) return line_.no_item(item.number);
    const bool waits = post->state == store::PostState::Waiting;
    const bool dropped = post->state == store::PostState::Dropped;
    return say(waits     ? "group_waits"
               : dropped ? "group_dropped"
                         : "group_in",
               {{"item", std::to_string(item.number)}, {"group", item.peer.value}});
}

// Members who have not got it do not; true: there may be some.
bool Reading::take_back(const store::ItemRow& item) {
    auto post = tables().posts.find(item.message, item.peer.value);
    if (!post) return false;
    const bool open =
        post->state == store::PostState::Waiting || post->state == store::PostState::Passing;
    if (!open) return false;
    post->state = store::PostState::Dropped;
    tables().posts.update(*post);
    if (tables().deliveries.all_ended(item.message))
        tables().messages.set_ended(item.message, line_.ledger.now());
    return true;
}

std::string Reading::where(const store::ItemRow& item) {
    if (!item.incoming) {
        const std::string back = took_back(line_.ledger, *line_.words, item.message, item.number);
        if (!back.empty()) return back;
    }
    if (is_group(item.peer) && !item.incoming) return where_post(item);
    tables().owed.erase(line_.owner, item.message);
    std::vector<std::string> lines;
    std::vector<std::string> labelled;
    const auto events = tables().events.of_message(item.message);
    for (const store::DeliveryRow& row : tables().deliveries.of_message(item.message)) {
        if (item.incoming && is_mailbox(row.recipient)) continue;  // the same, once more
        if (item.incoming && row.id != item.delivery && row.owner != line_.owner) continue;
        lines.push_back(where(item, row, events));
        labelled.push_back(lines.back());
        // Of what came to him the way here, of what he wrote the way on.
        const auto privacy = last_hop(events, item.incoming ? 0 : row.id);
        if (privacy) labelled.back() += ", " + say(label_of(*privacy));
    }
    if (!lines.empty()) return line_.fitting(size_of(labelled) <= kAnswerBytes ? labelled : lines);
    if (!item.incoming) return line_.no_item(item.number);
    // Something that was asked of him (custody/matters.h).
    const std::chrono::milliseconds since(line_.ledger.now() - item.changed_ms);
    return say("where_incoming", {{"item", std::to_string(item.number)},
                                  {"who", short_name(tables(), box(), line_.owner, item.peer, {})},
                                  {"ago", said_time(*line_.words, since)}});
}

// Never more than the last proof.
std::string Reading::where(const store::ItemRow& item, const store::DeliveryRow& row,
                           const std::vector<store::EventRow>& events) {
    const std::string number = std::to_string(item.number);
    const Address& other = item.incoming ? item.peer : row.recipient;
    std::string who = short_name(tables(), box(), line_.owner, other, {});
    if (is_mailbox(other)) who = say("by_mail", {{"who", who}});
    const std::string ago =
        said_time(*line_.words, std::chrono::milliseconds(line_.ledger.now() - row.changed_ms));
    if (item.incoming) {
        return say("where_incoming", {{"item", number}, {"who", who}, {"ago", ago}});
    }
    if (row.state == State::Deferred) {
        const std::chrono::milliseconds left(row.due_box_ms - box().box_ms());
        return say("where_waiting",
                   {{"item", number}, {"who", who}, {"time", said_time(*line_.words, left)}});
    }
    if (row.state == State::Queued || row.state == State::Ready) {
        return say("where_ready", {{"item", number}, {"who", who}});
    }
    const std::string handed = where_handed(row, number, who, events);
    if (!handed.empty()) return handed;
    const std::string why = said_why(*line_.words, row.state, row.code, row.detail);
    return say(std::string("where_") + to_string(row.state),
               {{"item", number}, {"who", who}, {"ago", ago}, {"why", why}});
}

// Of what goes by call or courier, the newest that is known; empty: it does not.
std::string Reading::where_handed(const store::DeliveryRow& row, const std::string& number,
                                  const std::string& who,
                                  const std::vector<store::EventRow>& events) {
    if (row.state != State::Sent) return {};
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (event->delivery != row.id) continue;
        const auto handed = handed_of(event->code, event->detail);
        if (!handed) continue;
        const std::chrono::milliseconds since(line_.ledger.now() - event->at_ms);
        return say(handed->kind == Handed::Kind::Waits ? "where_waits_courier" : "where_arrived",
                   {{"item", number},
                    {"who", who},
                    {"machine", one_line(handed->to, kMachine)},
                    {"ago", said_time(*line_.words, since)}});
    }
    return {};
}

std::string Reading::cancel(int number) {
    const auto item = tables().items.find(line_.owner, number);
    if (!item) return line_.no_item(number);
    if (item->incoming) return say("not_yours", {{"item", std::to_string(number)}});
    bool cancelled = is_group(item->peer) && take_back(*item);
    bool left = false;
    for (store::DeliveryRow& row : tables().deliveries.of_message(item->message)) {
        const bool ended = row.state == State::Failed || row.state == State::Expired ||
                           row.state == State::Cancelled;
        const bool waits = !is_final(row.state) && row.state != State::Sending;
        left = left || (!ended && !waits);
        if (!waits) continue;
        line_.ledger.move(row, State::Cancelled, ProofClass::Observed, {}, "by its sender");
        cancelled = true;
    }
    const bool before = left && is_asked_back(line_.ledger, item->message);
    // Answered when nothing can stop it any more (custody/take_back.h).
    const bool asked =
        left && !before && ask_back(line_.ledger, line_.owner, item->message, line_.message.from);
    if (!cancelled && asked) return {};
    if (!cancelled)
        return left && !before ? say("too_late", {{"item", std::to_string(number)}}) : where(*item);
    tables().items.set_done(line_.owner, number, line_.ledger.now());
    return say(left ? "cancelled_partly" : "cancelled", {{"item", std::to_string(number)}});
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/compose.h"

#include <algorithm>
#include <sstream>

#include "gateway/custody/alarm_text.h"
#include "gateway/custody/first_mail.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/imitation.h"
#include "gateway/custody/language.h"
#include "gateway/custody/return_path.h"
#include "gateway/custody/take_back.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"
#include "gateway/message/why.h"

namespace waypost {
namespace {

constexpr std::size_t kNameBytes = 16;
constexpr std::size_t kNickBytes = 24;
constexpr char kOurself[] = "local";   // origin network of what the gateway says
constexpr std::size_t kMoreBytes = 8;  // " +1023k" and a margin

// What it answers, as this network knows it.
std::vector<std::string> references_on(store::Tables& tables, const std::string& network,
                                       const store::MessageRow& message) {
    std::vector<std::string> result;
    // Our own short answers name the number they speak of: a reference would be airtime for
    // nothing.
    if (message.answers == 0 || message.kind == store::Kind::Answer) return result;
    const auto answered = tables.messages.find(message.answers);
    if (!answered) return result;
    if (answered->message.network == network && !answered->message.origin_id.empty()) {
        result.push_back(answered->message.origin_id);
        for (const auto& older : answered->message.references) result.push_back(older);
        return result;
    }
    // It went out over this network: the id that it had there.
    for (const auto& delivery : tables.deliveries.of_message(message.answers)) {
        if (delivery.network == network && !delivery.wire_id.empty()) {
            result.push_back(delivery.wire_id);
        }
    }
    return result;
}

void name_sender(const Box& box, const store::MessageRow& message, Delivery& out) {
    const auto people = box.directory.get();
    const bool ours = !message.owner.empty();
    if (message.message.automatic && message.message.network == kOurself) {
        out.from = mailto("postmaster", box.settings->domain);
        out.from_name = box.settings->village + " post";
        out.reply_to = message.message.from;  // of what asks for an answer; else empty
        return;
    }
    out.from = ours ? outside_address(box, message.owner) : message.message.from;
    const Person* person = ours ? people->find(message.owner) : nullptr;
    out.from_name =
        person && !person->row.name.empty() ? person->row.name : message.message.from_name;
    if (!ours || message.message.automatic) return;
    const auto window = person ? box.settings->reply_window : box.settings->stranger_reply_window;
    const std::string local(out.from.local_part());
    out.reply_to = mailto(local + '+' + box.tokens.make(local, box.day() + window.count() / 24),
                          out.from.domain());
}

// A post goes on in its author's name if that is of ours, else in the group's.
void name_list(const store::PostRow& post, const Box& box, const store::MessageRow& message,
               Delivery& out) {
    ListPost list;
    list.address = mailto(post.group, box.settings->domain);
    const auto people = box.directory.get();
    if (const auto* row = people->group(post.group)) list.title = row->title;
    std::istringstream passed(post.lists);
    for (std::string each; passed >> each;) list.passed.push_back(each);
    list.in_its_name = message.owner.empty();
    if (list.in_its_name) {
        const Message& m = message.message;
        out.from = list.address;
        out.from_name = (m.from_name.empty() ? std::string(m.from.local_part()) : m.from_name) +
                        " via " + post.group;
    }
    out.reply_to = list.address;
    out.list = std::move(list);
}

// Asked of the deliveries of the post that it answers, a large group would be walked through for
// each of its members.
std::vector<std::string> post_references(store::Tables& tables, const store::DeliveryRow& row,
                                         const store::PostRow& post,
                                         const store::MessageRow& message) {
    std::vector<std::string> result;
    const auto answered = tables.posts.find(message.answers, post.group);
    if (answered) result.push_back(answered->origin);
    if (message.message.network != row.network) return result;
    for (const std::string& each : message.message.references) {
        if (std::find(result.begin(), result.end(), each) == result.end()) result.push_back(each);
    }
    return result;
}

void make_post(store::Tables& tables, const Box& box, const store::DeliveryRow& row,
               const store::MessageRow& message, const store::PostRow& post, Delivery& out) {
    name_list(post, box, message, out);
    out.automatic = false;
    out.return_path = return_path_of(box, row.id);
    out.message_id = post.origin;
    out.references = post_references(tables, row, post, message);
}

// What is only forwarded keeps its sender's, also to a villager's own address outside; what we say
// by ourselves goes without one (RFC 3834 2).
Address return_path(const Box& box, const store::DeliveryRow& row, const Address& endpoint,
                    const store::MessageRow& message) {
    const Message& m = message.message;
    if (m.automatic && m.network == kOurself) return {};
    const bool forwarded = message.owner.empty() && !box.router.ours(m.from);
    if (forwarded || endpoint.scheme != "mailto") return m.return_path;
    return m.automatic ? Address{} : return_path_of(box, row.id);
}

Report::Action action_of(store::ReportOf report) {
    switch (report) {
        case store::ReportOf::Arrival:
            return Report::Action::Delivered;
        case store::ReportOf::Relay:
            return Report::Action::Relayed;
        case store::ReportOf::Failure:
            return Report::Action::Failed;
        case store::ReportOf::Delay:
        case store::ReportOf::Nothing:
            break;
    }
    return Report::Action::Delayed;
}

std::string status_of(const store::DeliveryRow& row, Report::Action action) {
    if (action == Report::Action::Delivered || action == Report::Action::Relayed) return "2.0.0";
    if (action == Report::Action::Delayed) return "4.4.1";  // RFC 3463: no answer from the host
    if (row.state == State::Expired) return "4.4.7";        // delivery time expired
    const std::string code = row.code.substr(row.code.rfind(' ') + 1);
    const bool enhanced = code.size() >= 5 && code[0] == '5' && code[1] == '.';
    return enhanced ? code : "5.0.0";
}

std::optional<Report> report_of(store::Tables& tables, const Box& box,
                                const store::MessageRow& message) {
    const auto about = tables.deliveries.find(message.about);
    const auto original = tables.messages.find(message.answers);
    if (!about || !original) return std::nullopt;
    Report report;
    report.action = action_of(message.report);
    if (const auto asked = tables.wishes.find(message.about)) {
        report.envelope_id = asked->envelope_id;
        report.original_recipient = asked->wish.recipient;
    }
    report.recipient =
        about->recipient.scheme == "mailto" ? about->recipient : outside_address(box, about->owner);
    report.status = status_of(*about, report.action);
    report.diagnostic = one_line(about->detail.empty() ? about->code : about->detail, 120);
    report.original_id = original->message.origin_id;
    report.arrived = wall_from_ms(original->created_ms);
    if (report.action == Report::Action::Delayed)
        report.retry_until = wall_from_ms(about->expires_ms);
    report.original = original->message.body;
    return report;
}

// What the next mail server is asked: of a mail to a neighbour's people to tell all that it can; of
// a forwarded one what its sender asked.
void ask_next(store::Tables& tables, const Box& box, const store::DeliveryRow& row, Delivery& out) {
    if (out.to.scheme != "mailto" || out.return_path.empty() || out.automatic) return;
    if (const auto asked = tables.wishes.find(row.id)) {
        out.wish = asked->wish;
        out.envelope_id = asked->envelope_id;
    } else if (box.router.ours(out.return_path) && box.neighbours.speaker(out.to) != nullptr) {
        out.wish = Wish{true, true, true, "rfc822;" + out.to.value};
        // Without the angle brackets of a Message-ID.
        if (out.message_id.size() > 2)
            out.envelope_id = out.message_id.substr(1, out.message_id.size() - 2);
    }
}

// In its reader's language. A mail says more, and has a subject.
void render_alarm(store::Tables& tables, const Box& box, const store::DeliveryRow& row,
                  const store::AlarmRow& alarm, const Limits& limits, Delivery& out) {
    const Catalogue& words = words_of(tables, box, row.owner);
    const bool mail = limits.message_bytes == 0;
    const std::size_t most = mail ? 0 : std::min(limits.message_bytes, kLineBytes);
    if (box.neighbours.speaker(row.recipient) != nullptr) {
        // Its box says that it is an alarm, and from where.
        const std::string place = place_of(tables, box, words, alarm.caller);
        out.text = alarm.who + ": " + alarm.text + (place.empty() ? place : ' ' + place);
        return;
    }
    out.text = alarm_line(tables, box, words, alarm, row.item, most);
    if (!mail) return;
    out.subject = words.letter("alarm_subject", {{"who", alarm.who}});
    out.text += "\n\n" + words.letter("alarm_by_mail", {{"who", alarm.who}}) + '\n';
}

void render(store::Tables& tables, const Box& box, const store::DeliveryRow& row,
            const store::MessageRow& message, const std::string& group, const Limits& limits,
            Composed& out) {
    const bool is_alarm = message.kind == store::Kind::Alarm;
    // A neighbour's is on record as a message only.
    if (const auto alarm = is_alarm ? tables.alarms.by_message(message.id) : std::nullopt) {
        return render_alarm(tables, box, row, *alarm, limits, out.delivery);
    }
    if (limits.message_bytes == 0) {
        out.delivery.text = message.message.text + first_mail_note(tables, box, row, message);
        return;
    }
    const std::string text = plain_text(words_of(tables, box, row.owner), message);
    std::string head;
    if (row.item != 0 && is_alarm) {
        head = std::to_string(row.item) + ' ';  // an alarm's text says whose it is
    } else if (row.item != 0 && !group.empty()) {
        head = std::to_string(row.item) + " #" + group + ' ' + post_author(box, message) + ": ";
    } else if (row.item != 0) {
        const Address from = message.owner.empty() ? message.message.from : person(message.owner);
        head = std::to_string(row.item) + ' ' +
               short_name(tables, box, row.owner, from, message.message.from_name) + ": ";
    }
    out.delivery.text = page(head, text, limits.message_bytes, out.shown.bytes);
}

// Held, and then let go by the operator's own word.
bool has_passed(store::Tables& tables, const store::DeliveryRow& row) {
    bool held = false;
    for (const store::EventRow& event : tables.events.of_message(row.message)) {
        if (event.delivery != row.id) continue;
        if (held && event.kind == to_string(State::Ready) &&
            event.detail == to_string(Why::Operator))
            return true;
        held =
            event.kind == to_string(State::Held) || (held && event.kind != to_string(State::Ready));
    }
    return false;
}

}  // namespace

Address outside_address(const Box& box, const std::string& owner) {
    const std::size_t mark = owner.find(":!");
    const std::string local = mark == std::string::npos ? owner : owner.substr(mark + 2);
    return mailto(local, box.settings->domain);
}

std::string short_name(store::Tables& tables, const Box& box, const std::string& owner,
                       const Address& address, const std::string& own_name) {
    if (address.scheme == "person") return address.value;
    if (is_group(address)) return '#' + address.value;
    if (is_mailbox(address)) return address.value;
    if (const auto contact = tables.people.contact(owner, address)) {
        if (!contact->nick.empty()) return one_line(contact->nick, kNickBytes);
    }
    if (const auto theirs = box.neighbours.short_name(address, kNameBytes)) return *theirs;
    return name_from_outside(box, address, own_name, kNameBytes);
}

std::string reply_subject(const std::string& subject) {
    const bool already = lower_ascii(subject.substr(0, 3)) == "re:";
    return subject.empty() || already ? subject : "Re: " + subject;
}

std::string page(const std::string& head, std::string_view text, std::size_t limit,
                 std::size_t& used) {
    const std::size_t room = limit > head.size() ? limit - head.size() : 0;
    if (text.size() <= room) {
        used = text.size();
        return head + std::string(text);
    }
    const auto pages = split_pages(text, room > kMoreBytes ? room - kMoreBytes : 1);
    used = pages.empty() ? 0 : pages.front().size();
    return head + squeeze(text.substr(0, used)) + " +" + short_size(text.size() - used);
}

Composed compose(store::Tables& tables, const Box& box, const store::DeliveryRow& row,
                 const store::MessageRow& message, const Address& endpoint, const Limits& limits) {
    Composed out;
    Delivery& d = out.delivery;
    d.attempt = {row.id, row.resume ? row.attempts : row.attempts + 1};
    if (!row.wire_id.empty()) d.wire_id = row.wire_id;
    d.message = out.shown.message = row.message;
    d.to = endpoint;
    if (message.kind == store::Kind::TakeBack) {
        d.takes_back = taken_back_by(tables, row, message);
        d.message_id = message.message_id;
        d.author = message.owner;
        d.priority = row.priority;
        return out;
    }
    name_sender(box, message, d);
    const std::string group = group_of(tables, row);
    const auto post = group.empty() ? std::nullopt : tables.posts.find(row.message, group);
    d.subject = message.message.subject;
    if (!post) d.references = references_on(tables, row.network, message);
    d.message_id = message.message_id;
    d.automatic = message.message.automatic;
    if (box.directory.get()->find(message.owner) != nullptr) d.author = message.owner;
    d.passed = limits.screens && has_passed(tables, row);
    d.alert = message.kind == store::Kind::Alarm;
    d.priority = row.priority;
    d.return_path = return_path(box, row, endpoint, message);
    if (message.report != store::ReportOf::Nothing) d.report = report_of(tables, box, message);
    const Body& body = message.message.body;
    const bool own_form = message.message.network == row.network;
    // Its size is known also where it was dropped.
    if ((own_form || limits.originals) && !(body.bytes.empty() && body.file.empty())) {
        d.body = body;
        d.body_network = message.message.network;
    }
    if (own_form && body.size > 0 && !message.message.origin_id.empty())
        d.message_id = message.message.origin_id;
    d.written = wall_from_ms(message.created_ms);
    ask_next(tables, box, row, d);
    if (post && limits.message_bytes == 0) make_post(tables, box, row, message, *post, d);
    render(tables, box, row, message, group, limits, out);
    return out;
}

}  // namespace waypost

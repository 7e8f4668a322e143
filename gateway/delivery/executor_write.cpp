// SPDX-License-Identifier: Apache-2.0
// Commands that send: to addresses, nicknames and handles, as an answer, or to the open talk.
#include <algorithm>

#include "gateway/commands/handle.h"
#include "gateway/commands/plain.h"
#include "gateway/delivery/compose.h"
#include "gateway/delivery/executor.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kTalkLength = std::chrono::hours(1);
constexpr std::size_t kChoices = 3;
constexpr std::size_t kShownAddress = 60;

}  // namespace

// A nickname of his own, a person of this village, "handle.box", or an address URI.
Address Executor::recipient(const std::string& typed, std::string& problem) {
    if (typed.empty() || typed[0] != '@') {
        const auto address = parse_address(typed);
        if (address.ok()) return *address;
        problem = say("bad_address", {{"address", one_line(typed, kShownAddress)}});
        return {};
    }
    const std::string nick = typed.substr(1);
    if (const auto contact = tables().people.by_nick(owner_, nick)) return contact->address;
    if (box().directory.get()->find(nick) != nullptr) return person(nick);
    problem = say("who_is", {{"who", one_line(nick, 24)}});
    return {};
}

std::string Executor::send(const std::vector<Address>& to, const std::string& subject,
                           const std::string& text, MessageId answers, const std::string& told) {
    if (!room_) return say("box_full");
    Letter letter;
    letter.message = message_;
    letter.message.to = to;
    letter.message.subject = subject;
    letter.message.text = text;
    letter.owner = owner_;
    letter.answers = answers;
    letter.whole = true;
    const auto people = box().directory.get();
    for (const Address& each : to) letter.routes.push_back(box().router.route(each, *people));
    for (std::size_t i = 0; i < to.size(); ++i) {
        const Verdict seen = look(box(), letter.routes[i], true, to[i], text.size());
        if (!seen.kept()) return say("not_kept", {{"reason", one_line(seen.text, 80)}});
    }
    const Taken taken = take_letter(ledger_, letter);
    for (const Verdict& verdict : taken.verdicts) {
        if (verdict.kept()) continue;
        if (verdict.reason == Verdict::Reason::QuotaFull) {
            const bool stranger = owner_.find(':') != std::string::npos;
            return say("quota",
                       {{"most", std::to_string(stranger ? box().settings.stranger_mails_per_day
                                                         : box().settings.person_mails_per_day)}});
        }
        return say("not_kept", {{"reason", one_line(verdict.text, 80)}});
    }
    talk_.draft.clear();
    talk_.choices.clear();
    talk_.confirm.clear();
    about_ = taken.message;
    const std::string item = std::to_string(taken.item);
    return told.empty() ? say("kept", {{"item", item}})
                        : say("kept_to", {{"item", item}, {"who", told}});
}

std::string Executor::operator()(const command::Write& c) {
    std::vector<Address> to;
    for (const std::string& typed : c.to) {
        std::string problem;
        to.push_back(recipient(typed, problem));
        if (!problem.empty()) return problem;
    }
    if (c.text.empty() && c.subject.empty()) {
        // "To whom?" is answered by an address alone.
        if (talk_.draft.empty()) return say("help_write");
        return send(to, {}, std::string(talk_.draft), 0, short_name(tables(), owner_, to[0], {}));
    }
    return send(to, c.subject, c.text, 0, {});
}

std::string Executor::operator()(const command::Answer& c) {
    const auto item = tables().items.find(owner_, c.item);
    if (!item) return no_item(c.item);
    if (item->peer.empty()) return no_item(c.item);
    const auto answered = tables().messages.find(item->message);
    const std::string subject = answered ? reply_subject(answered->message.subject) : std::string();
    return send({item->peer}, subject, c.text, item->message, {});
}

std::string Executor::operator()(const command::OpenTalk& c) {
    std::string problem;
    const Address who = recipient('@' + c.nick, problem);
    if (!problem.empty()) return problem;
    talk_.with = who.uri();
    talk_.until_box_ms = box().box_ms() + kTalkLength.count();
    if (!talk_.draft.empty()) return send_draft_to(who);
    return say("talk_opened", {{"who", one_line(c.nick, 16)}});
}

std::string Executor::operator()(const command::Say& c) {
    const auto with = parse_address(talk_.with);
    if (talk_.with.empty() || talk_.until_box_ms <= box().box_ms() || !with.ok()) {
        std::string nobody;
        const Address named =
            talk_.draft.empty() ? Address{} : recipient('@' + fold(c.text), nobody);
        return named.empty() ? draft(c.text, c.distress) : send_draft_to(named);
    }
    talk_.until_box_ms = box().box_ms() + kTalkLength.count();
    std::string receipt = send({*with}, {}, c.text, 0, short_name(tables(), owner_, *with, {}));
    if (!c.distress) return receipt;
    talk_.draft = c.text;
    talk_.draft_box_ms = box().box_ms();
    talk_.confirm = "sos";
    return receipt + ". " + say("distress");
}

std::string Executor::send_draft_to(const Address& who) {
    return send({who}, {}, std::string(talk_.draft), 0, short_name(tables(), owner_, who, {}));
}

// Kept as a draft; the people he wrote with last are offered by number. Distress is asked about
// first, and the numbers of the people begin behind it.
std::string Executor::draft(const std::string& text, bool distress) {
    talk_.draft = text;
    talk_.draft_box_ms = box().box_ms();
    talk_.choices.clear();
    talk_.confirm = distress ? "sos" : "";
    const std::string offer = offer_recipients(distress ? 2 : 1);
    if (offer.empty()) return say(distress ? "draft_distress_none" : "draft_none");
    return say(distress ? "draft_distress" : "draft", {{"choices", offer}});
}

std::string Executor::offer_recipients(std::size_t first_number) {
    std::string offer;
    for (const store::ItemRow& item : tables().items.newest(owner_, 20, false)) {
        const std::string uri = item.peer.empty() ? std::string() : item.peer.uri();
        if (uri.empty() ||
            std::find(talk_.choices.begin(), talk_.choices.end(), uri) != talk_.choices.end()) {
            continue;
        }
        offer += (offer.empty() ? "" : " ") + std::to_string(talk_.choices.size() + first_number) +
                 ' ' + short_name(tables(), owner_, item.peer, {});
        talk_.choices.push_back(uri);
        if (talk_.choices.size() == kChoices) break;
    }
    return offer;
}

std::string Executor::operator()(const command::Choice& c) {
    if (talk_.alarm_asked && c.number <= 1) return answer_alarm_question(c.number == 1);
    const std::string confirm = std::exchange(talk_.confirm, {});
    const std::vector<std::string> choices = std::exchange(talk_.choices, {});
    const bool distress = confirm == "sos";
    if (c.number == 1 && !confirm.empty()) return confirmed(confirm);
    if (!confirm.empty() && !distress) return confirmed("no " + confirm);
    const auto place = static_cast<std::size_t>(c.number) - (distress ? 2 : 1);
    if (c.number < 1 || place >= choices.size()) {
        talk_.draft.clear();
        return c.number == 0 ? say("dropped") : say("nothing_asked");
    }
    const auto who = parse_address(choices[place]);
    if (!who.ok() || talk_.draft.empty()) return say("nothing_asked");
    return send_draft_to(*who);
}

}  // namespace waypost

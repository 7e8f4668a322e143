// SPDX-License-Identifier: Apache-2.0
// Commands that send: to addresses, nicknames and handles, as an answer, or to the open talk.
#include "gateway/commands/handle.h"
#include "gateway/delivery/compose.h"
#include "gateway/delivery/executor.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kTalkLength = std::chrono::hours(1);
constexpr std::size_t kChoices = 3;

}  // namespace

// A nickname of his own, a person of this village, "handle.box", or an address URI.
Address Executor::recipient(const std::string& typed, std::string& problem) {
    if (typed.empty() || typed[0] != '@') {
        const auto address = parse_address(typed);
        if (address.ok()) return *address;
        problem = say("bad_address", {{"address", typed.substr(0, 60)}});
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
    if (c.text.empty() && c.subject.empty()) return say("help_write");
    return send(to, c.subject, c.text, 0, {});
}

std::string Executor::operator()(const command::Answer& c) {
    const auto item = tables().items.find(owner_, c.item);
    if (!item) return no_item(c.item);
    if (item->peer.empty()) return no_item(c.item);
    return send({item->peer}, {}, c.text, item->message, {});
}

std::string Executor::operator()(const command::OpenTalk& c) {
    std::string problem;
    const Address who = recipient('@' + c.nick, problem);
    if (!problem.empty()) return problem;
    talk_.with = who.uri();
    talk_.until_box_ms = box().box_ms() + kTalkLength.count();
    return say("talk_opened", {{"who", one_line(c.nick, 16)}});
}

std::string Executor::operator()(const command::Say& c) {
    if (!talk_.with.empty() && talk_.until_box_ms > box().box_ms()) {
        const auto who = parse_address(talk_.with);
        if (who.ok()) {
            talk_.until_box_ms = box().box_ms() + kTalkLength.count();
            return send({*who}, {}, c.text, 0, short_name(tables(), owner_, *who, {}));
        }
    }
    return draft(c.text, c.distress);
}

// Kept as a draft; the people he wrote with last are offered by number.
std::string Executor::draft(const std::string& text, bool distress) {
    talk_.draft = text;
    talk_.choices.clear();
    talk_.confirm = distress ? "sos" : "";
    if (distress) return say("distress_offer");
    std::string offer;
    for (const store::ItemRow& item : tables().items.newest(owner_, 20, false)) {
        const std::string uri = item.peer.empty() ? std::string() : item.peer.uri();
        if (uri.empty() ||
            std::find(talk_.choices.begin(), talk_.choices.end(), uri) != talk_.choices.end()) {
            continue;
        }
        talk_.choices.push_back(uri);
        offer += (offer.empty() ? "" : " ") + std::to_string(talk_.choices.size()) + ' ' +
                 short_name(tables(), owner_, item.peer, {});
        if (talk_.choices.size() == kChoices) break;
    }
    return offer.empty() ? say("draft_none") : say("draft", {{"choices", offer}});
}

std::string Executor::operator()(const command::Choice& c) {
    const std::string confirm = std::exchange(talk_.confirm, {});
    const std::vector<std::string> choices = std::exchange(talk_.choices, {});
    if (!confirm.empty()) return c.number == 1 ? confirmed(confirm) : confirmed("no " + confirm);
    if (c.number < 1 || static_cast<std::size_t>(c.number) > choices.size()) {
        talk_.draft.clear();
        return c.number == 0 ? say("dropped") : say("nothing_asked");
    }
    const auto who = parse_address(choices[static_cast<std::size_t>(c.number) - 1]);
    if (!who.ok() || talk_.draft.empty()) return say("nothing_asked");
    return send({*who}, {}, std::string(talk_.draft), 0, short_name(tables(), owner_, *who, {}));
}

}  // namespace waypost

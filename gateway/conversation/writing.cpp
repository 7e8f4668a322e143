// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/writing.h"

#include <algorithm>

#include "gateway/commands/plain.h"
#include "gateway/conversation/group_talk.h"
#include "gateway/conversation/kept_receipt.h"
#include "gateway/conversation/publishing.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/fair_share.h"
#include "gateway/custody/held.h"
#include "gateway/custody/intake.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kTalkLength = std::chrono::hours(1);
constexpr std::size_t kChoices = 3;
constexpr std::size_t kShownAddress = 60;
constexpr std::size_t kChoiceBytes = 16;

}  // namespace

Address Writing::recipient(const std::string& typed, std::string& problem) {
    if (typed.empty() || typed[0] != '@') {
        const auto address = parse_address(typed);
        if (address.ok()) return *address;
        problem = say("bad_address", {{"address", one_line(typed, kShownAddress)}});
        return {};
    }
    const std::string nick = typed.substr(1);
    if (const auto contact = tables().people.by_nick(line_.owner, nick)) return contact->address;
    if (box().directory.get()->find(nick) != nullptr) return person(nick);
    if (const auto theirs = box().neighbours.address(nick)) return *theirs;
    problem = say("who_is", {{"who", one_line(nick, 24)}});
    return {};
}

std::string Writing::send(const std::vector<Address>& to, const std::string& subject,
                          const std::string& text, MessageId answers, const std::string& told) {
    if (!line_.disk_has_room) return say("box_full");
    Letter letter;
    letter.message = line_.message;
    letter.message.to = to;
    letter.message.subject = subject;
    letter.message.text = text;
    letter.owner = line_.owner;
    letter.answers = answers;
    letter.whole = true;
    const auto people = box().directory.get();
    for (const Address& each : to) letter.routes.push_back(box().router.route(each, *people));
    const bool leaves = std::any_of(letter.routes.begin(), letter.routes.end(), [](const Route& r) {
        return r.kind == Route::Kind::Outside || r.kind == Route::Kind::Stranger;
    });
    if (leaves && is_minor(box(), line_.owner)) return say("minor_out");
    for (std::size_t i = 0; i < to.size(); ++i) {
        const Verdict seen = look(box(), letter.routes[i], true, to[i], text.size());
        if (!seen.kept()) return said_refusal(*line_.words, seen);
    }
    if (const std::string full = air_is_short(letter.routes); !full.empty()) return full;
    const Taken taken = take_letter(line_.ledger, letter);
    for (const Verdict& verdict : taken.verdicts) {
        if (!verdict.kept()) return line_.refusal(verdict);
    }
    line_.talk.draft.clear();
    line_.talk.choices.clear();
    line_.talk.confirm.clear();
    line_.about = taken.message;
    line_.receipt = LetterKept{taken.item, told};
    return KeptReceipt(line_).words(std::to_string(taken.item));
}

// Too many of his wait for the air where one of these would go; empty: none does.
std::string Writing::air_is_short(const std::vector<Route>& routes) const {
    for (const Route& route : routes) {
        if (route.kind == Route::Kind::Outside || route.kind == Route::Kind::Group) continue;
        if (const auto waits = waits_for_air(line_.ledger, line_.owner, route.network)) {
            return say("air_short", {{"count", std::to_string(waits->count)},
                                     {"time", said_time(*line_.words, waits->again)}});
        }
    }
    return {};
}

std::string Writing::write(const command::Write& c) {
    std::vector<Address> to;
    for (const std::string& typed : c.to) {
        std::string problem;
        to.push_back(recipient(typed, problem));
        if (!problem.empty()) return problem;
    }
    if (c.text.empty() && c.subject.empty()) {
        // "To whom?" is answered by an address alone.
        if (line_.talk.draft.empty()) return say("help_write");
        return send(to, {}, std::string(line_.talk.draft), 0,
                    short_name(tables(), box(), line_.owner, to[0], {}));
    }
    return send(to, c.subject, c.text, 0, {});
}

std::string Writing::answer(const command::Answer& c) {
    const auto item = tables().items.find(line_.owner, c.item);
    if (!item) return line_.no_item(c.item);
    if (item->peer.empty()) return line_.no_item(c.item);
    if (is_group(item->peer)) return GroupTalk(line_).post(item->peer.value, c.text, item->message);
    const auto answered = tables().messages.find(item->message);
    const std::string subject = answered ? reply_subject(answered->message.subject) : std::string();
    std::string receipt = send({item->peer}, subject, c.text, item->message, {});
    // Who answers what was held takes it.
    if (item->incoming && line_.about != 0) {
        release_from(line_.ledger, line_.owner, item->peer, "its owner answered");
    }
    return receipt;
}

std::string Writing::open_talk(const command::OpenTalk& c) {
    std::string problem;
    const Address who = recipient('@' + c.nick, problem);
    if (!problem.empty()) return problem;
    line_.talk.with = who.uri();
    line_.talk.until_box_ms = box().box_ms() + kTalkLength.count();
    if (!line_.talk.draft.empty()) return send_draft_to(who);
    return say("talk_opened", {{"who", one_line(c.nick, 16)}});
}

std::string Writing::say_on(const command::Say& c) {
    const auto with = parse_address(line_.talk.with);
    if (line_.talk.with.empty() || line_.talk.until_box_ms <= box().box_ms() || !with.ok()) {
        Publishing publishing(line_);
        if (!c.to_all.empty() && !c.distress && publishing.may_post())
            return publishing.post_by_word(c.to_all);
        std::string nobody;
        const Address named =
            line_.talk.draft.empty() ? Address{} : recipient('@' + fold(c.text), nobody);
        return named.empty() ? draft(c.text, c.distress) : send_draft_to(named);
    }
    line_.talk.until_box_ms = box().box_ms() + kTalkLength.count();
    std::string receipt =
        send({*with}, {}, c.text, 0, short_name(tables(), box(), line_.owner, *with, {}));
    if (!c.distress) return receipt;
    line_.talk.draft = c.text;
    line_.talk.draft_box_ms = box().box_ms();
    line_.talk.confirm = "sos";
    return receipt + ". " + say("distress");
}

std::string Writing::send_draft_to(const Address& who) {
    return send({who}, {}, std::string(line_.talk.draft), 0,
                short_name(tables(), box(), line_.owner, who, {}));
}

// Kept as a draft; the people he wrote with last are offered by number. Distress is asked about
// first, and the numbers of the people begin behind it.
std::string Writing::draft(const std::string& text, bool distress) {
    line_.talk.draft = text;
    line_.talk.draft_box_ms = box().box_ms();
    line_.talk.choices.clear();
    line_.talk.confirm = distress ? "sos" : "";
    const std::string offer = offer_recipients(distress ? 2 : 1);
    if (offer.empty()) return say(distress ? "draft_distress_none" : "draft_none");
    return say(distress ? "draft_distress" : "draft", {{"choices", offer}});
}

std::string Writing::offer_recipients(std::size_t first_number) {
    std::string offer;
    for (const store::ItemRow& item : tables().items.newest(line_.owner, 20, false)) {
        const std::string uri = item.peer.empty() ? std::string() : item.peer.uri();
        if (uri.empty() || std::find(line_.talk.choices.begin(), line_.talk.choices.end(), uri) !=
                               line_.talk.choices.end()) {
            continue;
        }
        offer += (offer.empty() ? "" : " ") +
                 std::to_string(line_.talk.choices.size() + first_number) + ' ' +
                 one_line(short_name(tables(), box(), line_.owner, item.peer, {}), kChoiceBytes);
        line_.talk.choices.push_back(uri);
        if (line_.talk.choices.size() == kChoices) break;
    }
    return offer;
}

std::string Writing::choose(int number, const std::vector<std::string>& choices, int first_number) {
    const auto place = static_cast<std::size_t>(number - first_number);
    if (number < first_number || place >= choices.size()) {
        line_.talk.draft.clear();
        return number == 0 ? say("dropped") : say("nothing_asked");
    }
    const auto who = parse_address(choices[place]);
    if (!who.ok() || line_.talk.draft.empty()) return say("nothing_asked");
    return send_draft_to(*who);
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/identity.h"

#include <algorithm>

#include "gateway/commands/handle.h"
#include "gateway/commands/look_alike.h"
#include "gateway/custody/codes.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/held.h"
#include "gateway/custody/language.h"
#include "gateway/custody/matters.h"
#include "gateway/custody/radios.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kVillagerAfter = std::chrono::hours(24 * 7);
constexpr char kNamed[] = "named";  // of all radios together

// The settings name it: whoever has it decides, or is told of alarms and ends them.
// By its look: on a small display the one is read as the other. Empty: none does.
std::string office_like(const Box& box, const std::string& handle) {
    const std::string look = look_of(handle);
    const auto same = [&](const std::string& each) { return look_of(each) == look; };
    for (const auto* names : {&box.settings->operators, &box.settings->responders}) {
        const auto found = std::find_if(names->begin(), names->end(), same);
        if (found != names->end()) return *found;
    }
    return {};
}

bool is_named(const Box& box, const std::string& handle) {
    const auto in = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), handle) != names.end();
    };
    return in(box.settings->operators) || in(box.settings->responders);
}

bool means_more_than_a_mailbox(const Box& box, const std::string& handle) {
    return !office_like(box, handle).empty();
}

}  // namespace

std::string Identity::name(const std::string& typed) {
    const std::size_t space = typed.find(' ');
    if (space == std::string::npos) return ask_name(typed);
    return name_by_code(typed.substr(0, space), typed.substr(space + 1));
}

std::string Identity::why_not() {
    if (line_.doubted) return say("key_doubted");
    if (!line_.from_stranger()) {
        return say("name_now", {{"address", outside_address(box(), line_.owner).value}});
    }
    return {};
}

std::string Identity::ask_name(const std::string& typed) {
    if (std::string no = why_not(); !no.empty()) return no;
    if (typed.empty())
        return say("name_now", {{"address", outside_address(box(), line_.owner).value}});
    if (has_foreign_letters(typed)) return say("name_letters");
    const auto handle = parse_handle(typed);
    if (!handle.ok()) return say("name_bad");
    const auto radio = tables().people.endpoint(line_.message.from);
    const bool his = radio && radio->person == *handle;
    if (radio && !radio->person.empty() && !radio->suspended)
        return say("name_waits", {{"handle", radio->person},
                                  {"address", outside_address(box(), line_.owner).value}});
    if (radio && radio->suspended && !his) return say("radio_suspended");
    if (std::string no = taken(*handle); !no.empty()) return no;
    line_.talk.confirm = "name " + *handle;
    return say("name_ask",
               {{"handle", *handle}, {"address", mailto(*handle, box().settings->domain).value}});
}

// Who has it may say that this radio is his too; nobody may say so of an operator or responder,
// whose name opens more than a mailbox, or of somebody who is not approved yet.
std::string Identity::taken(const std::string& handle) {
    if (is_reserved(line_.ledger, handle)) return say("name_taken", {{"handle", handle}});
    if (const std::string other = looks_like(tables(), handle); !other.empty())
        return say("name_looks", {{"handle", handle}, {"who", other}});
    const auto person = tables().people.person(handle);
    if (!person) {
        const std::string office = office_like(box(), handle);
        if (office.empty() || is_named(box(), handle)) return {};
        return say("name_looks", {{"handle", handle}, {"who", office}});
    }
    const bool asks = person->approved && !means_more_than_a_mailbox(box(), handle);
    if (asks) line_.talk.confirm = "move " + handle;
    return say(asks ? "name_exists" : "name_taken", {{"handle", handle}});
}

std::string Identity::name_by_code(const std::string& typed, const std::string& code) {
    if (std::string no = why_not(); !no.empty()) return no;
    const auto handle = parse_handle(typed);
    if (!handle.ok()) return say(has_foreign_letters(typed) ? "name_letters" : "name_bad");
    const Address& radio = line_.message.from;
    switch (check_code(line_.ledger, radio, *handle, code)) {
        case CodeCheck::TooManyTries:
            return say("code_tries");
        case CodeCheck::Wrong:
            return say("code_wrong");
        case CodeCheck::Right:
            break;
    }
    withdraw(line_.ledger, radio);
    bind_radio(line_.ledger, radio, *handle);
    line_.owner = *handle;
    return say("name_done", {{"address", mailto(*handle, box().settings->domain).value}});
}

// The answer goes by itself, for its text is wiped with the code.
std::string Identity::code() {
    if (line_.from_stranger()) return say(line_.doubted ? "key_doubted" : "dropped");
    if (!line_.proven) return say("not_sealed");
    const std::string made = make_code(line_.ledger, line_.owner);
    const MessageId answer = line_.ledger.say(
        line_.message.from, say("code_said", {{"code", made}, {"handle", line_.owner}}),
        store::Kind::Answer, Priority::Urgent, line_.owner);
    shown_in(line_.ledger, line_.owner, answer);
    return {};
}

std::string Identity::confirmed(const std::string& what) {
    const std::size_t space = what.find(' ');
    const std::string verb = what.substr(0, space);
    const std::string rest = space == std::string::npos ? std::string() : what.substr(space + 1);
    if (verb == "name") return take_name(rest);
    if (verb == "move") return move_here(rest);
    if (verb == "vouch") return vouch_for(std::stoll(rest));
    if (verb == "lost") return suspend_others();
    return say("nothing_asked");
}

std::string Identity::take_name(const std::string& handle) {
    // Asked of the store: somebody may have taken it since the question.
    if (std::string no = taken(handle); !no.empty()) {
        line_.talk.confirm.clear();
        return no;
    }
    auto& state = tables().state;
    if (state.used("-", box().day(), kNamed) >= box().settings->names_per_day)
        return say("name_busy");
    const bool approved = !box().settings->approval && !means_more_than_a_mailbox(box(), handle);
    if (!approved) {
        const std::string answer = ask_approval(line_.ledger, line_.message.from, handle);
        if (answer != "name_asked") return say(answer, {{"handle", handle}});
    } else {
        withdraw(line_.ledger, line_.message.from);
    }
    state.use("-", box().day(), kNamed);
    return give_name(handle, approved);
}

std::string Identity::give_name(const std::string& handle, bool approved) {
    store::PersonRow person;
    person.handle = handle;
    person.name = clean_name(line_.message.from_name);
    person.language = carry_language(line_.ledger, line_.owner, handle);
    person.role = "villager";
    person.approved = approved;
    person.created_ms = line_.ledger.now();
    tables().people.put_person(person);
    store::EndpointRow radio =
        tables().people.endpoint(line_.message.from).value_or(store::EndpointRow{});
    radio.address = line_.message.from;
    radio.person = handle;
    radio.bound_ms = line_.ledger.now();
    tables().people.put_endpoint(radio);
    line_.ledger.effects().people_changed = true;
    if (!approved) {
        return say("name_asked",
                   {{"handle", handle}, {"address", outside_address(box(), line_.owner).value}});
    }
    tables().people.move_owner(line_.owner, handle);
    line_.owner = handle;
    release_consented(line_.ledger, line_.owner, "its owner has a name");
    return say("name_done", {{"address", mailto(handle, box().settings->domain).value}});
}

std::string Identity::move_here(const std::string& handle) {
    if (line_.doubted || !line_.from_stranger()) return say("nothing_asked");
    if (!tables().people.has_person(handle)) return say("nothing_asked");
    return say(ask_move(line_.ledger, line_.message.from, handle), {{"handle", handle}});
}

// Of a name that he has had on this radio for a week: two names taken today vouch for nothing.
bool Identity::is_villager() const {
    const auto radio = tables().people.endpoint(line_.message.from);
    return !line_.from_stranger() && line_.proven && radio &&
           radio->bound_ms <= line_.ledger.now() - kVillagerAfter.count();
}

std::string Identity::vouch(const std::string& typed) {
    if (!line_.proven) return say(line_.doubted ? "key_doubted" : "not_sealed");
    const auto handle = parse_handle(typed);
    const auto matter =
        handle.ok() ? tables().matters.of_handle(*handle) : std::optional<store::MatterRow>();
    if (!matter || matter->kind != store::MatterRow::Kind::Move)
        return say("vouch_none", {{"handle", one_line(typed, 20)}});
    if (!is_villager() || line_.owner == matter->handle) return say("vouch_not");
    line_.talk.confirm = "vouch " + std::to_string(matter->message);
    return say("vouch_ask",
               {{"handle", matter->handle}, {"who", radio_label(tables(), matter->radio)}});
}

std::string Identity::vouch_for(MessageId asked) {
    if (!line_.proven) return say(line_.doubted ? "key_doubted" : "not_sealed");
    auto matter = tables().matters.find(asked);
    if (!matter || !is_villager() || line_.owner == matter->handle) return say("matter_over");
    auto& all = matter->vouched;
    if (std::find(all.begin(), all.end(), line_.owner) == all.end()) {
        all.push_back(line_.owner);
        tables().matters.put(*matter);
        tables().events.add({asked,
                             0,
                             line_.ledger.now(),
                             "vouched",
                             ProofClass::Observed,
                             {},
                             {},
                             "by " + line_.owner});
    }
    if (all.size() < kVouchersNeeded)
        return say("vouched", {{"handle", matter->handle}, {"count", std::to_string(all.size())}});
    const bool done = carry_out(line_.ledger, *matter, "two villagers vouch for it", false);
    return say(done ? "move_done" : "matter_over", {{"handle", matter->handle}});
}

std::vector<Address> Identity::other_radios() const {
    auto others = radios_of(tables(), line_.owner, false);
    std::erase(others, line_.message.from);
    return others;
}

std::string Identity::lost() {
    if (line_.from_stranger()) return say(line_.doubted ? "key_doubted" : "dropped");
    if (!line_.proven) return say("not_sealed");
    const auto others = other_radios();
    if (others.empty()) return say("lost_none");
    line_.talk.confirm = "lost";
    return say("lost_ask", {{"count", std::to_string(others.size())}});
}

std::string Identity::suspend_others() {
    if (line_.from_stranger() || !line_.proven) return say("nothing_asked");
    const auto others = other_radios();
    suspend_radios(line_.ledger, line_.owner, others);
    return say("lost_done", {{"count", std::to_string(others.size())}});
}

std::string Identity::found() {
    if (line_.from_stranger()) return say(line_.doubted ? "key_doubted" : "radio_suspended");
    if (!line_.proven) return say("not_sealed");
    const auto radios = radios_of(tables(), line_.owner, true);
    if (radios.empty()) return say("found_none");
    lift_radios(line_.ledger, line_.owner, radios);
    return say("found_done", {{"count", std::to_string(radios.size())}});
}

std::optional<std::string> Identity::decide(int number, bool yes) {
    const auto item = tables().items.find(line_.owner, number);
    if (!item) return std::nullopt;
    const auto matter = tables().matters.find(item->message);
    if (!matter) {
        const auto message = tables().messages.find(item->message);
        if (!message || message->kind != store::Kind::Notice) return std::nullopt;
        return say("matter_over");
    }
    using Kind = store::MatterRow::Kind;
    const bool move = matter->kind == Kind::Move;
    const bool key = matter->kind == Kind::Key;
    const bool hers = matter->kind != Kind::Approval && line_.owner == matter->handle;
    if (!hers && !is_operator(box(), line_.owner)) return say("matter_over");
    // Either word about a key lets go what waits.
    if ((yes || key) && !line_.proven) return say("not_sealed");
    const std::string by = "by " + line_.owner;
    if (!yes) {
        refuse(line_.ledger, *matter, by);
        return say(key    ? "key_no"
                   : move ? "move_stopped"
                          : "approval_no",
                   {{"handle", matter->handle}});
    }
    if (!carry_out(line_.ledger, *matter, by, hers)) return say("matter_over");
    return say(key ? "key_yes" : move ? "move_done" : "approval_yes", {{"handle", matter->handle}});
}

}  // namespace waypost

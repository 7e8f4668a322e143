// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/by_mail.h"

#include "gateway/base/encoding.h"
#include "gateway/commands/catalogue.h"
#include "gateway/custody/language.h"
#include "gateway/custody/outside.h"
#include "gateway/custody/receipts.h"
#include "gateway/groups/members.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr char kAnswered[] = "group-mail";  // use: by address and group, and of all unvouched
constexpr int kUnvouchedPerDay = 20;
constexpr int kPerAddressPerDay = 4;  // in and out again, with both questions
constexpr int kFailures = 3;
constexpr std::int64_t kTokenDays = 7;
constexpr std::chrono::milliseconds kNotLongAgo = std::chrono::hours(24 * 30);

Verdict refused(std::string text) {
    return {Verdict::Kind::Refused, Verdict::Reason::NotAllowed, std::move(text), 0};
}

// What a token is made over: what is to be done, and for whom.
std::string purpose(const char* wish, const std::string& group, const Address& who) {
    return std::string(wish) + ' ' + group + ' ' + lower_ascii(who.value);
}

bool confirms(const Box& box, const char* wish, const std::string& group, const Address& who,
              const std::string& token) {
    return box.tokens.valid(purpose(wish, group, who), token, box.day());
}

Address who_wishes(const Letter& letter) {
    if (letter.owner.empty()) return letter.message.from;
    return is_nameless(letter.owner) ? Address{} : person(letter.owner);
}

bool may_answer(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
                const Address& who) {
    auto& state = ledger.tables().state;
    const std::int64_t today = ledger.box().day();
    const std::string one = short_hash(who.uri() + '\n' + group.name);
    const bool vouched = letter.message.verified_sender || !letter.owner.empty();
    if (state.used(one, today, kAnswered) >= kPerAddressPerDay) return false;
    if (!vouched && state.used("-", today, kAnswered) >= kUnvouchedPerDay) return false;
    state.use(one, today, kAnswered);
    if (!vouched) state.use("-", today, kAnswered);
    return true;
}

// `answers_to`: where his answer does what is asked; empty: nothing is.
void write(Ledger& ledger, const store::GroupRow& group, const Address& who, const std::string& key,
           const Address& answers_to) {
    const Box& box = ledger.box();
    const Catalogue& own = catalogue(box.settings.language);
    const std::string list = list_address(box, group.name).value;
    const std::string leave = mailto(group.name + "+leave", box.settings.domain).value;
    store::MessageRow row;
    row.message.from = answers_to;
    row.message.subject = own.letter(key + "_subject", {{"address", list}});
    row.message.text = in_both(own, [&](const Catalogue& c) {
        return c.letter(key, {{"address", list}, {"leave", leave}});
    });
    write_outside(ledger, row, who);
}

// A villager's answer lies in his mailbox; he has written from one that we know.
Address answer_to(const Box& box, const Address& who) {
    if (who.scheme != "person") return who;
    const Address his = mailbox(who.value);
    return box.directory.get()->endpoint(his) != nullptr ? his : Address{};
}

void answer(Ledger& ledger, const store::GroupRow& group, const Letter& letter, const Address& who,
            const char* key, const Address& answers_to = {}) {
    const Address end = answer_to(ledger.box(), who);
    if (end.empty() || ledger.box().router.network_of(end).empty()) return;
    if (may_answer(ledger, group, letter, who)) write(ledger, group, end, key, answers_to);
}

void ask(Ledger& ledger, const store::GroupRow& group, const Letter& letter, const Address& who,
         const char* wish, const char* key) {
    const Box& box = ledger.box();
    const std::string token =
        box.tokens.make(purpose(wish, group.name, who), box.day() + kTokenDays);
    answer(ledger, group, letter, who, key, mailto(group.name + '+' + token, box.settings.domain));
}

void let_in(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
            const Address& who) {
    if (join_group(ledger, group.name, who, false) != Joined::Full)
        answer(ledger, group, letter, who, "group_welcome");
}

void let_out(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
             const Address& who) {
    if (leave_group(ledger, group.name, who)) answer(ledger, group, letter, who, "group_bye");
}

}  // namespace

Verdict admit_wish(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
                   const Route& route) {
    const Box& box = ledger.box();
    const Message& message = letter.message;
    if (message.automatic || message.lists) return refused("a program cannot join or leave");
    const Address who = who_wishes(letter);
    if (who.empty() || (letter.owner.empty() && box.router.ours(who)))
        return refused("nobody here is called so, or he has not signed in");
    const bool join = route.token == "join" || confirms(box, "join", group.name, who, route.token);
    const bool leave =
        route.token == "leave" || confirms(box, "leave", group.name, who, route.token);
    if (!join && !leave) {
        return refused("what this answers is over, or went to another address: write to " +
                       group.name + "+join@" + box.settings.domain);
    }
    const bool known = ledger.tables().groups.member(group.name, who).has_value();
    const bool full =
        ledger.tables().groups.member_count(group.name) >= box.settings.groups.most_members;
    if (join && !known && full) return refused("this group is full");
    return {};
}

void take_wish(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
               const Route& route) {
    const Address who = who_wishes(letter);
    const bool known = ledger.tables().groups.member(group.name, who).has_value();
    if (route.token == "join") {
        if (!letter.owner.empty()) return let_in(ledger, group, letter, who);
        if (!known) ask(ledger, group, letter, who, "join", "group_confirm");
    } else if (route.token == "leave") {
        const bool sure = !letter.owner.empty() || letter.message.verified_sender;
        if (sure) return let_out(ledger, group, letter, who);
        if (known) ask(ledger, group, letter, who, "leave", "group_confirm_leave");
    } else if (confirms(ledger.box(), "join", group.name, who, route.token)) {
        let_in(ledger, group, letter, who);
    } else {
        let_out(ledger, group, letter, who);
    }
}

void count_failure(Ledger& ledger, const store::GroupRow& group, const store::DeliveryRow& row) {
    auto& groups = ledger.tables().groups;
    auto member = groups.member(group.name, row.recipient);
    // What a list refuses because it has it already says nothing about the next post.
    if (!member || row.recipient.scheme != "mailto" || row.code.find("5.4.6") != std::string::npos)
        return;
    const bool stays_bad = ledger.now() - member->failed_ms < kNotLongAgo.count();
    member->failures = stays_bad ? member->failures + 1 : 1;
    member->failed_ms = ledger.now();
    if (member->failures < kFailures) return groups.put_member(*member);
    leave_group(ledger, group.name, row.recipient);
    for (const store::MemberRow& moderator : groups.moderators(group.name)) {
        const std::string& handle = moderator.address.value;
        const Address endpoint = endpoint_of(ledger.box(), handle);
        if (endpoint.empty()) continue;
        ledger.say(endpoint,
                   words_of(ledger, handle)
                       .say("group_put_out",
                            {{"who", one_line(row.recipient.value, 60)}, {"group", group.name}}),
                   store::Kind::Notice, Priority::Normal, handle);
        return;
    }
}

}  // namespace waypost

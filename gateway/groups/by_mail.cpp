// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/by_mail.h"

#include <charconv>

#include "gateway/base/encoding.h"
#include "gateway/commands/catalogue.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/language.h"
#include "gateway/custody/outside.h"
#include "gateway/custody/receipts.h"
#include "gateway/custody/wording.h"
#include "gateway/groups/members.h"
#include "gateway/groups/posts.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr char kAnswered[] = "group-mail";  // use: by address and group, and of all unvouched
constexpr int kUnvouchedPerDay = 20;
constexpr int kPerAddressPerDay = 4;  // in and out again, with both questions
constexpr int kFailures = 3;
constexpr char kPass[] = "pass";
constexpr char kDrop[] = "drop";
constexpr std::size_t kPostBytes = 4000;  // of what a moderator reads to decide
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
    const Catalogue& own = catalogue(box.settings->language);
    const std::string list = list_address(box, group.name).value;
    const std::string leave = mailto(group.name + "+leave", box.settings->domain).value;
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
    answer(ledger, group, letter, who, key, mailto(group.name + '+' + token, box.settings->domain));
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

// "pass-1k-<token>": what the answer to a question about post 1k (base 36) does.
struct PostWord {
    store::PostRow post;
    std::string handle;  // the moderator who was asked so
    bool passes = false;
};

std::string word_purpose(const std::string& wish, const std::string& group,
                         const std::string& digits, const std::string& handle) {
    return wish + ' ' + group + ' ' + digits + ' ' + handle;
}

std::string digits_of(MessageId message) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, message, 36);
    return {digits, end.ptr};
}

// Who reads the moderator's mail decides for him, whatever his mail program says From; not who is
// no moderator any more.
std::optional<PostWord> word_about_post(Ledger& ledger, const std::string& group,
                                        const std::string& token) {
    const std::size_t first = token.find('-');
    const std::size_t second = token.find('-', first == std::string::npos ? first : first + 1);
    if (second == std::string::npos) return std::nullopt;
    const std::string wish = token.substr(0, first);
    const std::string digits = token.substr(first + 1, second - first - 1);
    if (wish != kPass && wish != kDrop) return std::nullopt;
    const Box& box = ledger.box();
    MessageId message = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), message, 36);
    for (const store::MemberRow& each : ledger.tables().groups.moderators(group)) {
        const std::string purpose = word_purpose(wish, group, digits, each.address.value);
        if (!box.tokens.valid(purpose, token.substr(second + 1), box.day())) continue;
        const auto post = ledger.tables().posts.find(message, group);
        if (post) return PostWord{*post, each.address.value, wish == kPass};
    }
    return std::nullopt;
}

}  // namespace

void ask_by_mail(Ledger& ledger, const store::PostRow& post, const store::MessageRow& row,
                 const std::string& handle, const Address& end) {
    const Box& box = ledger.box();
    const std::string digits = digits_of(post.message);
    const std::int64_t until = box.day() + box.settings->expiry.count() / 24;
    const auto address = [&](const char* wish) {
        const std::string purpose = word_purpose(wish, post.group, digits, handle);
        return mailto(
            post.group + '+' + wish + '-' + digits + '-' + box.tokens.make(purpose, until),
            box.settings->domain);
    };
    const Catalogue& own = words_of(ledger, handle);
    const std::string author = post_author(box, row);
    const std::string text = one_line(plain_text(own, row), kPostBytes);
    store::MessageRow mail;
    mail.message.from = address(kPass);
    mail.message.subject =
        own.letter("group_moderate_subject", {{"group", post.group}, {"author", author}});
    mail.message.text = in_both(own, [&](const Catalogue& c) {
        return c.letter("group_moderate", {{"group", post.group},
                                           {"author", author},
                                           {"post", text},
                                           {"leave", address(kDrop).value}});
    });
    write_outside(ledger, mail, end);
}

Verdict admit_wish(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
                   const Route& route) {
    const Box& box = ledger.box();
    const Message& message = letter.message;
    if (message.automatic || message.lists) return refused("a program cannot join or leave");
    if (const auto word = word_about_post(ledger, group.name, route.token)) {
        if (word->post.state == store::PostState::Waiting) return {};
        return refused("that post waits no more: somebody decided, or its time is over");
    }
    const Address who = who_wishes(letter);
    if (who.empty() || (letter.owner.empty() && box.router.ours(who)))
        return refused("nobody here is called so, or he has not signed in");
    const bool join = route.token == "join" || confirms(box, "join", group.name, who, route.token);
    const bool leave =
        route.token == "leave" || confirms(box, "leave", group.name, who, route.token);
    if (!join && !leave) {
        return refused("what this answers is over, or went to another address: write to " +
                       group.name + "+join@" + box.settings->domain);
    }
    const bool known = ledger.tables().groups.member(group.name, who).has_value();
    const bool full =
        ledger.tables().groups.member_count(group.name) >= box.settings->groups.most_members;
    if (join && !known && full) return refused("this group is full");
    return {};
}

void take_wish(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
               const Route& route) {
    if (auto word = word_about_post(ledger, group.name, route.token)) {
        decide_post(ledger, word->post, word->passes, word->handle);
        return;
    }
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

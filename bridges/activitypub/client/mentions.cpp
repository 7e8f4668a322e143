// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/mentions.h"

#include <algorithm>

#include "bridges/activitypub/vocab/note_text.h"
#include "gateway/base/log.h"
#include "gateway/commands/catalogue.h"
#include "gateway/message/text.h"

namespace waypost::activitypub::client {
namespace {

constexpr char kAccount[] = "account";    // whose position it is
constexpr char kPosition[] = "position";  // id of the newest notification that is done with
constexpr int kMostPages = 25;
constexpr std::size_t kTextBytes = 5 * 1024;

// Pleroma and snac call a message to some alone "private", as they do one to all followers.
bool is_for_few(const Status& status) {
    return status.visibility == "direct" || status.visibility == "private";
}

}  // namespace

std::string ClientGate::language() const {
    const PeopleView* const people = office.people();
    if (people == nullptr) return "en";
    const auto reader = people->resident(person);
    return reader && !reader->language.empty() ? reader->language : people->language();
}

std::optional<Problem> Mentions::look(const SignedIn& in) {
    begin_with(in);
    const auto position = gate_.state.get(kPosition);
    const auto fresh = newer_than(in, position.value_or(""), !position);
    if (!fresh.ok()) return fresh.problem();
    if (!position) {
        gate_.state.put(kPosition, fresh->empty() ? std::string() : fresh->front().id);
        return std::nullopt;
    }
    for (auto each = fresh->rbegin(); each != fresh->rend(); ++each) {
        if (each->status && each->type == "mention" && !take(in, *each->status)) break;
        gate_.state.put(kPosition, each->id);
    }
    return std::nullopt;
}

// Another account begins anew.
void Mentions::begin_with(const SignedIn& in) {
    const std::string account = in.whole(in.own.acct) + ' ' + in.own.id;
    const auto before = gate_.state.get(kAccount);
    if (before == account) return;
    if (before) {
        gate_.state.erase(kPosition);
        gate_.came.clear();
        gate_.went.clear();
    }
    gate_.state.put(kAccount, account);
}

// Newest first, as they come. A server that does not know max_id gives the same page again.
Asked<std::vector<Notification>> Mentions::newer_than(const SignedIn& in, const std::string& since,
                                                      bool one_page) {
    std::vector<Notification> all;
    std::string before;
    for (int page = 0; page < kMostPages; ++page) {
        auto some = gate_.api.notifications(in.token, since, before);
        if (!some.ok()) return some.problem();
        const std::size_t had = all.size();
        for (const Notification& each : *some) {
            if (!since.empty() && each.id == since) return all;
            const bool known = std::any_of(all.begin(), all.end(), [&](const Notification& other) {
                return other.id == each.id;
            });
            if (!known) all.push_back(each);
        }
        if (one_page || all.size() == had) return all;
        before = all.back().id;
    }
    log(Level::Warning, "fediverse-account", "too-many",
        {{"transport", gate_.transport}, {"taken", std::to_string(all.size())}});
    return all;
}

bool Mentions::take(const SignedIn& in, const Status& status) {
    Message message = message_of(in, status);
    const auto from = parse_address(message.from.uri());
    const bool strange = !from.ok() || from->domain() == gate_.office.domain();
    if (strange || status.account.id == in.own.id || is_blank(message.text)) {
        ++passed_;
        return true;
    }
    if (!attach(message, status.note)) return false;
    const Verdict verdict = accept_with_pictures(std::move(message), [this](Message each) {
        const auto verdicts = gate_.office.accept_and_wait(std::move(each));
        return verdicts.empty() ? Verdict{Verdict::Kind::Later, Verdict::Reason::Busy, "try later"}
                                : verdicts.front();
    });
    if (verdict.kind == Verdict::Kind::Later) return false;
    if (!verdict.kept()) {
        ++refused_;
        log(Level::Info, "fediverse-account", "refused",
            {{"from", status.account.acct}, {"why", verdict.text}});
        return true;
    }
    gate_.came.put(status.uri, status.id);
    ++taken_;
    return true;
}

// Nobody waits for this thread but who wrote to the same account. False: it is to end.
bool Mentions::attach(Message& message, const Note& note) {
    PeopleView* const people = gate_.office.people();
    if (pictures_ == nullptr || people == nullptr) return true;
    const auto pictures = pictures_of(note);
    if (pictures.empty() || !is_welcome(gate_.office, *people, message)) return true;
    return pictures_->attach(message, {{}, pictures, gate_.language()});
}

Message Mentions::message_of(const SignedIn& in, const Status& status) {
    Message message;
    message.from = {kScheme, in.whole(status.account.acct)};
    message.to = {gate_.person_address()};
    message.network = kNetwork;
    message.transport = gate_.transport;
    message.origin_id = status.uri;
    message.written = status.note.published;
    message.from_name = status.account.name;
    message.verified_sender = true;  // its server, which the account's server asked, vouches
    message.privacy =
        gate_.api.over_tls() && is_for_few(status) ? Privacy::TlsVerified : Privacy::InClear;
    NoteTextOptions options;
    options.most = kTextBytes;
    options.now = to_ms(gate_.office.clock().wall()) / 1000;
    options.words = &catalogue(gate_.language());
    if (!in.own.url.empty()) options.known_mentions.push_back(in.own.url);
    for (const Account& each : status.mentions)
        if (each.id == in.own.id && !each.url.empty()) options.known_mentions.push_back(each.url);
    message.text = note_text(status.note, options);
    if (std::string known = answers(in, status.in_reply_to_id); !known.empty())
        message.references.push_back(std::move(known));
    return message;
}

// The wire id of ours, or the URI of somebody else's; empty: it answers nothing, or nothing known.
std::string Mentions::answers(const SignedIn& in, const std::string& status_id) {
    if (status_id.empty()) return {};
    if (std::string wire = gate_.went.value_of(status_id); !wire.empty()) return wire;
    if (std::string uri = gate_.came.key_of(status_id); !uri.empty()) return uri;
    const auto status = gate_.api.status(in.token, status_id);
    return status.ok() ? status->uri : std::string();
}

}  // namespace waypost::activitypub::client

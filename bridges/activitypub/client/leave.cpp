// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/leave.h"

#include "bridges/activitypub/client/sign_up.h"
#include "bridges/fetch/web_url.h"
#include "gateway/base/encoding.h"
#include "gateway/commands/catalogue.h"
#include "gateway/message/text.h"

namespace waypost::activitypub::client {
namespace {

constexpr std::size_t kShortestCode = 16;  // those of servers have 32 letters and more

bool is_code(const std::string& text) {
    return text.size() >= kShortestCode && text.find(' ') == std::string::npos && is_ascii(text);
}

Outcome of_error(const Error& error) {
    if (error.retry) return outcome(Outcome::Kind::Retry, "network", error.text);
    return outcome(Outcome::Kind::Failed, "550 5.7.8", error.text);
}

}  // namespace

Address code_address(const std::string& server) {
    const auto url = parse_web_url(server);
    return url.ok() ? Address{kScheme, "code@" + url->host} : Address{};
}

// A code is good once: of one that was taken just before the box was cut off, the token tells.
Outcome Leave::take(const Delivery& delivery, const WireId& wire) {
    if (const auto in = session_.sign_in()) {
        let_in_();
        return say("account_in", "address", in->whole(in->own.acct), wire);
    }
    const std::string text = squeeze(delivery.text);
    if (is_code(text)) return take_code(text, wire);
    const auto link = authorise(options_);
    if (!link.ok()) return of_error(link.error());
    return say("account_link", "link", *link, wire);
}

Outcome Leave::take_code(const std::string& code, const WireId& wire) {
    const auto account = keep_token(options_, code);
    if (!account.ok()) return of_error(account.error());
    let_in_();
    const auto in = session_.sign_in();
    return say("account_in", "address", in ? in->whole(in->own.acct) : *account, wire);
}

Outcome Leave::say(const std::string& what, const std::string& name, const std::string& value,
                   const WireId& wire) {
    Message message;
    message.from = code_address(options_.server);
    message.to = {gate_.person_address()};
    message.network = kNetwork;
    message.transport = gate_.transport;
    message.origin_id = wire + ' ' + short_hash(value);
    message.verified_sender = true;  // it is the box itself
    message.references = {wire};
    message.text = catalogue(gate_.language()).letter(what, {{name, value}});
    const auto verdicts = gate_.office.accept_and_wait(std::move(message));
    if (verdicts.empty() || verdicts.front().kind == Verdict::Kind::Later)
        return outcome(Outcome::Kind::Retry, "busy", "the answer cannot be kept just now");
    return outcome(Outcome::Kind::Sent, "200");
}

}  // namespace waypost::activitypub::client

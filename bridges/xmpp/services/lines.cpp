// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/lines.h"

#include <algorithm>
#include <utility>

#include "gateway/commands/handle.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kCodeDigits = 8;

bool is_code(const std::string& text) {
    return text.size() == kCodeDigits &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void say_line(const Gate& gate, const Asker& asker, const std::string& line,
              std::function<void(const Verdict&)> done) {
    Message message = message_from(gate, asker);
    // Whoever has the code takes his account back, if it was lost: it is the one that it says.
    if (!gate.names.handle_of_account(asker.jid).empty()) message.verified_sender = true;
    message.origin_id = "line-" + gate.office.random().hex(12);
    message.text = line;
    gate.office.accept(
        std::move(message),
        [done = std::move(done)](const std::vector<Verdict>& verdicts) { done(verdicts.front()); });
}

Result<std::string> link_line(const FormValues& values) {
    const auto handle = parse_handle(value_of(values, "name"));
    if (!handle.ok()) return handle.error();
    const std::string code = value_of(values, "code");
    if (!is_code(code)) {
        return bad_input("the code has eight digits: type code on a radio of " + *handle +
                         " to get one");
    }
    return "name " + *handle + ' ' + code;
}

std::string handle_in(const FormValues& values) {
    const auto handle = parse_handle(value_of(values, "name"));
    return handle.ok() ? *handle : std::string();
}

// By the next commit whatever the last one changed is known to the gateway.
void when_linked(const PeopleView& people, TransportState& state, const Address& account,
                 const std::string& handle, std::function<void(bool)> done) {
    state.when_durable([&people, account, handle, done = std::move(done)](bool) {
        done(people.handle_of(account) == handle);
    });
}

}  // namespace waypost::xmpp

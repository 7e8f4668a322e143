// SPDX-License-Identifier: Apache-2.0
// What is asked by a form is done by the line that a radio would type: one way in, one set of
// rules. Its answer comes as a message, as to a radio. Any thread.
#pragma once

#include <functional>
#include <string>

#include "bridges/xmpp/asker.h"
#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/services/form.h"

namespace waypost::xmpp {

// `done` once the line is in custody, or is not: on the store's writer thread.
void say_line(const Gate& gate, const Asker& asker, const std::string& line,
              std::function<void(const Verdict&)> done);

// "name ana 12345678": with a code that a radio of ana's was told, this account becomes hers. The
// error says what is missing in its form.
Result<std::string> link_line(const FormValues& values);
std::string handle_in(const FormValues& values);  // the name in it; empty: none that may be

// `done(true)` if the account is this person's once all that comes of what is in custody now was
// done. It may be called where no gate is any more; people and state outlive the call.
void when_linked(const PeopleView& people, TransportState& state, const Address& account,
                 const std::string& handle, std::function<void(bool)> done);

}  // namespace waypost::xmpp

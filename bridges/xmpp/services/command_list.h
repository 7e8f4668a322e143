// SPDX-License-Identifier: Apache-2.0
// Which ad-hoc commands there are: who may use each, what it asks, and what it does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/contacts.h"
#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/services/form.h"
#include "bridges/xmpp/services/request.h"

namespace waypost::xmpp {

struct CommandKind {
    enum class For { Everybody, Residents, Operators };

    std::string node;
    std::string_view title;  // letter of the catalogue
    For whom = For::Residents;
    // What it asks; null: nothing.
    std::vector<FormField> (*asks)(const Gate& gate, const Catalogue& words) = nullptr;
    std::string_view how{};  // letter: what to do with the form; may be empty
    // Exactly one of the two. The line that a radio would type; an error says what is wrong with
    // the form.
    Result<std::string> (*line)(const FormValues& values) = nullptr;
    // What is shown.
    Element (*shows)(const Gate& gate, const Contacts& contacts, const Catalogue& words) = nullptr;
};

const std::vector<CommandKind>& command_kinds();

}  // namespace waypost::xmpp

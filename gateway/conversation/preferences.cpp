// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/preferences.h"

#include "gateway/custody/quiet_hours.h"

namespace waypost {
std::string Preferences::quiet(const std::string& typed) {
    if (typed.empty()) return show_quiet();
    const auto people = box().directory.get();
    const Person* person = people->find(line_.owner);
    if (person == nullptr) return say(line_.doubted ? "key_doubted" : "quiet_nameless");
    const auto hours = parse_quiet(typed);
    if (!hours && !is_off(typed)) return say("quiet_bad");
    store::PersonRow row = person->row;
    row.quiet = hours ? to_string(*hours) : kNoQuiet;
    tables().people.put_person(row);
    quiet_changed(line_.ledger, line_.owner);
    line_.ledger.effects().people_changed = true;
    return hours ? say("quiet_done", {{"hours", row.quiet}}) : say("quiet_off");
}

std::string Preferences::show_quiet() const {
    const auto hours = quiet_of(box(), line_.owner);
    return hours ? say("quiet_done", {{"hours", to_string(*hours)}}) : say("quiet_none");
}

}  // namespace waypost

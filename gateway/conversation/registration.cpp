// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/registration.h"

#include <algorithm>

#include "gateway/conversation/identity.h"
#include "gateway/custody/forgetting.h"
#include "gateway/custody/held.h"
#include "gateway/custody/language.h"

namespace waypost {

std::string Registration::verb(const command::Verb& c) {
    if (c.name == "name") return Identity(line_).name(c.argument);
    if (c.name == "code") return Identity(line_).code();
    if (c.name == "vouch") return Identity(line_).vouch(c.argument);
    if (c.name == "lost") return Identity(line_).lost();
    if (c.name == "found") return Identity(line_).found();
    if (c.name == "lang") return speak(c.argument);
    if (c.name == "start") return set_paused(false);
    if (c.name == "stop" || c.name == "forget") {
        if (line_.from_stranger()) return say("dropped");
        if (c.name == "forget" && !line_.proven) return say("not_sealed");
        line_.talk.confirm = c.name;
        return say(c.name + "_ask");
    }
    return say("help");
}

std::string Registration::confirmed(const std::string& what) {
    if (what == "stop") return set_paused(true);
    if (what == "forget") return forget();
    return Identity(line_).confirmed(what);
}

std::string Registration::speak(const std::string& language) {
    if (language.empty()) {
        return say("lang_choice",
                   {{"language", line_.words->language()}, {"languages", language_codes()}});
    }
    const auto& all = catalogues();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto* each) { return each->is_called(language); });
    if (found == all.end()) return say("lang_unknown", {{"languages", language_codes()}});
    choose_language(line_.ledger, line_.owner, (*found)->language());
    line_.words = *found;
    return say("lang_done", {{"language", (*found)->language()}});
}

std::string Registration::forget() {
    if (line_.from_stranger() || !line_.proven) return say("nothing_asked");
    forget_person(line_.ledger, line_.owner);
    forget_language(line_.ledger, line_.owner);
    line_.talk = Talk{};
    line_.owner = line_.message.from.uri();  // a stranger's from here on
    return say("forget_done");
}

std::string Registration::set_paused(bool paused) {
    const auto people = box().directory.get();
    const Person* person = people->find(line_.owner);
    if (person == nullptr) return say("dropped");
    store::PersonRow row = person->row;
    row.paused = paused;
    tables().people.put_person(row);
    line_.ledger.effects().people_changed = true;
    if (paused) return say("stop_done");
    release_consented(line_.ledger, line_.owner, "started by its owner");
    return say("start_done");
}

}  // namespace waypost

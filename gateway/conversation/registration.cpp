// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/registration.h"

#include <algorithm>

#include "gateway/commands/handle.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/held.h"
#include "gateway/custody/language.h"

namespace waypost {

std::string Registration::verb(const command::Verb& c) {
    if (c.name == "name") return ask_name(c.argument);
    if (c.name == "lang") return speak(c.argument);
    if (c.name == "start") return set_paused(false);
    if (c.name == "stop" || c.name == "forget") {
        if (line_.from_stranger()) return say("dropped");
        line_.talk.confirm = c.name;
        return say(c.name + "_ask");
    }
    return say("help");
}

std::string Registration::confirmed(const std::string& what) {
    if (what.rfind("name ", 0) == 0) return take_name(what.substr(5));
    if (what == "stop") return set_paused(true);
    if (what == "forget") return forget();
    return say("nothing_asked");
}

std::string Registration::ask_name(const std::string& typed) {
    if (line_.doubted) return say("key_doubted");
    if (typed.empty() || !line_.from_stranger()) {
        return say("name_now", {{"address", outside_address(box(), line_.owner).value}});
    }
    const auto handle = parse_handle(typed);
    if (!handle.ok()) return say("name_bad");
    if (tables().people.has_person(*handle) || is_reserved(line_.ledger, *handle))
        return say("name_taken", {{"handle", *handle}});
    line_.talk.confirm = "name " + *handle;
    return say("name_ask",
               {{"handle", *handle}, {"address", mailto(*handle, box().settings.domain).value}});
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
    leave(line_.ledger, line_.owner);
    forget_language(line_.ledger, line_.owner);
    tables().people.remove_person(line_.owner);
    line_.ledger.effects().people_changed = true;
    line_.talk = Talk{};
    return say("forget_done");
}

std::string Registration::take_name(const std::string& handle) {
    // Asked of the store: somebody may have taken it since the snapshot.
    if (tables().people.has_person(handle)) return say("name_taken", {{"handle", handle}});
    const auto people = box().directory.get();
    store::PersonRow person;
    person.handle = handle;
    person.name = line_.message.from_name;
    person.language = carry_language(line_.ledger, line_.owner, handle);
    person.role = "villager";
    person.created_ms = line_.ledger.now();
    tables().people.put_person(person);
    store::EndpointRow radio;
    if (const auto* known = people->endpoint(line_.message.from)) radio = *known;
    radio.address = line_.message.from;
    radio.person = handle;
    tables().people.put_endpoint(radio);
    tables().people.move_owner(line_.owner, handle);
    line_.owner = handle;
    release_consented(line_.ledger, line_.owner, "its owner has a name");
    line_.ledger.effects().people_changed = true;
    return say("name_done", {{"address", mailto(handle, box().settings.domain).value}});
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

// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/profile.h"

namespace waypost {

const char* to_string(Profile profile) {
    switch (profile) {
        case Profile::None:
            return "none";
        case Profile::Listed:
            return "listed";
        case Profile::Unlisted:
            break;
    }
    return "unlisted";
}

std::optional<Profile> parse_profile(const std::string& text) {
    for (const Profile each : {Profile::None, Profile::Unlisted, Profile::Listed}) {
        if (text == to_string(each)) return each;
    }
    return std::nullopt;
}

Profile profile_of(const Box& box, const std::string& handle) {
    const auto people = box.directory.get();
    const Person* person = people->find(handle);
    return person == nullptr ? Profile::Unlisted : person->profile;
}

std::map<std::string, Profile> profiles(store::Tables& tables) {
    std::map<std::string, Profile> all;
    for (const auto& [handle, text] : tables.state.with_prefix(kProfileState, {})) {
        if (const auto profile = parse_profile(text)) all.emplace(handle, *profile);
    }
    return all;
}

void set_profile(Ledger& ledger, const std::string& handle, Profile profile) {
    auto& state = ledger.tables().state;
    if (profile == Profile::Unlisted) {
        state.erase(kProfileState, handle);
    } else {
        state.put(kProfileState, handle, to_string(profile));
    }
    ledger.effects().people_changed = true;
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// What somebody wants to be in the fediverse (people_view.h), kept by his handle in the state of
// the store. What is not there is Unlisted.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/custody/ledger.h"
#include "gateway/people_view.h"

namespace waypost {

inline constexpr char kProfileState[] = "profile";

const char* to_string(Profile profile);  // "none", "unlisted", "listed"
std::optional<Profile> parse_profile(const std::string& text);

Profile profile_of(const Box& box, const std::string& handle);
// Of all who have said so, by handle. For the directory.
std::map<std::string, Profile> profiles(store::Tables& tables);
void set_profile(Ledger& ledger, const std::string& handle, Profile profile);

}  // namespace waypost

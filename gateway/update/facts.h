// SPDX-License-Identifier: Apache-2.0
// What the image's side of an update (image/files/usr/libexec/waypost-appliance/update) tells of
// itself: small files of KEY=VALUE lines, that root writes and that are whole or not there.
// doc/update.md lists them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace waypost {

struct UpdateOffer {  // a bundle whose signature is good and that is for this kind of board
    std::string version;
    std::string is;    // "newer", "same" or "older" than what runs
    std::string from;  // "upload NAME", "stick", "nncp:dale NAME"
    std::uint64_t bytes = 0;
};

struct UpdateJob {
    // "checking", "offered", "installing", "installed" (it starts with the machine's next start),
    // "refused", "failed"
    std::string doing;
    int percent = 0;
    std::string code;  // of what was refused: "signature", "damaged", "board", "busy", "room"
    std::string text;  // what the program that looked at it said, English
    std::string version;
};

struct UpdateResult {
    std::string result;   // "good"; "back": the box came back by itself; "cut": not installed whole
    std::string version;  // of the update
    std::string from;     // what ran before
    std::string why;      // of "back", English
    std::int64_t at = 0;  // Unix time, by the box's clock
};

struct UpdateFacts {
    std::string slot;     // "A", "B"
    std::string version;  // of the release that runs
    std::string board;    // "waypost-amd64"
    bool good = false;    // the slot is marked good
    std::optional<UpdateOffer> offer;
    std::optional<UpdateJob> job;
    std::optional<UpdateResult> result;  // of the last update
};

using KeyValues = std::map<std::string, std::string>;

// Lines without '=' and what is beyond 8 KiB are left out; of two the last counts.
KeyValues parse_key_values(std::string_view text);

// nullopt: there is no such side, as outside an image.
std::optional<UpdateFacts> read_update_facts(const std::filesystem::path& folder);

}  // namespace waypost

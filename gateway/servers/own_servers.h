// SPDX-License-Identifier: Apache-2.0
// The mail and the chat server of a box that is an image, for villagers' programs: how they do, as
// the image's side says it (doc/first-boot.md), which starts them. Thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "gateway/base/result.h"

namespace waypost {

struct ServerFacts {
    std::string state = "off";  // "off", "starting", "running", or "failed"
    std::string why;            // of "failed": the server's own words, English
    std::string fingerprint;    // SHA-256 of its certificate, "AB:CD:..."; empty: not known yet
};

struct ServersFacts {
    ServerFacts mail, chat;
};

class OwnServers {
  public:
    // `told`: the image's folder in memory, with its `state`; `plan`: the file in memory that the
    // image's side waits for. Both may be missing.
    OwnServers(std::filesystem::path told, std::filesystem::path plan);

    // nullopt: the image's side has not said anything.
    std::optional<ServersFacts> facts() const;
    // What they are to be like; unchanged lines are not written anew. Values are of letters,
    // digits and . _ - only, so that whoever reads them as a shell does needs no rule of quoting.
    Result<void> wish(const std::map<std::string, std::string>& lines) const;

  private:
    const std::filesystem::path told_, plan_;
};

}  // namespace waypost

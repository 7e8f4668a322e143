// SPDX-License-Identifier: Apache-2.0
// Which modem is at a port: the kinds that tell themselves apart (ModemKind::identifies) are tried
// in turn, each with its own start-up, until one knows its modem. A modem in a transparent mode
// sends on air what it is asked: such a port is not to be searched.
#pragma once

#include <memory>
#include <optional>

#include "radio/modem_kind.h"
#include "radio/modem_line.h"

namespace waypost {

struct FoundModem {
    std::string kind;
    std::map<std::string, std::string> details;  // FrameRadio::details
    std::string why_down;                        // why it did not get ready in time; empty: it did
};

struct SearchTimes {
    milliseconds silent{5'000};  // for a kind that has not found its modem
    milliseconds ready{30'000};  // from then on
};

// One thread. Nobody else has the port open meanwhile.
class ModemSearch {
  public:
    // `kinds`, `random` and `clock` stay the caller's. A kind that refuses `settings` is passed
    // over.
    ModemSearch(std::string where, std::span<const ModemKind> kinds, ModemSettings settings,
                Random& random, const Clock& clock, SearchTimes times = {});

    // Waits as ModemLine::step() does; false: it is over.
    bool step(BoxTime until);
    // Once it is over. NotFound says what came of each kind; Network: the port cannot be opened.
    Result<FoundModem> result() const;

  private:
    void next_kind();
    void end_kind(const std::string& why);
    void look();

    std::string where_;
    std::span<const ModemKind> kinds_;
    ModemSettings settings_;
    Random& random_;
    const Clock& clock_;
    SearchTimes times_;
    std::size_t at_ = 0;  // of kinds_
    std::unique_ptr<ModemLine> line_;
    BoxTime until_{};
    bool was_open_ = false;
    bool known_ = false;
    bool over_ = false;
    std::optional<FoundModem> found_;
    std::string report_;  // of the kinds that were tried
};

}  // namespace waypost

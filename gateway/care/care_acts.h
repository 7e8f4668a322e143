// SPDX-License-Identifier: Apache-2.0
// What an operator may have done at the box from afar. The roof does it; CareDesk decides whether.
#pragma once

#include <functional>
#include <string>

#include "gateway/base/result.h"

namespace waypost {

// One thread. Answers go by radio: short, English, no text of a message.
class CareActs {
  public:
    struct Done {
        std::string text;
        // What ends the gateway, or might: done once the answer is on record. May be empty.
        std::function<void()> then{};
    };
    virtual ~CareActs() = default;
    virtual std::string status() = 0;
    // The last lines of the journal, of one component or (empty) of all, oldest first.
    virtual std::string log(std::size_t lines, const std::string& component) = 0;
    // NotFound names those that there are. May wait some seconds.
    virtual Result<Done> restart(const std::string& transport) = 0;
    // Begins an update that is offered here; empty: the one that is.
    virtual Result<Done> update(const std::string& name) = 0;
    // `who` said that this neighbour's box was stolen.
    virtual Result<Done> stolen(const std::string& neighbour, const std::string& who) = 0;
};

// A command in words: "log 10 nncp". Verbs are what a key may be allowed: status, log, restart,
// update, stolen.
bool is_care_verb(const std::string& verb);
struct CareCommand {
    std::string verb;
    std::string argument;
    std::size_t lines = 0;  // of log
};
Result<CareCommand> parse_care_command(const std::string& text);
Result<CareActs::Done> do_care_command(CareActs& acts, const CareCommand& command,
                                       const std::string& who);

}  // namespace waypost

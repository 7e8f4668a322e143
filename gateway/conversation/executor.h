// SPDX-License-Identifier: Apache-2.0
// What a line said to the gateway by a radio does, inside the writer's transaction: the command,
// its effects and its answer are one step. It finds the topic; the topics are the files beside it.
#pragma once

#include <string>

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"
#include "gateway/conversation/pace.h"

namespace waypost {

// One object per line.
class Executor {
  public:
    // `message.to` is empty: it was said to us. All references outlive the object. Without room on
    // the disk nothing but an alarm is passed on; the rest still answers.
    Executor(Ledger& ledger, const Message& message, bool disk_has_room);

    // Does it and says the answer. The verdict is for the transport: kept, or why not.
    Verdict run();

  private:
    std::string carry_out(const Command& command);
    std::string answer_to(const Command& command);
    Pace pace(const Command& command);
    std::string choose(int number);
    std::string decide(int item, bool yes);
    Hints hints();
    void forget_offers(const Command& command);
    void hear(const Command& command);
    void close_old_matters();
    bool repeated();
    void with_welcome(std::string& answer);
    int item_of(const store::DeliveryRow& row);
    store::Tables& tables() const { return line_.tables(); }

    Line line_;
};

}  // namespace waypost

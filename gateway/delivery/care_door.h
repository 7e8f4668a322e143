// SPDX-License-Identifier: Apache-2.0
// Where signed commands of operators go in (gateway/care/care_desk.h). Any thread.
#pragma once

#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/transport.h"

namespace waypost {

struct CareReport {
    store::Ms at_ms = 0;  // wall time at which it came
    std::string who;      // the key's name in the settings
    std::string way;      // "mail carl@city.example by nncp:city", "console"
    std::string command;
    std::string answer;  // empty: begun, and not known to have ended
};

class CareDoor {
  public:
    virtual ~CareDoor() = default;
    virtual bool is_open() const = 0;  // else nobody here is called care
    // A message for care@ (message/care_text.h), as Office::accept.
    virtual void take(Message message, OnVerdicts on_verdicts) = 0;
    // A packet, as bytes or as text, by the box's own console. Waits for the answer.
    virtual Result<std::string> run(const std::string& packet, const std::string& way) = 0;
    virtual Result<std::vector<CareReport>> reports() = 0;  // newest first, fifty at most
};

}  // namespace waypost

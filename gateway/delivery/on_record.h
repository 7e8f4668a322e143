// SPDX-License-Identifier: Apache-2.0
// What somebody does by the console, while his request is worked on: the first change that his
// thread asks of the office puts it on record in the same transaction, so that neither is there
// without the other. One at a time on a thread.
#pragma once

#include "gateway/store/console_table.h"

namespace waypost {

class OnRecord {
  public:
    explicit OnRecord(store::AuditRow act);  // without its time
    ~OnRecord();
    OnRecord(const OnRecord&) = delete;
    OnRecord& operator=(const OnRecord&) = delete;

    bool written() const { return written_; }

    // For the office: what this thread has to put on record, null if nothing.
    static OnRecord* waiting();
    const store::AuditRow& act() const { return act_; }
    void is_written() { written_ = true; }

  private:
    const store::AuditRow act_;
    bool written_ = false;
};

}  // namespace waypost

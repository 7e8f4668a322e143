// SPDX-License-Identifier: Apache-2.0
// What a transaction of the writer begins with where several workers write into one store: one at
// a time, and only who still belongs to them.
#pragma once

#include <stdexcept>

#include "gateway/store/session.h"

namespace waypost::store {

// This worker must write nothing any more, and end at once.
struct Fenced : std::runtime_error {
    using std::runtime_error::runtime_error;
};
struct TakenForDead : Fenced {
    TakenForDead() : Fenced("others took this worker for dead and do its work: it ends") {}
};

// Of the writer's thread. Methods throw Poco::Exception where the database does not answer.
class GroupFence {
  public:
    virtual ~GroupFence() = default;
    // The writer has another session from now on, or what it had prepared on it is of no use any
    // more: after an error too.
    virtual void begins_anew() = 0;
    // In a transaction, before its first job. From here to its end no other worker writes. Throws
    // Fenced.
    virtual void enter(Poco::Data::Session& writer) = 0;
    // On a new session, after the one before was lost while it committed: whether the transaction
    // that entered last is on disk. Waits until that is decided. Throws Fenced.
    virtual bool is_written(Poco::Data::Session& writer) = 0;
};

}  // namespace waypost::store

// SPDX-License-Identifier: Apache-2.0
#include "gateway/hub/worker_fence.h"

#include <Poco/Data/Session.h>

namespace waypost::hub {

void WorkerFence::begins_anew() { table_.reset(); }

void WorkerFence::enter(Poco::Data::Session& writer) {
    store::WorkerTable& table = table_of(writer);
    table.lock();
    if (!table.write(worker_, ++group_)) throw store::TakenForDead();
}

bool WorkerFence::is_written(Poco::Data::Session& writer) {
    writer.begin();
    const auto last = table_of(writer).written(worker_);
    writer.commit();
    if (!last) throw store::TakenForDead();
    return *last == group_;
}

store::WorkerTable& WorkerFence::table_of(Poco::Data::Session& writer) {
    if (!table_) table_ = std::make_unique<store::WorkerTable>(writer);
    return *table_;
}

}  // namespace waypost::hub

// SPDX-License-Identifier: Apache-2.0
#include "gateway/hub/worker_fence.h"

#include <Poco/Data/Session.h>

#include "gateway/store/tables.h"

namespace waypost::hub {

WorkerFence::~WorkerFence() { begins_anew(); }

// Statements are given up instead of freed: Poco 1.11's PostgreSQL statement frees its result twice
// once it has failed.
void WorkerFence::begins_anew() {
    (void)table_.release();  // NOLINT(bugprone-unused-return-value)
}

void WorkerFence::enter(Poco::Data::Session& writer, store::Ids& ids) {
    store::WorkerTable& table = table_of(writer);
    table.lock();
    if (!table.write(worker_, ++group_)) fenced();
    ids.message = table.highest_message();
    ids.delivery = table.highest_delivery();
}

bool WorkerFence::is_written(Poco::Data::Session& writer) {
    writer.begin();
    const auto last = table_of(writer).written(worker_);
    writer.commit();
    if (!last) fenced();
    return *last == group_;
}

store::WorkerTable& WorkerFence::table_of(Poco::Data::Session& writer) {
    if (!table_) table_ = std::make_unique<store::WorkerTable>(writer);
    return *table_;
}

void WorkerFence::fenced() const {
    throw store::Fenced("others took this worker for dead and do its work: it ends");
}

}  // namespace waypost::hub

// SPDX-License-Identifier: Apache-2.0
// The fence of one worker's writer: its row in the table of workers. Who takes a worker for dead
// removes that row under the lock that each transaction begins with, so whatever the worker had not
// begun by then never gets into the store.
#pragma once

#include <memory>

#include "gateway/store/group_fence.h"
#include "gateway/store/worker_table.h"

namespace waypost::hub {

class WorkerFence final : public store::GroupFence {
  public:
    explicit WorkerFence(store::WorkerId worker) : worker_(worker) {}
    void begins_anew() override;
    void enter(Poco::Data::Session& writer) override;
    bool is_written(Poco::Data::Session& writer) override;

  private:
    store::WorkerTable& table_of(Poco::Data::Session& writer);

    const store::WorkerId worker_;
    std::int64_t group_ = 0;  // of the last transaction that entered; never again
    std::unique_ptr<store::WorkerTable> table_;  // of the writer's session
};

}  // namespace waypost::hub

// SPDX-License-Identifier: Apache-2.0
// Entries in the log of nncp, so that nncp-log shows what was done here too.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bridges/nncp/carrier/transfer.h"
#include "bridges/nncp/online/online.h"
#include "bridges/nncp/toss/toss.h"

namespace waypost::cli {

// Records of lines "Field: value" (recfile), appended under the log's own lock. Those of one
// command are written together. A log that cannot be written holds nothing up; a lock that somebody
// keeps is waited for once, for a second, and it is said that entries are missing.
class NncpLog {
  public:
    explicit NncpLog(const nncp::NodeConfig& config) : config_(config) {}
    ~NncpLog() { flush(); }
    NncpLog(const NncpLog&) = delete;
    NncpLog& operator=(const NncpLog&) = delete;

    void queued(const std::string& type, const nncp::NodeId& node, const nncp::Mth& packet);
    void tossed(const nncp::Tossed& tossed);
    void carried(const nncp::TransferReport& report);
    void talked(const nncp::OnlineReport& report);
    void flush();

  private:
    using Fields = std::vector<std::pair<const char*, std::string>>;  // empty ones are left out
    void add(const Fields& fields);
    bool wait_for_lock(int lock);

    const nncp::NodeConfig& config_;
    std::string waiting_;
    bool without_ = false;  // the lock was not to be had
};

}  // namespace waypost::cli

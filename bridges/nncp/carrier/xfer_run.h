// SPDX-License-Identifier: Apache-2.0
// One exchange with a directory. What xfer() consists of.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "bridges/nncp/carrier/xfer.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

class XferRun {
  public:
    XferRun(const NodeConfig& config, const Spool& spool, std::filesystem::path directory,
            const XferOptions& options);
    TransferReport run();

  private:
    struct Work {  // one packet that is to be copied
        SpoolPacket packet;
        std::filesystem::path outside;  // in the directory
    };

    std::vector<std::filesystem::directory_entry> readable(const std::filesystem::path& folder);
    void plan_receiving();
    void plan_transmitting();
    void receive_all();
    void receive_small(std::vector<Work> batch);
    void receive_large(const Work& work);
    Result<void> fetch(const Work& work);
    Result<void> read_checked(const Work& work, Sink& sink);

    void transmit_all();
    void transmit_each(const std::vector<Work>& works);
    Result<bool> lies_there(const Work& work) const;
    bool prepare(const Work& work);
    Result<void> copy_out(const Work& work);
    void settle(std::vector<Work>& copied);
    Result<void> settle_one(const Work& work);
    void drop_leftovers(const std::filesystem::path& folder, const std::vector<Work>& works);

    // False: stop. After so many bytes more.
    bool step(std::uint64_t bytes);
    void tell(const Work& work, Transfer::Outcome outcome, std::string why = {});
    // After an error of the directory: it stops the run where the directory is gone.
    void failed(const Work& work, const Error& error);
    std::filesystem::path working_file(const Work& work) const;

    const NodeConfig& config_;
    const Spool& spool_;
    const std::filesystem::path directory_;
    const XferOptions& options_;
    const NodeId own_;
    std::vector<Work> incoming_;
    std::map<NodeId, std::vector<Work>> outgoing_;
    std::optional<Error> unread_;  // not all that lies there could be listed
    Progress progress_;
    TransferReport report_;
};

}  // namespace waypost::nncp

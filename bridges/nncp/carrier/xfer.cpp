// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/carrier/xfer.h"

#include <sys/stat.h>

#include <algorithm>

#include "bridges/nncp/carrier/xfer_run.h"

namespace waypost::nncp {

namespace fs = std::filesystem;

XferRun::XferRun(const NodeConfig& config, const Spool& spool, fs::path directory,
                 const XferOptions& options)
    : config_(config),
      spool_(spool),
      directory_(std::move(directory)),
      options_(options),
      own_(config.nodes.at("self").id) {}

TransferReport XferRun::run() {
    if (options_.receive) plan_receiving();
    if (options_.transmit) plan_transmitting();
    if (step(0)) receive_all();
    if (!report_.stopped) report_.stopped = unread_;
    if (!report_.stopped) transmit_all();
    return std::move(report_);
}

bool XferRun::step(std::uint64_t bytes) {
    progress_.bytes += bytes;
    if (report_.stopped) return false;
    if (options_.progress && !options_.progress(progress_)) report_.stopped = stopped();
    return !report_.stopped;
}

void XferRun::tell(const Work& work, Transfer::Outcome outcome, std::string why) {
    const SpoolPacket& p = work.packet;
    report_.transfers.push_back({outcome, p.way, p.node, p.name, p.bytes, std::move(why)});
    if (outcome == Transfer::Outcome::Moved) report_.bytes += p.bytes;
    ++progress_.packets;
}

void XferRun::failed(const Work& work, const Error& error) {
    tell(work, Transfer::Outcome::Left, error.text);
    struct stat info {};
    if (report_.stopped || (::stat(directory_.c_str(), &info) == 0 && S_ISDIR(info.st_mode)))
        return;
    report_.stopped = Error{Code::NotFound, directory_.string() + " is gone", true};
}

Result<TransferReport> xfer(const NodeConfig& config, const Spool& spool, const fs::path& directory,
                            const XferOptions& options) {
    std::error_code none;
    if (!fs::is_directory(directory, none))
        return Error{Code::NotFound, "there is no directory " + directory.string(), true};
    if (config.nodes.count("self") == 0)
        return Error{Code::Refused, "the configuration lacks neigh.self", false};
    return XferRun(config, spool, directory, options).run();
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
#include "app/cli/nncp_log.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <iostream>

#include "app/cli/nncp_cli.h"
#include "app/cli/progress_bar.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::cli {
namespace {

using nncp::Fate;
using nncp::to_base32;
using nncp::Transfer;

constexpr std::size_t kMostWaiting = 64 * 1024;
constexpr int kMostTries = 20;  // one second in all
constexpr int kBetweenTriesMs = 50;

// RFC 3339 in UTC, to the nanosecond.
std::string now() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    std::tm utc{};
    ::gmtime_r(&time.tv_sec, &utc);
    char seconds[32], text[48];
    (void)std::strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)std::snprintf(text, sizeof text, "%s.%09ldZ", seconds, time.tv_nsec);
    return text;
}

// One line, whatever a sender put into it.
std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
    return text;
}

std::string bytes(std::uint64_t count) { return " (" + amount(count) + ')'; }

}  // namespace

void NncpLog::add(const Fields& fields) {
    if (config_.log.empty()) return;
    waiting_ += "\nWhen: " + now() + '\n';
    for (const auto& [name, value] : fields)
        if (!value.empty()) waiting_ += std::string(name) + ": " + one_line(value) + '\n';
    if (waiting_.size() >= kMostWaiting) flush();
}

// Others write a few lines under it; who keeps it for longer is not waited for.
bool NncpLog::wait_for_lock(int lock) {
    for (int tries = without_ ? 1 : kMostTries; tries > 0; --tries) {
        if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return true;
        if (errno != EWOULDBLOCK && errno != EINTR) return false;
        if (tries > 1) (void)::poll(nullptr, 0, kBetweenTriesMs);
    }
    if (!std::exchange(without_, true))
        std::cerr << "waypost: another program keeps " << config_.log
                  << ".lock: what is done here may be missing in the log\n";
    return false;
}

void NncpLog::flush() {
    if (waiting_.empty()) return;
    const std::string text = std::exchange(waiting_, {});
    const std::string lock_file = config_.log + ".lock";
    const nncp::Fd lock(::open(lock_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    if (!lock.good() || !wait_for_lock(lock.get())) return;
    const nncp::Fd log(
        ::open(config_.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (!log.good()) return;
    (void)nncp::write_all(log.get(),
                          {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void NncpLog::queued(const std::string& type, const nncp::NodeId& node, const nncp::Mth& packet) {
    add({{"Who", "tx"},
         {"Type", type},
         {"Node", to_base32(node)},
         {"Pkt", to_base32(packet)},
         {"Msg", "Packet of type " + type + " is queued for " + name_of(config_, node)}});
}

void NncpLog::tossed(const nncp::Tossed& tossed) {
    if (tossed.fate == Fate::Left || tossed.fate == Fate::Duplicate) return;
    const nncp::NodeId& sender = tossed.from();
    const bool done = tossed.fate == Fate::Done;
    const std::string what = tossed.what.empty() ? to_base32(tossed.packet.name) : tossed.what;
    add({{"Err", done ? std::string() : std::string(to_string(tossed.fate)) + ", " + tossed.why},
         {"Who", "rx"},
         {"Node", to_base32(sender)},
         {"Pkt", to_base32(tossed.packet.name)},
         {"Nice", std::to_string(tossed.packet.nice)},
         {"Size", std::to_string(tossed.packet.bytes)},
         {"Msg", (done ? "Got " : "Tossing ") + what + " from " + name_of(config_, sender) +
                     bytes(tossed.packet.bytes)}});
}

void NncpLog::carried(const nncp::TransferReport& report) {
    for (const Transfer& each : report.transfers) {
        const bool moved = each.outcome == Transfer::Outcome::Moved;
        if (!moved && each.outcome != Transfer::Outcome::Damaged) continue;
        const bool in = each.way == nncp::Way::Rx;
        add({{"Err", each.why},
             {"Who", in ? "xfer-rx" : "xfer-tx"},
             {"XX", in ? "rx" : "tx"},
             {"Node", to_base32(each.node)},
             {"Pkt", to_base32(each.name)},
             {"Size", std::to_string(each.bytes)},
             {"Msg", (in ? "Packet from " : "Packet to ") + name_of(config_, each.node) +
                         (moved ? " is carried over" : " is damaged") + bytes(each.bytes)}});
    }
}

void NncpLog::talked(const nncp::OnlineReport& report) {
    if (report.node == nullptr) return;
    const auto& stats = report.stats;
    add({{"Err", report.well ? std::string() : report.why.text},
         {"Who", "call-finish"},
         {"Node", to_base32(report.node->id)},
         {"Msg", "Finished call with " + report.node->name + ", received " +
                     std::to_string(stats.packets_in) + bytes(stats.bytes_in) + ", sent " +
                     std::to_string(stats.packets_out) + bytes(stats.bytes_out)}});
}

}  // namespace waypost::cli

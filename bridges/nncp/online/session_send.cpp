// SPDX-License-Identifier: Apache-2.0
// What we say: answers first, then offers, then as much of files as fits into the payload.
#include "bridges/nncp/online/session.h"

namespace waypost::nncp {
namespace {

// A piece of a file smaller than this waits for the next payload.
constexpr std::size_t kLeastPiece = 4096;
// nncp waits for the disk at each of them, and counts that as silence until its payload is done:
// with too many in one it would hang up.
constexpr std::size_t kMostFiles = 16, kMostDones = 32;

template <class Message>
void add_from(SpWriter& writer, std::vector<Message>& waiting, std::size_t most) {
    std::size_t added = 0;
    while (added < std::min(most, waiting.size()) && writer.add(waiting[added])) ++added;
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(added));
}

}  // namespace

void Session::add_infos() {
    while (!to_announce_.empty()) {
        const auto found = offers_.find(to_announce_.front());
        if (found != offers_.end()) {
            if (!writer_.add(SpInfo{found->second.nice, found->second.bytes, found->first})) return;
            found->second.announced = true;
        }
        to_announce_.pop_front();
    }
}

void Session::end_turn(Offered& offered) {
    if (!offered.turn) return;
    sending_.erase(*offered.turn);
    offered.turn.reset();
}

// The next piece of the nicest packet. False: nothing more fits.
bool Session::add_file() {
    const Mth name = sending_.begin()->name;
    Offered& offered = offers_.at(name);
    const std::uint64_t left = offered.bytes - offered.at;
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, kSpFileData));
    if (writer_.room() < kSpFileHead) return false;
    const auto room = writer_.file_room(most);
    if (!writer_.empty() && room.size() < std::min(most, kLeastPiece)) return false;
    const auto read = peer_.shelf->read(name, offered.at, room);
    if (!read.ok() || *read < room.size()) {  // somebody took it away
        end_turn(offered);
        offers_.erase(name);
        return true;
    }
    writer_.file(name, offered.at, *read);
    offered.at += *read;
    stats_.bytes_out += *read;
    if (offered.at == offered.bytes) end_turn(offered);
    return true;
}

void Session::add_files() {
    for (std::size_t i = 0; i < kMostFiles && !sending_.empty(); ++i)
        if (!add_file()) return;
}

void Session::build(Time now) {
    add_from(writer_, dones_, kMostDones);
    add_from(writer_, freqs_, freqs_.size());
    add_infos();
    add_files();
    if (!writer_.empty()) last_work_ = now;
    if (ping_ && writer_.empty()) writer_.add(SpPing{});
    ping_ = false;
    if (writer_.empty()) return;
    const auto unit = writer_.unit(*send_);
    if (!unit.ok()) return finish(unit.error());
    pending_ = *unit;
    progress_ = now;
    send_pace_.spend(1, static_cast<double>(pending_.size()), now);
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
// What came, and who takes it. Toss calls a Handlers when a packet was checked to its last byte.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bridges/nncp/node/node_config.h"
#include "bridges/nncp/spool/spool.h"
#include "bridges/nncp/toss/content.h"

namespace waypost::nncp {

struct Arrival {
    SpoolPacket packet;            // its file; `packet.name` is what an ACK would name
    const Node* sender = nullptr;  // who signed it; null: a stranger's post to an area
    NodeId sender_id{};
    const Area* area = nullptr;  // through which it came; null: directly. From some member then: an
                                 // area's readers can put other content under a member's signature
    bool disputed = false;       // in an area: other content came under the same signature before
    Nice nice = 255;             // of the packet
    PlainHeader plain;
};

// A packet that a handler took, and that came to nothing after all.
struct Failure {
    Mth packet{};
    std::string why;
    bool retry = true;  // false: no time will be better, it is put aside
};

// Each is called from the thread of the Toss, with the node's lock Toss held. An Error with `retry`
// leaves the packet for the next toss; one without puts it aside, into quarantine. A crash between
// a handler's return and the mark that its packet was seen makes it come once more: see finished().
class Handlers {
  public:
    virtual ~Handlers() = default;
    // Asked when the header inside is known, before the payload is read: is such a packet wanted?
    virtual Result<void> admit(const Arrival&) { return {}; }
    // What was admitted cannot be read to its end: who sent it may be told before it is put aside.
    // What becomes of the packet: `why`, or an Error to try it again.
    virtual Error unreadable(const Arrival& arrival, const Error& why) {
        (void)arrival;
        return why;
    }
    // On whose file system large content is to lie. Empty: that of the spool.
    virtual std::filesystem::path folder_for(const Arrival&) const { return {}; }

    // `words`: handle and arguments, which the sender chose. `input` is unpacked.
    virtual Result<void> exec(const Arrival& arrival, const std::vector<std::string>& words,
                              Content& input) = 0;
    // `arrival.plain.path` is no more than a wish: see path_components().
    virtual Result<void> file(const Arrival& arrival, Content& content) = 0;
    virtual Result<void> freq(const Arrival& arrival, const std::string& destination) = 0;
    // The sender has our packet of this name, and its content.
    virtual Result<void> ack(const Arrival& arrival, const Mth& packet) = 0;

    // Packets since it was asked last whose work is done and would be done twice if we were killed
    // before settle(): they are marked as seen at once, without a wait for the disk.
    virtual std::vector<Mth> finished() { return {}; }

    // Asked before packets are durably marked as seen, up to 128 at a time or those of half a
    // second: what they brought is on the disk when this returns. So one wait serves many. An Error
    // leaves all of them for the next toss; one in `failed` leaves that packet, or puts it aside.
    virtual Result<void> settle(std::vector<Failure>& failed) {
        (void)failed;
        return {};
    }
};

}  // namespace waypost::nncp

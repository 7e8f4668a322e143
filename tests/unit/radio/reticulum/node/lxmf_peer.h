// SPDX-License-Identifier: Apache-2.0
// Somebody with Sideband, as far as a box can tell: an endpoint that speaks LXMF, on the rooms
// wire, lxmf and resource alone, and with nothing of the node's. Packets and time in, packets out.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "radio/reticulum/lxmf/message.h"
#include "radio/reticulum/resource/incoming_resource.h"
#include "radio/reticulum/resource/outgoing_resource.h"
#include "radio/reticulum/wire/link_handshake.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

class LxmfPeer {
  public:
    LxmfPeer(std::string name, std::uint64_t seed);

    // What it does by itself.
    bool answers_path_requests = true;
    bool proves = true;
    bool answers_links = true;
    int stamp_cost = 0;
    bool has_ratchet = false;  // then the last announced one alone opens single packets
    bool forges = false;       // signs as somebody else would
    bool speaks = false;       // with a piece of audio in each single packet
    std::string file;          // goes with each message; empty: none

    void announce(bool answers = false);
    // To the box that it heard of, or `to`. The id of the message.
    std::string say(const std::string& text);
    void say_again();                          // the same message, encrypted anew
    void say_bytes(const std::string& bytes);  // whatever, encrypted to the box
    std::string say_on_link(const std::string& text, const std::string& title = {});
    void close_link();
    void identify();
    void identify_as_other();                            // by another identity that it has
    void ask_for_proof(const std::string& packet_hash);  // that it misses, on its link
    void ask_for(const std::string& destination);

    void hears(const std::string& packet);
    void at(BoxTime now);
    // Packets that it sends, in order.
    std::vector<std::string> takes_out() { return std::exchange(out_, {}); }

    const std::string& destination() const { return own_; }
    std::string address() const;
    const PublicIdentity& shown() const { return identity_.shown(); }
    const std::string& box() const { return box_; }  // destination; empty: none was heard
    bool delivered(const std::string& id) const { return delivered_.count(id) > 0; }
    // Texts, each once however often it came; and how often anything came.
    const std::vector<std::string>& texts() const { return texts_; }
    int times() const { return times_; }
    const std::string& last_reply_to() const { return last_reply_to_; }  // of what came
    int boxes_announces() const { return announces_; }
    int stamps() const { return stamps_; }  // good ones that came
    bool link_is_open() const { return link_ != nullptr; }
    int links_answered() const { return links_answered_; }

  private:
    void put(const Packet& packet);
    std::string sealed(const std::string& text, const std::string& title);
    void on_announce(const Packet& packet);
    void on_single(const Packet& packet);
    void on_proof(const Packet& packet);
    void on_link_request(const Packet& packet);
    void on_link(Link& link, const Packet& packet);
    void on_frame(Link& link, const Packet& packet);
    void put_frames(const Link& link, const ResourceFrames& frames);
    void send_pending();
    void take(const ReceivedLxmf& received);
    void look_at_resources();

    std::string name_;
    std::unique_ptr<Random> random_;
    Identity identity_;
    Identity other_;  // whose signature it forges with
    Secret ratchet_;
    std::string own_;
    std::string box_;
    std::optional<PublicIdentity> box_identity_;
    BoxTime now_ = box_from_ms(1'000'000);
    std::uint64_t time_ms_ = 1'800'000'000'000;
    std::vector<std::string> out_;
    PackedLxmf last_;
    std::map<std::string, std::string> sent_;  // ids by packet hash
    std::set<std::string> delivered_, seen_;
    std::vector<std::string> texts_;
    std::string last_reply_to_;
    int times_ = 0, announces_ = 0, stamps_ = 0, links_answered_ = 0;
    std::optional<LinkInitiation> asked_;
    std::unique_ptr<Link> link_;                 // ours to the box
    std::vector<std::unique_ptr<Link>> theirs_;  // the box's to us
    std::deque<PackedLxmf> pending_;             // for the link
    std::optional<OutgoingResource> outgoing_;
    std::string outgoing_id_;
    const Link* outgoing_on_ = nullptr;
    std::optional<IncomingResource> incoming_;
    const Link* incoming_on_ = nullptr;
};

}  // namespace waypost::reticulum

// SPDX-License-Identifier: Apache-2.0
// What a section [nncp.NAME] of the settings says (nncp_kind.cpp reads it).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace waypost::nncp {

// Of exec packets between Waypost boxes: a batch of bridges/post.
inline constexpr char kPostHandle[] = "waypost";

// Of exec packets with an operator's signed command (doc/care.md).
inline constexpr char kCareHandle[] = "waypost-care";

struct NncpOptions {
    std::string config;                          // file of the node configuration, in nncp's form
    std::map<std::string, std::string> carries;  // mail domain -> node; "*": all other mail
    // How mail is put for a node. Neither: one exec packet of the handle sendmail for each.
    std::set<std::string> compact;  // nodes that are Waypost boxes
    std::set<std::string> batched;  // nodes that take batch SMTP, handle rsmtp
    std::set<std::string> handles{"sendmail", "rmail", "rsmtp"};  // that become messages here
    std::set<std::string> trusted;             // nodes whose mail may go to the outside
    std::set<std::string> acks;                // nodes that are sent ACKs and send them
    std::map<std::string, std::string> areas;  // area -> group here
    std::string listen;                        // "HOST:PORT" for calls; empty: none
    std::set<std::string> answer_on;           // lines: "serial:/dev/NAME?baud=N", "|command"
    std::uint64_t send_limit = 0, receive_limit = 0;  // bytes a second of a session; 0: none
    bool calls = true;                                // those that the configuration lists are made
    std::set<std::string> at_once;  // nodes that are called as soon as something waits for them
    std::map<std::string, std::string> links;  // node -> transport that carries its small packets
    std::uint64_t link_most = 4096;            // bytes of one that goes by it
    int link_nice = 160;                       // nor is it less urgent
    std::chrono::milliseconds gather{200};     // so long mails to one node are waited for
    std::chrono::seconds scan{60};             // the spool is looked at, whatever inotify says
    std::chrono::seconds resend_after{7 * 86400};  // without an ACK; 0: never
    std::chrono::seconds keep_seen{240 * 86400};   // packets and posts that came are known so long
    std::set<std::string> sticks;        // folders below which sticks are mounted; empty: none
    std::set<std::string> known_sticks;  // ids that need no asking
    bool mount_sticks = false;           // those that nothing else mounts
    int stick_rides = 0;                 // count as arrival without ACKs; 0: none does
    std::set<std::string> folders;       // directories that are exchanged with
    std::chrono::seconds folders_every{600};
    std::string led;            // folder of the kernel's LED class; empty: none
    std::uint64_t minsize = 0;  // packets are padded to so many bytes
    std::size_t max_message_bytes = 20u << 20;
};

}  // namespace waypost::nncp

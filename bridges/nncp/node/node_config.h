// SPDX-License-Identifier: Apache-2.0
// What one node knows of itself and of others, as the configuration of nncp says it (Hjson).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/nncp/node/hjson.h"
#include "bridges/nncp/packet/header.h"
#include "gateway/base/secret.h"

namespace waypost::nncp {

// Secrets of this node. `signing` is 64 bytes, the others 32.
struct OwnKeys {
    NodeId id{};
    Hash32 exchange_public{}, signing_public{}, noise_public{};
    Secret exchange, signing, noise;
};

struct Call {  // one entry of `calls`
    std::string cron;
    Nice nice = 255;
    bool receive = true, transmit = true;  // `xx`
    std::string address;                   // label in `addrs` or host:port; empty: all of them
    bool when_tx_exists = false;
    std::optional<int> receive_rate, transmit_rate;          // packets per second
    std::chrono::seconds online_deadline{0}, max_online{0};  // 0: as the node has it
    bool check_later = false;                                // `nock`
    bool ignore_discovery = false;                           // `mcd-ignore`
    // `autotoss`: toss while the call goes on, without the types named.
    bool toss = false, toss_seen = false;
    bool no_file = false, no_freq = false, no_exec = false, no_trns = false, no_area = false,
         no_ack = false;
};

struct Node {
    std::string name;
    NodeId id{};
    Hash32 exchange_public{}, signing_public{};
    std::optional<Hash32> noise_public;
    std::map<std::string, std::vector<std::string>> exec;  // handle -> program and fixed arguments
    std::string incoming;                                  // directory; empty: no files
    std::string freq_path;                                 // directory; empty: no requests
    std::uint64_t freq_chunk = 0, freq_minsize = 0, freq_maxsize = 0;  // bytes; 0: not set
    std::vector<std::string> via;                                      // names, first hop first
    std::map<std::string, std::string> addresses;  // label -> host:port, |command
    int receive_rate = 0, transmit_rate = 0;       // SP packets per second; 0: no limit
    std::chrono::seconds online_deadline{10}, max_online{0};
    std::vector<Call> calls;
};

struct Area {
    std::string name;
    AreaId id{};
    std::optional<Hash32> exchange_public;
    std::optional<Secret> exchange;  // of those who may read it
    std::vector<std::string> subscribers;
    std::map<std::string, std::vector<std::string>> exec;
    std::string incoming;
    bool allow_unknown = false;
};

struct Notice {
    std::string from, to;
};

struct NodeConfig {
    std::string spool, log;        // absolute
    std::optional<unsigned> mask;  // umask
    bool no_progress = false;
    bool no_headers = false;            // `nohdr`: write no hdr/ files
    std::optional<OwnKeys> self;        // nullopt: it only carries packets of others
    std::map<std::string, Node> nodes;  // by name, "self" among them
    std::map<std::string, Area> areas;  // by name
    std::map<std::string, Notice> notify_exec;
    std::optional<Notice> notify_file, notify_freq;
    std::vector<std::string> discovery_listen;                   // `mcd-listen`: of interface names
    std::map<std::string, std::chrono::seconds> discovery_send;  // `mcd-send`
    // The file holds secrets and others than its owner may read it. The caller warns or refuses.
    bool open_to_others = false;

    const Node* by_id(const NodeId& id) const;
    // By name or by id in base32; null: not known.
    const Node* find(std::string_view name_or_id) const;
    const Area* area(const AreaId& id) const;
    const Area* find_area(std::string_view name_or_id) const;
    // Ids of a node's `via`, first hop first. An Error names the one that is not known.
    Result<std::vector<const Node*>> hops(const Node& to) const;
};

// Text of a configuration, at most 1 MiB. Errors say line and key. Keys that are not known are
// passed over, as newer versions of nncp have more of them. What contradicts itself is refused,
// though nncp takes it: an id that is not the hash of its key, a public key that does not belong to
// its secret one.
Result<NodeConfig> parse_node_config(std::string_view hjson);
Result<NodeConfig> node_config_of(const Hjson& root);  // one that was read already

// The file, or $NNCPCFG where `file` is empty. NNCPSPOOL and NNCPLOG of the environment win, as
// with the real tools. A directory or an encrypted file (magic NNCPB) is Refused.
Result<NodeConfig> read_node_config(const std::string& file);
Result<std::string> read_config_text(const std::string& file);

}  // namespace waypost::nncp

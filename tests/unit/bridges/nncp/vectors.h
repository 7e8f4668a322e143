// SPDX-License-Identifier: Apache-2.0
// What stands in tests/data/nncp: packets of the real nncp with what must come out of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bridges/nncp/packet/seal.h"

namespace waypost::nncp {

struct TestKeys {  // of a node or of an area
    Hash32 id{}, exchange_public{}, signing_public{};
    Secret exchange, signing;
};
// "village", "relay", "city"; and "area:news".
const std::map<std::string, TestKeys>& test_keys();

struct VectorLayer {
    std::string recipient, sender, type, path;  // `path`: raw bytes
    Nice nice = 0, plain_nice = 0;
    std::uint64_t pad = 0, plain_bytes = 0;
    std::string payload_b3;  // hex; empty for a layer that holds a packet
};
struct Vector {
    std::string name;   // "exec-zstd", "bad-type"
    std::string bytes;  // of the packet
    std::string spool;  // its name in base32
    std::string owner;  // in whose spool it lay when it was made
    std::string at;     // the node that gets it
    std::string what;   // was done to it
    std::vector<VectorLayer> layers;
    std::string content;  // what comes out at the end
};
const std::vector<Vector>& good_vectors();
const std::vector<Vector>& bad_vectors();
// What is said of each where it is refused: when it is opened, or when what it holds is used.
const std::map<std::string, std::string>& bad_reasons();
const Vector& vector_of(const std::string& name);

struct MthRow {
    std::size_t size = 0;
    std::string hex;
};
const std::vector<MthRow>& mth_rows();
std::string mth_pattern(std::size_t size);

std::string vector_file(const std::string& name);  // what a file of the folder holds
std::string hex_of(const Hash32& hash);
// Opens what is for any of the test nodes.
Unsealing test_unsealing(const std::string& node);

// What a reader of an area, who has its key, can make of a member's post: other words under its
// signed header.
std::string forged_post(const std::string& genuine, const Secret& area_key,
                        const PlainHeader& plain, const std::string& payload);

// Of a packet from one of them to another.
Sealing test_sealing(const std::string& from, const std::string& to, Nice nice = kNiceExec);

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
// The nodes that the box's own node knows: their keys outlast a restart. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "gateway/base/clock.h"

namespace waypost::meshtastic {

struct KnownNode {
    std::string name, short_name;
    std::string key;        // under which it was proven last, or the first that it said
    std::string other_key;  // another one that somebody says is its
    bool messageable = true;
    BoxTime heard{};    // in this run; 0: not yet
    BoxTime told{};     // to the office
    BoxTime greeted{};  // by our node information, to it alone
    BoxTime refused{};  // told that we lack its key
    int hops = -1;
};

class Nodes {
  public:
    static constexpr std::size_t kMost = 2000;

    KnownNode* find(std::uint32_t number);
    const KnownNode* find(std::uint32_t number) const;
    // Made if it is new; then who was not heard for longest goes, told by forgotten().
    KnownNode& at(std::uint32_t number);
    std::uint32_t forgotten() { return std::exchange(forgotten_, 0); }  // 0: none
    std::size_t size() const { return nodes_.size(); }
    std::size_t heard_since(BoxTime since) const;

    // For the transport's state: "HEXKEY NAME". Rubbish is passed over.
    static std::string record(const KnownNode& node);
    void load(std::uint32_t number, const std::string& record);

  private:
    std::map<std::uint32_t, KnownNode> nodes_;
    std::uint32_t forgotten_ = 0;
};

}  // namespace waypost::meshtastic

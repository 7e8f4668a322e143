// SPDX-License-Identifier: Apache-2.0
#include "mesh_peer.h"

#include <Poco/JSON/Parser.h>

#include <stdexcept>
#include <utility>

namespace waypost::interop {
namespace {

constexpr int kOpensWithinMs = 5000;

struct Printed {
    std::string who, what, text;
    std::uint32_t id = 0;
};

Printed parse(const std::string& line) {
    const auto o = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
    return {o->optValue<std::string>("who", ""), o->optValue<std::string>("what", ""),
            o->optValue<std::string>("text", ""), o->optValue<std::uint32_t>("id", 0)};
}

}  // namespace

simulator::Village fast_village(const std::vector<std::string>& handhelds) {
    simulator::Village village;
    village.preset = 8;  // ShortTurbo
    village.region = 1;  // US: no law limits the hour
    village.speed = 30;
    village.seed = 7;
    simulator::VillageNode post;
    post.name = "post";
    post.number = 1;
    post.ports = {"tcp:127.0.0.1:0"};
    village.nodes.push_back(post);
    for (const std::string& name : handhelds) {
        simulator::VillageNode node;
        node.name = name;
        node.number = 9 + static_cast<std::uint32_t>(village.nodes.size());
        village.nodes.push_back(node);
    }
    for (simulator::VillageNode& node : village.nodes) node.long_name = node.short_name = node.name;
    return village;
}

MeshPeer::MeshPeer(simulator::Village village)
    : simulation_([village = std::move(village)](int input, int output) {
          (void)simulator::run_village({village, true, input, output});
      }) {
    if (!opened()) throw std::runtime_error("the village does not open");
}

bool MeshPeer::opened() {
    while (simulation_.prints_within(kOpensWithinMs)) {
        for (std::string line = simulation_.next_line(); !line.empty();
             line = simulation_.next_line()) {
            const Printed it = parse(line);
            if (it.what == "is at") port_ = it.text;
            if (it.what == "open") return true;
        }
    }
    return false;
}

std::vector<OnScreen> MeshPeer::look() {
    std::vector<OnScreen> shown;
    for (std::string line = simulation_.next_line(); !line.empty();
         line = simulation_.next_line()) {
        Printed it = parse(line);
        if (it.what == "sees") shown.push_back({std::move(it.who), std::move(it.text), it.id});
    }
    return shown;
}

}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
#include "nodes.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace waypost::interop {
namespace {

using namespace nncp;

Hjson known(Hjson ours, const Hjson& theirs) {
    auto both = merged(std::move(ours), theirs);
    if (!both.ok()) throw std::runtime_error(both.error().text);
    return std::move(*both);
}

}  // namespace

Nodes::Nodes(const std::vector<std::string>& names,
             const std::map<std::string, std::string>& exec) {
    std::map<std::string, Hjson> configs;
    for (const std::string& each : names) {
        ports_[each] = free_port();
        std::filesystem::create_directories(spool(each));
        configs[each] = new_node(make_keys(), spool(each), folder_ / each + "/log");
    }
    for (const std::string& each : names) {
        Hjson ours = configs[each];
        for (const std::string& other : names) {
            if (other == each) continue;
            const auto config = parse_node_config(to_json(configs[other]));
            if (!config.ok()) throw std::runtime_error(config.error().text);
            ours = known(std::move(ours),
                         public_part(*config, other,
                                     {{"lo", "127.0.0.1:" + std::to_string(ports_[other])}}));
            const auto runs = exec.find(each);
            if (runs == exec.end()) continue;
            auto handles = parse_hjson("{" + runs->second + "}");
            if (!handles.ok()) throw std::runtime_error(handles.error().text);
            ours.find("neigh")->find(other)->set("exec", std::move(*handles));
        }
        std::ofstream(config(each)) << to_json(ours);
        std::filesystem::permissions(
            config(each), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
}

Courier::Courier(const Nodes& nodes, std::string one, std::string other)
    : nodes_(nodes), one_(std::move(one)), other_(std::move(other)) {
    thread_ = std::thread([this] {
        while (!ends_) {
            ride();
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
    });
}

Courier::~Courier() {
    ends_ = true;
    thread_.join();
}

// What cannot go now goes with the next ride.
void Courier::ride() const {
    for (const auto& [from, to] : {std::pair(one_, other_), std::pair(other_, one_)}) {
        for (const std::string& what :
             {"-cfg " + nodes_.config(from) + " -node " + to + " -mkdir -tx ",
              "-cfg " + nodes_.config(to) + " -rx "})
            shell("nncp-xfer -quiet -noprogress " + what + stick_.path() + " 2>&1 || true");
    }
}

}  // namespace waypost::interop

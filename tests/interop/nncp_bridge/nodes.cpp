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

Hjson read(const std::string& text) {
    auto hjson = parse_hjson(text);
    if (!hjson.ok()) throw std::runtime_error(hjson.error().text);
    return std::move(*hjson);
}

void put(Hjson& into, const Hjson& more) {
    for (const HjsonMember& each : more.members) {
        Hjson* there = into.find(each.key);
        if (there != nullptr && there->kind == Hjson::Kind::Object) {
            put(*there, each.value);
        } else {
            into.set(each.key, each.value);
        }
    }
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
            ours.find("neigh")->find(other)->set("exec", read("{" + runs->second + "}"));
        }
        std::ofstream(config(each)) << to_json(ours);
        std::filesystem::permissions(
            config(each), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
}

void Nodes::add(const std::string& name, const std::string& more) const {
    Hjson ours = read(contents(config(name)));
    put(ours, read("{" + more + "}"));
    std::ofstream(config(name)) << to_json(ours);
}

void Nodes::forget(const std::string& name, const std::string& other) const {
    Hjson ours = read(contents(config(name)));
    std::erase_if(ours.find("neigh")->members,
                  [&](const HjsonMember& each) { return each.key == other; });
    std::ofstream(config(name)) << to_json(ours);
}

void Nodes::add_area(const std::string& area,
                     const std::map<std::string, std::set<std::string>>& subscribers,
                     const std::set<std::string>& readers) const {
    const Hjson keys = new_area();
    for (const auto& [name, to] : subscribers) {
        Hjson ours = read(contents(config(name)));
        Hjson entry = Hjson::object();
        for (const char* key : {"id", "pub", "prv"}) {
            if (key == std::string("id") || readers.count(name) > 0)
                entry.set(key, *keys.find(key));
        }
        Hjson subs;
        subs.kind = Hjson::Kind::List;
        for (const std::string& each : to) subs.items.push_back(Hjson::of_text(each));
        entry.set("subs", std::move(subs));
        if (ours.find("areas") == nullptr) ours.set("areas", Hjson::object());
        ours.find("areas")->set(area, std::move(entry));
        std::ofstream(config(name)) << to_json(ours);
    }
}

NodeConfig Nodes::as_read(const std::string& name) const {
    auto config_of_it = read_node_config(config(name));
    if (!config_of_it.ok()) throw std::runtime_error(config_of_it.error().text);
    return std::move(*config_of_it);
}

std::filesystem::path Nodes::folder(const std::string& at, const std::string& other,
                                    const std::string& way) const {
    return std::filesystem::path(spool(at)) / to_base32(as_read(other).self->id) / way;
}

std::vector<std::filesystem::path> Nodes::packets(const std::string& at, const std::string& other,
                                                  const std::string& way) const {
    std::vector<std::filesystem::path> all;
    std::error_code none;
    for (const auto& each : std::filesystem::directory_iterator(folder(at, other, way), none)) {
        if (each.path().filename().native().size() == kNameLetters) all.push_back(each.path());
    }
    return all;
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

// SPDX-License-Identifier: Apache-2.0
#include "relay_world.h"

#include <fstream>
#include <regex>

namespace waypost::interop {

namespace fs = std::filesystem;

std::unique_ptr<NncpRelay::World> NncpRelay::world_;

// The relay takes the thief's packets, hill and the city have never heard of him; he has the keys
// of the area.
NncpRelay::World::World() {
    nodes.forget("hill", "thief");
    nodes.forget("city", "thief");
    nodes.add("hill", "neigh: {city: {via: [\"relay\"]}}");
    nodes.add("city", "neigh: {hill: {via: [\"relay\"]}}");
    nodes.add_area("news",
                   {{"hill", {"relay"}},
                    {"relay", {"hill", "city"}},
                    {"city", {"relay"}},
                    {"thief", {"relay"}}},
                   {"hill", "city", "thief"});
    nodes.add("city", "areas: {news: {exec: {sendmail: [\"" + kept.program() + "\"]}}}");
    hill = std::make_unique<OneVillage>(
        "hill", "ana",
        "[nncp.post]\nconfig = \"" + nodes.config("hill") +
            "\"\ngather = \"50ms\"\ncarries = [\"city.example=city\"]\nacks = [\"city\"]\n"
            "areas = [\"news=#news\"]\nlisten = \"127.0.0.1:" +
            std::to_string(nodes.port("hill")) +
            "\"\n[neighbour.city]\ndomain = [\"city.example\"]\nnncp = \"city\"\n");
    hill->box().waypost("groups add news --post anyone");
    hill->box().waypost("groups join news ana");
    hill->box().waypost("groups join news news@area.nncp.invalid");
}

void NncpRelay::down() const {
    world_->at_hill.carry_to("relay");
    relay().toss();
    relay().bundle_to("city");
}

void NncpRelay::up() const {
    city().bundle_to("relay");
    relay().toss();
    relay().carry_to("hill");
}

std::size_t NncpRelay::waiting() const { return nodes().packets("hill", "relay", "tx").size(); }

std::string NncpRelay::writes(const std::string& text) {
    const std::size_t before = waiting();
    hill().type(text);
    EXPECT_TRUE(eventually([&] { return waiting() == before + 1; })) << all();
    std::string newest;
    try {
        for (int i = 1;; ++i) {
            const std::string number = std::to_string(i);
            if (trace(number).find(" from ana,") != std::string::npos) newest = number;
        }
    } catch (const std::runtime_error&) {  // there are no more
    }
    return newest;
}

std::string NncpRelay::trace(const std::string& number) {
    return hill().box().waypost("trace " + number);
}

bool NncpRelay::trace_says(const std::string& number, const std::string& text) {
    return says(hill().box(), "trace " + number, text);
}

void NncpRelay::eight_days_pass() const {
    const std::regex at("\nat ([0-9]+)\n");
    for (const auto& each : fs::recursive_directory_iterator(nodes().spool("hill") + "/waypost")) {
        if (each.path().extension() != ".sent") continue;
        const std::string record = contents(each.path().string());
        std::smatch found;
        ASSERT_TRUE(std::regex_search(record, found, at)) << record;
        std::ofstream(each.path())
            << found.prefix() << "\nat " << std::stoll(found[1]) - 8 * 86400 << '\n'
            << found.suffix();
    }
}

std::string NncpRelay::all() { return hill().screen() + hill().box().log(); }

}  // namespace waypost::interop

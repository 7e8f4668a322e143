// SPDX-License-Identifier: Apache-2.0
#include "radios.h"

#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

constexpr int kOpensWithinMs = 5000;
constexpr std::size_t kPrefixHex = 12;

Seen parse(const std::string& line) {
    const auto o = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
    return {o->optValue<std::string>("who", ""), o->optValue<std::string>("what", ""),
            o->optValue<std::string>("text", ""), o->optValue<std::string>("from", "")};
}

}  // namespace

meshcore::VillageOfRadios fast_radios(const std::vector<std::string>& handhelds) {
    meshcore::VillageOfRadios village;
    village.speed = 20;
    village.seed = 7;
    meshcore::VillageRadio post;
    post.name = "post";
    post.kind = meshcore::VillageRadio::Kind::Companion;
    post.ports = {"tcp:127.0.0.1:0"};
    village.radios.push_back(post);
    for (const std::string& name : handhelds) {
        meshcore::VillageRadio radio;
        radio.name = name;
        village.radios.push_back(radio);
    }
    return village;
}

Radios::Radios(meshcore::VillageOfRadios village)
    : simulation_([village = std::move(village)](int input, int output) {
          (void)meshcore::run_village(village, {input, output, false});
      }) {
    const auto open = [](const Seen& each) { return each.what == "open"; };
    while (simulation_.prints_within(kOpensWithinMs)) {
        look();
        if (std::any_of(all_.begin(), all_.end(), open)) return;
    }
    throw std::runtime_error("the radios do not open");
}

std::string Radios::settings(const std::string& more) const {
    return "[meshcore.roof]\nport = \"" + port_ + "\"\nregion = \"EU868\"\nshare = 100\n" +
           "gap = \"100ms\"\n" + more;
}

std::string Radios::address(const std::string& name) const {
    for (const Seen& each : all_) {
        if (each.who == name && each.what == "key")
            return "meshcore:!" + each.text.substr(0, kPrefixHex);
    }
    throw std::runtime_error("nobody is called " + name);
}

void Radios::look() {
    for (std::string line = simulation_.next_line(); !line.empty();
         line = simulation_.next_line()) {
        all_.push_back(parse(line));
        if (all_.back().what == "is at") port_ = all_.back().text;
    }
}

int Radios::count(const std::string& who, const std::string& text, const std::string& what) {
    look();
    return static_cast<int>(std::count_if(all_.begin(), all_.end(), [&](const Seen& each) {
        return each.who == who && each.what == what && each.text == text;
    }));
}

bool Radios::shows(const std::string& who, const std::string& text, const std::string& what) {
    return eventually([&] { return count(who, text, what) > 0; });
}

int Radios::begins(const std::string& who, const std::string& begin, const std::string& what) {
    look();
    return static_cast<int>(std::count_if(all_.begin(), all_.end(), [&](const Seen& each) {
        return each.who == who && each.what == what && each.text.starts_with(begin);
    }));
}

bool Radios::shows_some(const std::string& who, const std::string& begin, const std::string& what) {
    return eventually([&] { return begins(who, begin, what) > 0; });
}

std::string Radios::seen() {
    look();
    std::string all;
    for (const Seen& each : all_) {
        if (each.what == "key") continue;
        all += each.who + ' ' + each.what + ": " + each.text + '\n';
    }
    return all;
}

}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
// Simulated MeshCore radios for a client that is written in another language: "post" with a host's
// line, ana, ben, the repeater "hill" and the room "club" (password "hallo").
// usage: waypost-test-meshcore PORT...   each "tcp:127.0.0.1:0" or "pty:PATH"
#include <cstdio>

#include "radio/meshcore/simulator/village.h"

int main(int count, char** arguments) {
    using namespace waypost::meshcore;
    using Kind = VillageRadio::Kind;
    VillageOfRadios village;
    village.speed = 5;
    const std::pair<const char*, Kind> kRadios[] = {{"post", Kind::Companion},
                                                    {"ana", Kind::Handheld},
                                                    {"ben", Kind::Handheld},
                                                    {"hill", Kind::Repeater},
                                                    {"club", Kind::Room}};
    for (const auto& [name, kind] : kRadios) {
        VillageRadio radio;
        radio.name = name;
        radio.kind = kind;
        if (kind == Kind::Room) radio.password = "hallo";
        village.radios.push_back(radio);
    }
    village.radios.front().ports.assign(arguments + 1, arguments + count);
    const auto ran = run_village(village, {0, 1, true});
    if (!ran.ok()) std::fprintf(stderr, "%s\n", ran.error().text.c_str());
    return ran.ok() ? 0 : 1;
}

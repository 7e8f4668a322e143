// SPDX-License-Identifier: Apache-2.0
#include "two_villages.h"

#include <algorithm>
#include <stdexcept>

namespace waypost::interop {

OneVillage::OneVillage(const std::string& name, const std::string& person, int mail_port, int next,
                       const std::string& other, const std::string& neighbour)
    : person_(person), domain_(name + ".example"), mesh_(fast_village({person})) {
    open("[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(mail_port) +
         "\"]\nrelay = [\"" + other + ".example=smtp:127.0.0.1:" + std::to_string(next) +
         "\"]\n[neighbour." + other + "]\ndomain = [\"" + other + ".example\"]\n" + neighbour);
}

OneVillage::OneVillage(const std::string& name, const std::string& person, const std::string& toml)
    : person_(person), domain_(name + ".example"), mesh_(fast_village({person})) {
    open(toml);
}

void OneVillage::open(const std::string& toml) {
    const std::string radio =
        "[meshtastic.roof]\nport = \"" + mesh_.port() + "\"\ngap = \"270ms\"\n";
    box_ = std::make_unique<BoxProcess>(folder_, radio + toml, domain_);
    box_->waypost("people add " + person_ + " --radio meshtastic:!0000000a");
    if (!says(*box_, "status", "meshtastic.roof: works"))
        throw std::runtime_error("the radio does not work: " + box_->waypost("status"));
}

void OneVillage::look() {
    for (const OnScreen& each : mesh_.look()) lines_.push_back(each.text);
}

bool OneVillage::shows(const std::string& text) {
    return eventually([&] {
        look();
        return shown(text) > 0;
    });
}

bool OneVillage::shows_some(const std::string& part) {
    return eventually([&] {
        look();
        return screen().find(part) != std::string::npos;
    });
}

int OneVillage::shown(const std::string& text) const {
    return static_cast<int>(std::count(lines_.begin(), lines_.end(), text));
}

std::string OneVillage::screen() const {
    std::string all;
    for (const std::string& line : lines_) all += line + '\n';
    return all;
}

bool says(BoxProcess& box, const std::string& command, const std::string& text) {
    return eventually([&] { return box.waypost(command).find(text) != std::string::npos; });
}

std::string seen(OneVillage& hill, OneVillage& dale) {
    return "hill:\n" + hill.screen() + "dale:\n" + dale.screen() + hill.box().log() +
           dale.box().log();
}

std::string mail_from(const std::string& address, int port, const std::string& sender,
                      const std::string& to, const std::string& text) {
    return shell("swaks --server 127.0.0.1 --port " + std::to_string(port) + " --local-interface " +
                 address + " --from " + sender + " --to " + to + " --header 'Subject: " + text +
                 "' --body '" + text + "' || true");
}

}  // namespace waypost::interop

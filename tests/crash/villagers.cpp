// SPDX-License-Identifier: Apache-2.0
#include "villagers.h"

#include <algorithm>

namespace waypost::interop {
namespace {

constexpr std::chrono::seconds kPatience{2};

bool is_kept(const std::string& text) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    return digits > 0 && digits != std::string::npos && text.compare(digits, 5, " kept") == 0;
}

}  // namespace

Villagers::Villagers(MeshPeer& mesh, const std::vector<std::string>& names, std::string to)
    : mesh_(mesh), to_(std::move(to)) {
    for (const std::string& name : names) villagers_[name];
}

void Villagers::give(const std::string& who, int line) { villagers_.at(who).lines.push_back(line); }

std::string Villagers::writing(const std::string& who, int line, const std::string& mark) {
    return who + ' ' + std::to_string(line) + '.' + mark;
}

void Villagers::step() {
    for (const OnScreen& shown : mesh_.look()) read(shown);
    for (auto& [who, villager] : villagers_) {
        const bool patient = villager.typed && Steady::now() - villager.at < kPatience;
        if (!villager.lines.empty() && !patient) type(who, villager);
    }
}

void Villagers::read(const OnScreen& shown) {
    screens_[shown.who + ' ' + shown.text].push_back(shown.packet_id);
    Villager& villager = villagers_.at(shown.who);
    if (!is_kept(shown.text) || !villager.kept.insert(shown.text).second) return;
    if (!villager.typed) return;  // of a line that was written twice and kept twice
    villager.lines.pop_front();
    villager.typed = false;
}

void Villagers::type(const std::string& who, Villager& villager) {
    const int line = villager.lines.front();
    const int times = villager.times[line]++;
    mesh_.type(who, to_ + ' ' + writing(who, line, std::to_string(times)));
    if (times > 0) ++repeats_;
    villager.typed = true;
    villager.at = Steady::now();
}

bool Villagers::waiting() const {
    return std::any_of(villagers_.begin(), villagers_.end(),
                       [](const auto& each) { return !each.second.lines.empty(); });
}

bool Villagers::saw(const std::string& who, const std::string& text) const {
    return std::any_of(screens_.begin(), screens_.end(), [&](const auto& each) {
        const std::string& all = each.first;
        return all.rfind(who + ' ', 0) == 0 && all.size() > text.size() &&
               all.compare(all.size() - text.size(), text.size(), text) == 0;
    });
}

}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
#include "villagers.h"

#include <algorithm>
#include <sstream>

namespace waypost::interop {
namespace {

constexpr std::chrono::seconds kPatience{2};

// The numbers before " kept": "7 kept", or "7 8 kept" where two waited for the air together.
std::set<int> kept_numbers(const std::string& text) {
    std::set<int> numbers;
    std::istringstream words(text);
    int number = 0;
    while (words >> number) numbers.insert(number);
    words.clear();
    std::string word;
    words >> word;
    return word.rfind("kept", 0) == 0 ? numbers : std::set<int>();
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
    const std::set<int> numbers = kept_numbers(shown.text);
    const std::size_t before = villager.kept.size();
    villager.kept.insert(numbers.begin(), numbers.end());
    if (villager.kept.size() == before || !villager.typed) return;  // or written and kept twice
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

std::string Villagers::receipts(const std::string& who) const {
    std::string all;
    for (const auto& [who_and_text, ids] : screens_) {
        const std::string text = who_and_text.substr(who.size());
        if (who_and_text.rfind(who + ' ', 0) == 0 && !kept_numbers(text).empty())
            all += '\n' + std::to_string(ids.size()) + " x" + text;
    }
    return all;
}

bool Villagers::saw(const std::string& who, const std::string& text) const {
    return std::any_of(screens_.begin(), screens_.end(), [&](const auto& each) {
        const std::string& all = each.first;
        return all.rfind(who + ' ', 0) == 0 && all.size() > text.size() &&
               all.compare(all.size() - text.size(), text.size(), text) == 0;
    });
}

}  // namespace waypost::interop

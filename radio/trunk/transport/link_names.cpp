// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/link_names.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "radio/trunk/seal.h"

namespace waypost::trunk {
namespace {

constexpr char kOurs[] = "name/out/";
constexpr char kTheirs[] = "name/in/";
constexpr char kTable[] = "name/table";
constexpr char kOtherTable[] = "name/other";
constexpr char kKnown = '+';
constexpr char kSaid = '-';

std::uint32_t number_in(const std::string& key, std::string_view prefix) {
    std::uint32_t number = 0;
    std::from_chars(key.data() + prefix.size(), key.data() + key.size(), number);
    return number;
}

}  // namespace

LinkNames::LinkNames(TransportState& state, Random& random)
    : state_(state),
      table_(state.get(kTable).value_or("")),
      other_table_(state.get(kOtherTable).value_or("")) {
    if (table_.size() != kTableBytes) new_table(random);
    for (const auto& [key, value] : state.with_prefix(kOurs)) {
        if (value.empty()) continue;
        const std::uint32_t number = number_in(key, kOurs);
        ours_[value.substr(1)] = {number, value[0] == kKnown};
        last_ = std::max(last_, number);
    }
    for (const auto& [key, value] : state.with_prefix(kTheirs))
        theirs_[number_in(key, kTheirs)] = value;
}

void LinkNames::keep(const std::string& name, const Ours& ours) {
    state_.put(kOurs + std::to_string(ours.number), (ours.known ? kKnown : kSaid) + name);
}

post::NumberOf LinkNames::number_of() {
    return [this](const std::string& name) -> post::NameNumber {
        auto found = ours_.find(name);
        if (found == ours_.end()) {
            if (ours_.size() >= kMost) return {};
            found = ours_.emplace(name, Ours{++last_, false}).first;
            keep(name, found->second);
        }
        return {found->second.number, found->second.known};
    };
}

void LinkNames::arrived(const post::SaidNames& said) {
    for (const auto& [number, name] : said) {
        const auto found = ours_.find(name);
        if (found == ours_.end() || found->second.known) continue;
        found->second.known = true;
        keep(name, found->second);
    }
}

bool LinkNames::other_reads(std::string_view table) {
    if (table == other_table_) return false;
    for (auto& [name, ours] : ours_) {
        if (!std::exchange(ours.known, false)) continue;
        keep(name, ours);
    }
    other_table_ = table;
    state_.put(kOtherTable, other_table_);
    return true;
}

void LinkNames::new_table(Random& random) {
    table_ = random_bytes(random, kTableBytes);
    state_.put(kTable, table_);
}

post::NameOf LinkNames::name_of() const {
    return [this](std::uint32_t number) -> std::optional<std::string> {
        const auto found = theirs_.find(number);
        return found == theirs_.end() ? std::nullopt : std::optional(found->second);
    };
}

void LinkNames::heard(const post::SaidNames& said) {
    for (const auto& [number, name] : said) {
        if (theirs_.size() >= 2 * kMost && theirs_.count(number) == 0) continue;
        const auto [at, is_new] = theirs_.try_emplace(number, name);
        if (!is_new && at->second == name) continue;
        at->second = name;
        state_.put(kTheirs + std::to_string(number), name);
    }
}

}  // namespace waypost::trunk

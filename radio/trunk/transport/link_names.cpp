// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/link_names.h"

#include <algorithm>
#include <charconv>

namespace waypost::trunk {
namespace {

constexpr char kOurs[] = "name/out/";
constexpr char kTheirs[] = "name/in/";
constexpr char kKnown = '+';
constexpr char kSaid = '-';

std::uint32_t number_in(const std::string& key, std::string_view prefix) {
    std::uint32_t number = 0;
    std::from_chars(key.data() + prefix.size(), key.data() + key.size(), number);
    return number;
}

}  // namespace

LinkNames::LinkNames(TransportState& state) : state_(state) {
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

post::NameOf LinkNames::name_of() const {
    return [this](std::uint32_t number) -> std::optional<std::string> {
        const auto found = theirs_.find(number);
        return found == theirs_.end() ? std::nullopt : std::optional(found->second);
    };
}

void LinkNames::heard(const post::SaidNames& said) {
    for (const auto& [number, name] : said) {
        if (theirs_.size() >= 2 * kMost && theirs_.count(number) == 0) continue;
        if (const auto [at, is_new] = theirs_.insert_or_assign(number, name); is_new)
            state_.put(kTheirs + std::to_string(number), name);
    }
}

}  // namespace waypost::trunk

// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/in_hand.h"

#include <utility>

namespace waypost::xmpp {

std::uint64_t InHand::add(Letter letter) {
    const std::uint64_t number = ++last_;
    by_id_[letter.id] = number;
    letters_.emplace(number, std::move(letter));
    return number;
}

Letter* InHand::find(std::uint64_t number) {
    const auto found = letters_.find(number);
    return found == letters_.end() ? nullptr : &found->second;
}

std::optional<std::uint64_t> InHand::number_of(const WireId& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

void InHand::erase(std::uint64_t number) {
    const auto found = letters_.find(number);
    if (found == letters_.end()) return;
    by_id_.erase(found->second.id);
    letters_.erase(found);
}

std::optional<std::uint64_t> InHand::next_to_write() const {
    for (auto at = letters_.lower_bound(next_); at != letters_.end(); ++at) {
        const Letter::State state = at->second.state;
        if (state != Letter::State::Written && state != Letter::State::Taken) return at->first;
    }
    return std::nullopt;
}

void InHand::wrote(std::uint64_t number) {
    last_written_ = number;
    next_ = number + 1;
}

void InHand::write_again() {
    next_ = 1;
    last_written_ = 0;
    for (auto& [number, letter] : letters_) {
        letter.rest.clear();
        if (letter.state == Letter::State::Written) letter.state = Letter::State::Ready;
        if (letter.state == Letter::State::Taken) last_written_ = number;
    }
}

template <class Which>
std::vector<std::uint64_t> InHand::those(const Which& which) const {
    std::vector<std::uint64_t> found;
    for (const auto& [number, letter] : letters_)
        if (which(number, letter)) found.push_back(number);
    return found;
}

std::vector<std::uint64_t> InHand::written_up_to(std::uint64_t last) const {
    return those([last](std::uint64_t number, const Letter& letter) {
        return number <= last && letter.state == Letter::State::Written;
    });
}

std::vector<std::uint64_t> InHand::on_the_way_to(const std::string& domain,
                                                 std::uint64_t last) const {
    return those([&](std::uint64_t number, const Letter& letter) {
        return number <= last && letter.far && letter.to.domain() == domain &&
               (letter.state == Letter::State::Written || letter.state == Letter::State::Taken);
    });
}

std::set<std::string> InHand::domains_of_taken() const {
    std::set<std::string> found;
    for (const auto& [number, letter] : letters_)
        if (letter.state == Letter::State::Taken) found.insert(letter.to.domain());
    return found;
}

std::vector<std::uint64_t> InHand::not_begun() const {
    return those(
        [](std::uint64_t, const Letter& letter) { return letter.state == Letter::State::Waiting; });
}

std::vector<std::uint64_t> InHand::all() const {
    return those([](std::uint64_t, const Letter&) { return true; });
}

}  // namespace waypost::xmpp

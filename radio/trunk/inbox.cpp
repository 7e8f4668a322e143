// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/inbox.h"

#include <algorithm>
#include <charconv>

#include "radio/trunk/seal.h"

namespace waypost::trunk {
namespace {

std::string held_key(std::uint64_t number) { return "in/" + std::to_string(number % kWindow); }

std::string part_key(std::uint64_t number, int row) {
    return "part/" + std::to_string(number % kWindow) + "/" + std::to_string(row);
}

std::string with_number(std::uint64_t number, std::string_view bytes = {}) {
    std::string out;
    put_varint(out, number);
    return out.append(bytes);
}

// Rows that the object has, from its first: it begins with its length.
int fragments_of(std::string_view first) {
    std::string_view rest = first;
    const auto length = take_varint(rest);
    if (!length || *length > kMostFragments * std::size_t{65'535}) return 0;
    const std::size_t all = first.size() - rest.size() + kObjectTag + *length;
    const std::size_t rows = (all + first.size() - 1) / first.size();
    return rows > kMostFragments ? 0 : static_cast<int>(rows);
}

std::string bitmap(const std::map<int, std::string>& rows, int base) {
    const int last = rows.empty() ? 0 : rows.rbegin()->first;
    std::string map(last > base ? static_cast<std::size_t>((last - base - 1) / 8 + 1) : 0, '\0');
    for (const auto& [row, bytes] : rows) {
        if (row <= base) continue;
        const int bit = row - base - 1;
        char& cell = map[static_cast<std::size_t>(bit / 8)];
        cell = static_cast<char>(cell | 1 << bit % 8);
    }
    return map;
}

}  // namespace

std::vector<Received> Inbox::restore(const StateMap& state) {
    for (int slot = 0; slot < kWindow; ++slot) {
        const auto found = state.find(held_key(static_cast<std::uint64_t>(slot)));
        if (found == state.end()) continue;
        std::string_view in = found->second;
        if (const auto number = take_varint(in)) held_.insert(*number);
    }
    if (!held_.empty() && *held_.rbegin() >= kWindow) low_ = *held_.rbegin() - (kWindow - 1);
    advance();
    for (auto row = state.lower_bound("part/");
         row != state.end() && row->first.starts_with("part/"); ++row) {
        std::string_view in = row->second;
        const auto number = take_varint(in);
        int index = -1;
        const std::size_t slash = row->first.rfind('/');
        std::from_chars(row->first.data() + slash + 1, row->first.data() + row->first.size(),
                        index);
        if (number && open(*number) && index >= 0 && index < 255 && !in.empty())
            partial_[*number].rows[index] = std::string(in);
    }
    std::vector<Received> up;
    std::vector<StateRow> unused;
    std::vector<std::uint64_t> numbers;
    for (const auto& [number, partial] : partial_) numbers.push_back(number);
    for (const std::uint64_t number : numbers)
        if (auto received = put_together(number, unused)) up.push_back(std::move(*received));
    return up;
}

void Inbox::advance() {
    while (!held_.empty() && *held_.begin() <= low_) {
        if (*held_.begin() == low_) ++low_;
        held_.erase(held_.begin());
    }
}

void Inbox::peer_at(std::uint64_t oldest) {
    if (oldest > low_) {
        low_ = oldest;
        advance();
    }
    partial_.erase(partial_.begin(), partial_.lower_bound(low_));
}

bool Inbox::open(std::uint64_t number) const {
    return number >= low_ && number < low_ + kWindow && held_.count(number) == 0;
}

bool Inbox::room_for(std::uint64_t number, std::size_t bytes) const {
    if (partial_.empty() || number <= partial_.begin()->first) return true;
    for (const auto& [each, partial] : partial_) {
        for (const auto& [row, held] : partial.rows) bytes += held.size();
    }
    return bytes <= kMostPartial;
}

Received Inbox::give_up(std::uint64_t number, bool bundle, std::string bytes) {
    partial_[number].up = true;
    Received received{number, {}, {held_key(number), with_number(number)}};
    if (!bundle) {
        received.objects.push_back(std::move(bytes));
    } else if (auto objects = parse_bundle(bytes); objects.ok()) {
        received.objects = std::move(*objects);
    }
    return received;
}

std::optional<Received> Inbox::whole(std::uint64_t number, bool bundle, std::string bytes) {
    if (!open(number) || partial_[number].up) return std::nullopt;
    partial_[number] = {};
    return give_up(number, bundle, std::move(bytes));
}

std::optional<Received> Inbox::fragment(std::uint64_t number, int row, std::string bytes,
                                        std::vector<StateRow>& keep) {
    if (!open(number) || bytes.empty() || row >= static_cast<int>(kMostFragments) ||
        !room_for(number, bytes.size()))
        return std::nullopt;
    Partial& partial = partial_[number];
    if (partial.up) return std::nullopt;
    const auto there = partial.rows.find(row);
    if (there != partial.rows.end() && there->second == bytes) return std::nullopt;
    if (there != partial.rows.end()) forget(number, keep);  // cut anew by the other side
    keep.push_back({part_key(number, row), with_number(number, bytes)});
    partial_[number].rows[row] = std::move(bytes);
    return put_together(number, keep);
}

std::optional<Received> Inbox::put_together(std::uint64_t number, std::vector<StateRow>& keep) {
    Partial& partial = partial_[number];
    const auto first = partial.rows.find(0);
    if (first == partial.rows.end()) return std::nullopt;
    const int rows = fragments_of(first->second);
    const bool sized = rows > 0 && partial.rows.rbegin()->first < rows;
    if (sized && static_cast<int>(partial.rows.size()) < rows) return std::nullopt;
    std::string stream;
    for (const auto& [row, bytes] : partial.rows) stream += bytes;
    std::string_view in = stream;
    const std::size_t length = take_varint(in).value_or(0);
    const std::string_view tag = in.substr(0, std::min(in.size(), kObjectTag));
    in.remove_prefix(tag.size());
    in = in.substr(0, std::min(in.size(), length));
    // A forged fragment, or rows of two cuts: all of it has to come again.
    if (!sized || in.size() != length || tag != object_tag(psk_.reveal(), second_, number, in)) {
        forget(number, keep);
        return std::nullopt;
    }
    return give_up(number, false, std::string(in));
}

void Inbox::forget(std::uint64_t number, std::vector<StateRow>& keep) {
    for (const auto& [row, bytes] : partial_[number].rows)
        keep.push_back({part_key(number, row), {}});
    partial_.erase(number);
}

bool Inbox::confirm(std::uint64_t number, std::vector<StateRow>& keep) {
    const auto found = partial_.find(number);
    if (found == partial_.end() || !found->second.up) return false;
    forget(number, keep);
    held_.insert(number);
    advance();
    return true;
}

bool Inbox::unconfirmed() const {
    return std::any_of(partial_.begin(), partial_.end(),
                       [](const auto& each) { return each.second.up; });
}

Report Inbox::report(std::size_t most) const {
    Report report;
    report.low = static_cast<std::uint8_t>(low_ & 0xFF);
    std::size_t used = 1;
    for (const std::uint64_t number : held_) {
        if (number < low_ + kWindow && used++ < most)
            report.held.push_back(static_cast<int>(number - low_));
    }
    for (const auto& [number, partial] : partial_) {
        Gaps gaps{static_cast<int>(number - low_), 0, {}};
        if (partial.up) {
            gaps.base = Gaps::kWhole;
        } else {
            while (partial.rows.count(gaps.base) != 0) ++gaps.base;
            gaps.map = bitmap(partial.rows, gaps.base);
        }
        used += 3 + gaps.map.size();
        if (used <= most) report.gaps.push_back(std::move(gaps));
    }
    return report;
}

}  // namespace waypost::trunk

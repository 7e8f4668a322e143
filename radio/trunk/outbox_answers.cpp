// SPDX-License-Identifier: Apache-2.0
// What the other side's answers mean for what was sent.
#include <algorithm>

#include "radio/trunk/outbox.h"

namespace waypost::trunk {

void Outbox::unsent(const Piece& piece) {
    const auto found = open_.find(piece.number);
    if (found == open_.end()) return;
    const auto row = static_cast<std::size_t>(piece.row);
    if (row < found->second.rows.size() && found->second.rows[row] == Row::Sent)
        found->second.rows[row] = Row::Unsent;
}

bool Outbox::unanswered() const {
    return std::any_of(open_.begin(), open_.end(), [](const auto& each) {
        const auto& rows = each.second.rows;
        return std::count(rows.begin(), rows.end(), Row::Sent) > 0 ||
               std::count(rows.begin(), rows.end(), Row::Unsent) == 0;
    });
}

std::optional<Piece> Outbox::lone_unanswered() const {
    std::optional<Piece> lone;
    for (const auto& [number, parcel] : open_) {
        for (std::size_t row = 0; row < parcel.rows.size(); ++row) {
            if (parcel.rows[row] != Row::Sent) continue;
            if (lone || too_large(parcel)) return std::nullopt;
            lone = piece(number, static_cast<int>(row));
        }
    }
    return lone;
}

void Outbox::missing(Parcel& parcel, std::size_t row, Tally& tally) {
    if (parcel.rows[row] == Row::Sent) {
        ++tally.sent;
        ++tally.missing;
        ++tally.fragments[parcel.size].first;
        ++tally.fragments[parcel.size].second;
    }
    parcel.rows[row] = Row::Unsent;
}

void Outbox::there(Parcel& parcel, std::size_t row, Tally& tally) {
    if (parcel.rows[row] == Row::Sent) {
        ++tally.sent;
        ++tally.fragments[parcel.size].first;
    }
    parcel.rows[row] = Row::There;
}

void Outbox::end(std::uint64_t number, std::vector<ObjectId>& delivered, Tally& tally) {
    const auto found = open_.find(number);
    if (found == open_.end()) return;
    for (std::size_t row = 0; row < found->second.rows.size(); ++row)
        there(found->second, row, tally);
    delivered.insert(delivered.end(), found->second.ids.begin(), found->second.ids.end());
    open_.erase(found);
}

void Outbox::end_below(std::uint64_t low, std::vector<ObjectId>& delivered, Tally& tally) {
    while (!open_.empty() && open_.begin()->first < low)
        end(open_.begin()->first, delivered, tally);
}

// `gaps` nullptr: nothing of it is there. What was never sent is not missing.
void Outbox::apply(Parcel& parcel, const Gaps* gaps, Tally& tally) {
    for (std::size_t row = 0; row < parcel.rows.size(); ++row) {
        const int index = static_cast<int>(row);
        bool has = false;
        if (gaps != nullptr) {
            const int bit = index - gaps->base - 1;
            has = index < gaps->base ||
                  (bit >= 0 && static_cast<std::size_t>(bit / 8) < gaps->map.size() &&
                   (static_cast<unsigned char>(gaps->map[static_cast<std::size_t>(bit / 8)]) >>
                        (bit % 8) &
                    1) != 0);
        }
        if (has) {
            there(parcel, row, tally);
        } else {
            missing(parcel, row, tally);
        }
    }
}

Tally Outbox::hold(std::uint64_t low, std::vector<ObjectId>& delivered) {
    Tally tally;
    if (low > next_) return tally;
    end_below(low, delivered, tally);
    for (auto& [number, parcel] : open_) apply(parcel, nullptr, tally);
    return tally;
}

Tally Outbox::report(const Report& report, std::vector<ObjectId>& delivered) {
    Tally tally;
    const std::uint64_t low = near(oldest(), report.low, 8);
    if (low > next_) return tally;
    end_below(low, delivered, tally);
    for (const int offset : report.held)
        end(low + static_cast<std::uint64_t>(offset), delivered, tally);
    for (auto& [number, parcel] : open_) {
        const auto found =
            std::find_if(report.gaps.begin(), report.gaps.end(), [&, n = number](const Gaps& gaps) {
                return low + static_cast<std::uint64_t>(gaps.offset) == n;
            });
        apply(parcel, found == report.gaps.end() ? nullptr : &*found, tally);
    }
    return tally;
}

}  // namespace waypost::trunk

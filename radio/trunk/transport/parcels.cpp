// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/parcels.h"

#include <charconv>

#include "gateway/base/log.h"

namespace waypost::trunk {
namespace {

constexpr char kRows[] = "object/";
constexpr int kAttemptBits = 16;
constexpr ObjectId kOwn = ObjectId{1} << 63;

std::string key_of(ObjectId id) { return kRows + std::to_string(id); }

}  // namespace

std::string encode_parcel(const Parcel& parcel) {
    std::string row;
    put_varint(row, static_cast<std::uint64_t>(parcel.attempt.delivery));
    put_varint(row, static_cast<std::uint64_t>(parcel.attempt.number));
    put_varint(row, static_cast<std::uint64_t>(parcel.priority));
    put_varint(row, parcel.said.size());
    for (const auto& [number, name] : parcel.said) {
        put_varint(row, number);
        put_bytes(row, name);
    }
    return row + parcel.bytes;
}

std::optional<Parcel> decode_parcel(std::string_view row) {
    Parcel parcel;
    const auto delivery = take_varint(row), number = take_varint(row), priority = take_varint(row),
               said = take_varint(row);
    if (!delivery || !number || !priority || !said) return std::nullopt;
    if (*priority > static_cast<std::uint64_t>(Priority::Bulk)) return std::nullopt;
    parcel.attempt = {static_cast<DeliveryId>(*delivery), static_cast<int>(*number)};
    parcel.priority = static_cast<Priority>(*priority);
    for (std::uint64_t i = 0; i < *said; ++i) {
        const auto which = take_varint(row);
        auto name = which ? take_bytes(row) : std::nullopt;
        if (!name) return std::nullopt;
        parcel.said.emplace_back(static_cast<std::uint32_t>(*which), std::move(*name));
    }
    parcel.bytes = row;
    return parcel;
}

Parcels::Parcels(TransportState& state) : state_(state) {
    for (const auto& [key, row] : state.with_prefix(kRows)) {
        ObjectId id = 0;
        std::from_chars(key.data() + sizeof kRows - 1, key.data() + key.size(), id);
        if (auto parcel = decode_parcel(row))
            parcels_[id] = std::move(*parcel);
        else
            log(Level::Error, "trunk", "damaged-row", {{"row", key}});
    }
}

ObjectId Parcels::id_of(AttemptId attempt) {
    return static_cast<ObjectId>(attempt.delivery) << kAttemptBits |
           (static_cast<ObjectId>(attempt.number) & ((1u << kAttemptBits) - 1));
}

ObjectId Parcels::own_id(Random& random) const {
    for (;;) {
        const ObjectId id = kOwn | random.below(UINT64_MAX >> 1);
        if (parcels_.count(id) == 0) return id;
    }
}

void Parcels::add(ObjectId id, const Parcel& parcel) {
    state_.put(key_of(id), encode_parcel(parcel));
    parcels_[id] = parcel;
}

const Parcel* Parcels::find(ObjectId id) const {
    const auto found = parcels_.find(id);
    return found == parcels_.end() ? nullptr : &found->second;
}

void Parcels::forget_names() {
    for (auto& [id, parcel] : parcels_) {
        if (parcel.said.empty()) continue;
        parcel.said.clear();
        state_.put(key_of(id), encode_parcel(parcel));
    }
}

void Parcels::remove(ObjectId id) {
    state_.erase(key_of(id));
    parcels_.erase(id);
}

}  // namespace waypost::trunk

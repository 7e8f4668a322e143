// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/freight.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>

#include "gateway/base/log.h"
#include "gateway/message/text.h"
#include "radio/trunk/varint.h"

namespace waypost::trunk {
namespace {

constexpr char kRows[] = "freight/";
constexpr char kTakes[] = "takes-parcels";
constexpr milliseconds kOwnerStarts{300'000};
constexpr ObjectId kFreight = ObjectId{3} << 62;  // beside the ids of parcels.h
constexpr std::size_t kPrint = 8;
constexpr unsigned char kFreightBits = 0xE0;
constexpr milliseconds kAskEvery{2'000};
constexpr milliseconds kFullAgain{30'000};
constexpr milliseconds kTellAgain{30'000};
constexpr int kPrompt = 32;  // niceness of what somebody waits for (FLASH)
constexpr int kMail = 96;    // (PRIORITY)

std::string key_of(ObjectId id) { return kRows + std::to_string(id); }

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string print_of(std::string_view object) {
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, bytes_of(object), object.size(), nullptr, 0);
    return {hash, hash + kPrint};
}

// Never before an alarm, and what is less urgent than mail behind all messages.
Priority priority_of(int nice) {
    if (nice <= kPrompt) return Priority::Chat;
    return nice <= kMail ? Priority::Mail : Priority::Bulk;
}

}  // namespace

bool is_freight(std::string_view object) {
    return !object.empty() &&
           (static_cast<unsigned char>(object[0]) & kFreightBits) == kFreightBits;
}

std::optional<FreightKind> freight_kind(std::string_view object) {
    if (object.empty()) return std::nullopt;
    const auto kind = static_cast<FreightKind>(object[0]);
    const bool known = kind == FreightKind::Parcel || kind == FreightKind::Refusal;
    return known ? std::optional(kind) : std::nullopt;
}

std::string encode_refusal(std::string_view object, std::string_view why) {
    std::string out{static_cast<char>(FreightKind::Refusal)};
    return out + print_of(object) + std::string(why.substr(0, ParcelVerdict::kMostWhy));
}

std::optional<FreightRefusal> decode_refusal(std::string_view object) {
    if (freight_kind(object) != FreightKind::Refusal || object.size() < 1 + kPrint)
        return std::nullopt;
    const std::string_view why = object.substr(1 + kPrint);
    if (why.size() > ParcelVerdict::kMostWhy) return std::nullopt;
    return FreightRefusal{std::string(object.substr(1, kPrint)),
                          one_line(clean_utf8(why), ParcelVerdict::kMostWhy)};
}

std::string Freight::encode(const Carried& carried) {
    std::string row;
    put_varint(row, static_cast<std::uint64_t>(carried.state));
    put_varint(row, static_cast<std::uint64_t>(carried.nice));
    put_bytes(row, carried.name);
    put_bytes(row, carried.why);
    return row + carried.object;
}

std::optional<Freight::Carried> Freight::decode(std::string_view row) {
    Carried carried;
    const auto state = take_varint(row), nice = take_varint(row);
    if (!state || *state > static_cast<std::uint64_t>(Carried::State::Refused) || !nice)
        return std::nullopt;
    auto name = take_bytes(row);
    auto why = name ? take_bytes(row) : std::nullopt;
    if (!why) return std::nullopt;
    carried.state = static_cast<Carried::State>(*state);
    carried.nice = static_cast<int>(std::min<std::uint64_t>(*nice, 255));
    carried.name = std::move(*name);
    carried.why = std::move(*why);
    carried.object = row;
    return carried;
}

Freight::Freight(TransportId id, ParcelDesk* desk, std::size_t most_bytes, Random& random,
                 TransportState& state, std::shared_ptr<Posted> posted)
    : id_(std::move(id)),
      desk_(desk),
      most_bytes_(most_bytes),
      random_(random),
      state_(state),
      posted_(std::move(posted)),
      takes_(state.get(kTakes).has_value()) {
    for (const auto& [key, row] : state.with_prefix(kRows)) {
        ObjectId object = 0;
        std::from_chars(key.data() + sizeof kRows - 1, key.data() + key.size(), object);
        if (auto carried = decode(row))
            carried_[object] = std::move(*carried);
        else
            log(Level::Error, "trunk", "damaged-row", {{"row", key}});
    }
}

std::shared_ptr<ParcelOwner> Freight::owner() const {
    return desk_ != nullptr ? desk_->owner(id_) : nullptr;
}

bool Freight::shut(BoxTime now) const {
    return !allowed() || (!owner() && now - owner_at_ >= kOwnerStarts);
}

std::uint32_t Freight::features(BoxTime now) {
    const bool there = owner() != nullptr;
    if (there) owner_at_ = now;
    const bool takes = there || (takes_ && !shut(now));
    if (takes == takes_) return takes ? kTakesParcels : 0;
    takes_ = takes;
    if (takes)
        state_.put(kTakes, "1");
    else
        state_.erase(kTakes);
    return takes ? kTakesParcels : 0;
}

std::vector<Object> Freight::again() const {
    std::vector<Object> all;
    for (const auto& [id, carried] : carried_)
        if (allowed() && carried.state == Carried::State::UnderWay)
            all.push_back({id, carried.object, priority_of(carried.nice)});
    return all;
}

std::size_t Freight::under_way() const {
    return static_cast<std::size_t>(std::count_if(
        carried_.begin(), carried_.end(),
        [](const auto& each) { return each.second.state == Carried::State::UnderWay; }));
}

std::set<std::string> Freight::names() const {
    std::set<std::string> all;
    for (const auto& [id, carried] : carried_) all.insert(carried.name);
    return all;
}

void Freight::put(ObjectId id) { state_.put(key_of(id), encode(carried_.at(id))); }

bool Freight::run(BoxTime now, bool open, const Offer& offer) {
    if (now >= tell_at_) {
        for (auto& [id, carried] : carried_)
            if (carried.state != Carried::State::UnderWay && !carried.telling) tell(id, carried);
    }
    const bool came = fetched_.has_value();
    if (came && !took(*std::exchange(fetched_, std::nullopt), offer)) ask_at_ = now + kFullAgain;
    if (open && !asking_ && now >= ask_at_ && under_way() < kInHand) ask(now);
    return came;
}

BoxTime Freight::next(bool open) const {
    if (!owner()) return BoxTime::max();
    BoxTime next = BoxTime::max();
    if (open && !asking_ && under_way() < kInHand) next = ask_at_;
    for (const auto& [id, carried] : carried_)
        if (carried.state != Carried::State::UnderWay && !carried.telling)
            next = std::min(next, tell_at_);
    return next;
}

void Freight::ask(BoxTime now) {
    const auto owner = this->owner();
    if (!owner) return;
    asking_ = true;
    ask_at_ = now + kAskEvery;
    owner->next(id_, names(), [posted = posted_, this](std::optional<waypost::Parcel> parcel) {
        posted->put([this, parcel = std::move(parcel)](BoxTime at) {
            asking_ = false;
            if (!parcel) return;
            fetched_ = parcel;
            ask_at_ = at;
        });
    });
}

bool Freight::took(waypost::Parcel parcel, const Offer& offer) {
    if (names().count(parcel.name) > 0) return true;
    Carried carried;
    carried.nice = parcel.nice;
    carried.name = std::move(parcel.name);
    carried.object = static_cast<char>(FreightKind::Parcel) + parcel.bytes;
    ObjectId id = 0;
    do {
        id = kFreight | random_.below(kFreight - 1) >> 2;
    } while (carried_.count(id) > 0);
    if (carried.object.size() > most_bytes_) {
        carried.state = Carried::State::Refused;
        carried.why = "too long for this link";
    } else if (!offer({id, carried.object, priority_of(carried.nice)}).ok()) {
        return false;
    }
    carried_[id] = std::move(carried);
    put(id);
    return true;
}

void Freight::delivered(ObjectId id) {
    Carried& carried = carried_.at(id);
    if (carried.state != Carried::State::UnderWay) return;
    carried.state = Carried::State::There;
    ++sent_;
    put(id);
}

void Freight::cannot_go(ObjectId id, const std::string& why) {
    Carried& carried = carried_.at(id);
    if (carried.state != Carried::State::UnderWay) return;
    carried.state = Carried::State::Refused;
    carried.why = why;
    put(id);
}

void Freight::refused(const FreightRefusal& refusal) {
    for (const auto& [id, carried] : carried_)
        if (print_of(carried.object) == refusal.print) return cannot_go(id, refusal.why);
}

void Freight::tell(ObjectId id, Carried& carried) {
    const auto owner = this->owner();
    if (!owner) return;
    carried.telling = true;
    const auto on_noted = [posted = posted_, this, id](bool well) {
        posted->put([this, id, well](BoxTime now) { noted(id, well, now); });
    };
    if (carried.state == Carried::State::There)
        owner->delivered(id_, carried.name, on_noted);
    else
        owner->cannot_go(id_, carried.name, carried.why, on_noted);
}

void Freight::noted(ObjectId id, bool well, BoxTime now) {
    const auto found = carried_.find(id);
    if (found == carried_.end()) return;
    found->second.telling = false;
    if (!well) {
        tell_at_ = now + kTellAgain;
        return;
    }
    state_.erase(key_of(id));
    carried_.erase(found);
    ask_at_ = now;
}

}  // namespace waypost::trunk

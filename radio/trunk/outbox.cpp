// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/outbox.h"

#include <algorithm>

#include "radio/trunk/seal.h"

namespace waypost::trunk {
namespace {

constexpr std::size_t kShort = 200;  // waits for companions
constexpr milliseconds kFlockWait{2000};
constexpr milliseconds kFlockGap{4000};
constexpr std::size_t kMostShortInBundle = 64;
constexpr std::size_t kLeastFragment = 100;

std::string key_of(std::uint64_t number) { return "out/" + std::to_string(number % kWindow); }

}  // namespace

void Outbox::restore(const StateMap& state) {
    for (int slot = 0; slot < kWindow; ++slot) {
        const auto found = state.find(key_of(static_cast<std::uint64_t>(slot)));
        if (found == state.end()) continue;
        std::string_view in = found->second;
        const auto number = take_varint(in);
        const auto size = take_varint(in);
        const auto bundle = take_varint(in);
        if (!number || !size || !bundle) continue;
        Remembered remembered{{}, *bundle != 0, *size};
        while (const auto id = take_varint(in)) remembered.ids.push_back(*id);
        next_ = std::max(next_, *number + 1);
        remembered_[*number] = std::move(remembered);
    }
}

StateRow Outbox::record(std::uint64_t number, const Parcel& parcel) const {
    std::string value;
    put_varint(value, number);
    put_varint(value, parcel.size);
    put_varint(value, parcel.bundle ? 1 : 0);
    for (const ObjectId id : parcel.ids) put_varint(value, id);
    return {key_of(number), value};
}

Result<void> Outbox::offer(Object object, BoxTime now) {
    constexpr std::size_t most = kMostFragments * kLeastFragment;
    if (object.bytes.size() + kBeforeBytes > most)
        return Error{Code::TooLarge, "an object of at most " + std::to_string(most) + " bytes",
                     false};
    if (waiting_objects() >= kMostObjects || bytes_ + object.bytes.size() > kMostBytes)
        return Error{Code::Full, "too much waits for this link", true};
    offer_again(std::move(object), now);
    return {};
}

void Outbox::offer_again(Object object, BoxTime now) {
    const auto gap = std::min<milliseconds>(now - last_offer_, milliseconds(60'000));
    usual_gap_ = (usual_gap_ * 3 + gap) / 4;
    last_offer_ = now;
    bytes_ += object.bytes.size();
    Lane& lane = waiting_[object.priority];
    lane.push_back({std::move(object), now});
}

bool Outbox::withdraw(ObjectId id) {
    for (const auto& [number, each] : remembered_)
        if (std::find(each.ids.begin(), each.ids.end(), id) != each.ids.end()) return false;
    return take_waiting(id).has_value();
}

std::uint64_t Outbox::oldest() const {
    if (!remembered_.empty()) return remembered_.begin()->first;
    return open_.empty() ? next_ : open_.begin()->first;
}

std::size_t Outbox::waiting_objects() const {
    std::size_t all = 0;
    for (const auto& [priority, lane] : waiting_) all += lane.size();
    return all;
}

std::size_t Outbox::fragment_size() const { return frame_payload() - kFragmentOverhead; }

Object Outbox::pop(Lane& lane) {
    Object object = std::move(lane.front().object);
    lane.pop_front();
    bytes_ -= object.bytes.size();
    return object;
}

std::optional<Object> Outbox::take_waiting(ObjectId id) {
    for (auto& [priority, lane] : waiting_) {
        const auto found = std::find_if(lane.begin(), lane.end(),
                                        [&](const Waiting& each) { return each.object.id == id; });
        if (found == lane.end()) continue;
        Object object = std::move(found->object);
        lane.erase(found);
        bytes_ -= object.bytes.size();
        return object;
    }
    return std::nullopt;
}

// Of what its number had, only that goes which was offered again. The number must end in any case:
// the other side counts them.
void Outbox::reopen(std::uint64_t number, const Remembered& remembered) {
    Parcel parcel;
    std::vector<std::string> bytes;
    for (const ObjectId id : remembered.ids) {
        auto object = take_waiting(id);
        if (!object) continue;
        parcel.ids.push_back(id);
        parcel.priority = object->priority;
        bytes.push_back(std::move(object->bytes));
    }
    parcel.bundle = remembered.bundle || bytes.empty();
    parcel.content = parcel.bundle ? encode_bundle(bytes) : bytes.front();
    if (!cut(number, parcel, parcel.bundle ? 0 : remembered.size)) refuse(number, parcel);
    open_[number] = std::move(parcel);
}

std::vector<ObjectId> Outbox::resume(std::uint64_t their_low, std::size_t payload) {
    payload_ = payload;
    next_ = std::max(next_, their_low);
    for (const auto& [number, remembered] : remembered_) reopen(number, remembered);
    remembered_.clear();
    std::vector<ObjectId> delivered;
    Tally tally;
    end_below(their_low, delivered, tally);
    for (auto& [number, parcel] : open_) {
        const bool fits = parcel.size == 0 ? parcel.content.size() <= room()
                                           : parcel.size + kFragmentOverhead <= payload_;
        if (!fits && !parcel.bundle) {
            if (parcel.size > 0) {  // off with length and tag
                std::string_view in = parcel.content;
                (void)take_varint(in);
                parcel.content = std::string(in.substr(kObjectTag));
            }
            const std::size_t size = size_for(parcel.content.size());
            const bool small = parcel.content.size() <= room();
            if ((size == 0 && !small) || !cut(number, parcel, size)) refuse(number, parcel);
        }
        for (Row& row : parcel.rows) row = Row::Sent;
    }
    return delivered;
}

std::optional<BoxTime> Outbox::due(BoxTime now) const {
    if (unsent_row(Priority::Bulk, SIZE_MAX)) return now;
    std::optional<BoxTime> since;
    for (const auto& [priority, lane] : waiting_) {
        if (lane.empty()) continue;
        if (priority == Priority::Alarm) return now;
        since = std::min(since.value_or(lane.front().since), lane.front().since);
    }
    if (!since || next_ - oldest() >= kWindow) return std::nullopt;
    if (usual_gap_ > kFlockGap || bytes_ >= kShort) return now;
    return *since + kFlockWait;
}

bool Outbox::urgent_waits() const {
    const auto lane = waiting_.find(Priority::Alarm);
    return (lane != waiting_.end() && !lane->second.empty()) ||
           unsent_row(Priority::Alarm, SIZE_MAX).has_value();
}

int Outbox::left() const {
    std::size_t frames = 0;
    for (const auto& [number, parcel] : open_)
        frames += static_cast<std::size_t>(
            std::count(parcel.rows.begin(), parcel.rows.end(), Row::Unsent));
    if (const std::size_t objects = waiting_objects(); objects > 0 && next_ - oldest() < kWindow)
        frames += std::max<std::size_t>(1, (bytes_ + objects + room() - 1) / room());
    return static_cast<int>(std::min<std::size_t>(frames, 1000));
}

std::optional<std::pair<std::uint64_t, int>> Outbox::unsent_row(Priority most,
                                                                std::size_t bytes) const {
    std::optional<std::pair<std::uint64_t, int>> best;
    Priority best_priority = most;
    for (const auto& [number, parcel] : open_) {
        if (parcel.priority > best_priority || (best && parcel.priority == best_priority)) continue;
        if (bytes != SIZE_MAX && (parcel.size > 0 || parcel.content.size() > bytes)) continue;
        const auto row = std::find(parcel.rows.begin(), parcel.rows.end(), Row::Unsent);
        if (row == parcel.rows.end()) continue;
        best = {number, static_cast<int>(row - parcel.rows.begin())};
        best_priority = parcel.priority;
    }
    return best;
}

// What goes with the first of the lane in one frame: the lane's own, then what is less urgent.
std::vector<Object> Outbox::companions(Lane& lane, std::size_t most) {
    std::vector<Object> all;
    std::size_t used = lane.front().object.bytes.size() + 2;
    all.push_back(pop(lane));
    for (auto& [priority, other] : waiting_) {
        while (!other.empty() && all.size() < kMostShortInBundle &&
               used + other.front().object.bytes.size() + 2 <= most) {
            used += other.front().object.bytes.size() + 2;
            all.push_back(pop(other));
        }
    }
    return all;
}

std::optional<std::uint64_t> Outbox::begin(Lane& lane, std::size_t most,
                                           std::vector<StateRow>& keep) {
    const std::size_t length = lane.front().object.bytes.size();
    const std::size_t size = size_for(length);
    if (size == 0 && length > room()) {
        refused_.push_back(pop(lane).id);
        return std::nullopt;
    }
    const std::uint64_t number = next_++;
    Parcel parcel;
    parcel.priority = lane.front().object.priority;
    auto objects = length > room() ? std::vector<Object>{} : companions(lane, most);
    if (objects.empty()) objects.push_back(pop(lane));
    for (const Object& object : objects) parcel.ids.push_back(object.id);
    parcel.bundle = objects.size() > 1;
    if (parcel.bundle) {
        std::vector<std::string> bytes;
        for (Object& object : objects) bytes.push_back(std::move(object.bytes));
        parcel.content = encode_bundle(bytes);
    } else {
        parcel.content = std::move(objects.front().bytes);
    }
    cut(number, parcel, size);
    keep.push_back(record(number, parcel));
    open_[number] = std::move(parcel);
    return number;
}

Piece Outbox::piece(std::uint64_t number, int row) const {
    const Parcel& parcel = open_.at(number);
    Piece piece{FrameType::Fragment, number, row, {}, parcel.priority == Priority::Alarm};
    if (parcel.size == 0) {
        piece.type = parcel.bundle ? FrameType::Bundle : FrameType::Single;
        piece.bytes = parcel.content;
    } else {
        piece.bytes =
            parcel.content.substr(static_cast<std::size_t>(row) * parcel.size, parcel.size);
    }
    return piece;
}

std::optional<Piece> Outbox::next(std::vector<StateRow>& keep) {
    for (auto& [priority, lane] : waiting_) {
        if (lane.empty() || next_ - oldest() >= kWindow) continue;
        if (unsent_row(priority, SIZE_MAX)) break;
        begin(lane, room(), keep);
        break;
    }
    const auto found = unsent_row(Priority::Bulk, SIZE_MAX);
    if (!found) return std::nullopt;
    if (too_large(open_[found->first])) shrink(found->first, keep);
    open_[found->first].rows[static_cast<std::size_t>(found->second)] = Row::Sent;
    return piece(found->first, found->second);
}

std::optional<Piece> Outbox::next_short(std::size_t most, std::vector<StateRow>& keep) {
    most = std::min(most, room());
    auto found = unsent_row(Priority::Bulk, most);
    for (auto& [priority, lane] : waiting_) {
        if (found || lane.empty() || next_ - oldest() >= kWindow) continue;
        if (lane.front().object.bytes.size() > most) break;
        if (const auto number = begin(lane, most, keep)) found = {*number, 0};
    }
    if (!found) return std::nullopt;
    open_[found->first].rows[0] = Row::Sent;
    return piece(found->first, 0);
}

}  // namespace waypost::trunk

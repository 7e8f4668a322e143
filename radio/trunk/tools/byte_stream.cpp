// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/byte_stream.h"

#include <algorithm>

#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

enum Kind : unsigned { kBytes, kLast, kGivenUp, kAsk };
constexpr int kNumberBits = 6;
constexpr unsigned kNumbers = 1U << kNumberBits;

}  // namespace

std::size_t ByteStream::room() const {
    return ended_ || giving_up_ ? 0 : kWaiting - std::min(kWaiting, waiting_.size());
}

void ByteStream::put(std::string_view bytes) { waiting_ += bytes.substr(0, room()); }

void ByteStream::give_up() {
    giving_up_ = true;
    waiting_.clear();
}

Object ByteStream::make(unsigned kind, std::string bytes) {
    Open open{std::nullopt, bytes.size()};
    if (kind == kBytes || kind == kLast) open.number = next_out_++;
    open_bytes_ += bytes.size();
    Object object;
    object.id = ++last_id_;
    object.bytes =
        static_cast<char>(kind << kNumberBits | (open.number.value_or(0) & (kNumbers - 1)));
    object.bytes += bytes;
    if (kind == kGivenUp) object.priority = Priority::Alarm;
    open_[object.id] = open;
    return object;
}

bool ByteStream::window_full() const {
    const auto oldest = std::find_if(open_.begin(), open_.end(),
                                     [](const auto& each) { return each.second.number; });
    return oldest != open_.end() && next_out_ - *oldest->second.number >= kWindow;
}

std::optional<Object> ByteStream::next() {
    const bool idle = open_.empty();
    if (std::exchange(ask_, false) && idle && waiting_.empty()) return make(kAsk, {});
    if (end_sent_) return std::nullopt;
    if (giving_up_) {
        end_sent_ = true;
        return make(kGivenUp, {});
    }
    if (window_full()) return std::nullopt;
    const bool last = ended_ && waiting_.size() <= kObject;
    const bool full = waiting_.size() >= kObject;
    if (!last && !full && (!idle || waiting_.empty())) return std::nullopt;
    std::string bytes = waiting_.substr(0, kObject);
    waiting_.erase(0, bytes.size());
    Object object = make(last ? kLast : kBytes, std::move(bytes));
    if (last) end_id_ = object.id;
    end_sent_ = last;
    return object;
}

void ByteStream::delivered(ObjectId id) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;
    open_bytes_ -= found->second.bytes;
    open_.erase(found);
    end_delivered_ |= end_id_ != 0 && id == end_id_;
}

Result<void> ByteStream::received(const Received& received) {
    bool has_last = false;
    for (const std::string& object : received.objects)
        if (!take(object, has_last)) return bad_input("what came is no part of this stream");
    unconfirmed_.emplace_back(received.number, has_last);
    join();
    return {};
}

bool ByteStream::take(const std::string& object, bool& has_last) {
    if (object.empty()) return false;
    const unsigned first = static_cast<std::uint8_t>(object[0]);
    const unsigned kind = first >> kNumberBits;
    given_up_ |= kind == kGivenUp;
    if (kind == kGivenUp || kind == kAsk) return object.size() == 1;
    const std::uint64_t number = near(next_in_, first & (kNumbers - 1), kNumberBits);
    const bool expected = number >= next_in_ && number < next_in_ + kWindow && !end_seen_ &&
                          early_.count(number) == 0;
    // Who keeps to the window does not send more than this.
    const bool fits =
        object.size() <= kObject + 1 && readable_.size() <= kUnread + kWindow * kObject;
    if (!expected || !fits) return false;
    has_last |= kind == kLast;
    early_[number] = {object.substr(1), kind == kLast};
    return true;
}

void ByteStream::join() {
    for (auto at = early_.begin(); at != early_.end() && at->first == next_in_ && !end_seen_;
         at = early_.erase(at)) {
        readable_ += at->second.bytes;
        end_seen_ = at->second.last;
        ++next_in_;
    }
}

std::vector<std::uint64_t> ByteStream::take_confirmable() {
    std::vector<std::uint64_t> numbers;
    const bool room = readable_.size() < kUnread;
    const auto stays = [&](const std::pair<std::uint64_t, bool>& each) {
        if (each.second ? !at_end() : !room) return true;
        numbers.push_back(each.first);
        return false;
    };
    std::deque<std::pair<std::uint64_t, bool>> left;
    for (const auto& each : unconfirmed_)
        if (stays(each)) left.push_back(each);
    unconfirmed_ = std::move(left);
    return numbers;
}

}  // namespace waypost::trunk

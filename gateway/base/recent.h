// SPDX-License-Identifier: Apache-2.0
// The last so many of something, each in its place for good: noting one is a lock and a copy, takes
// no memory and wakes nobody. Whoever looks on asks for what is new, now and then. Thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waypost {

// At most so many bytes; what is longer is cut, perhaps within a character.
template <std::size_t Most>
class ShortText {
  public:
    void clear() { size_ = 0; }
    void append(std::string_view text) {
        const std::size_t bytes = std::min(text.size(), Most - size_);
        std::copy_n(text.data(), bytes, bytes_.data() + size_);
        size_ += bytes;
    }
    void assign(std::string_view text) {
        clear();
        append(text);
    }
    std::string_view view() const { return {bytes_.data(), size_}; }

  private:
    std::array<char, Most> bytes_{};
    std::size_t size_ = 0;
};

template <class Slot, std::size_t Most>
class Recent {
  public:
    // `fill` makes of a slot that was used before the newest one; it must not call back.
    template <class Fill>
    void note(const Fill& fill) {
        const std::lock_guard lock(mutex_);
        fill(slots_[last_ % Most]);
        ++last_;
    }
    // As `read` makes it of each behind number `after`, oldest first, and of its number, from 1.
    template <class Read>
    auto after(std::uint64_t after, const Read& read) const {
        std::vector<decltype(read(std::uint64_t{}, std::declval<const Slot&>()))> found;
        const std::lock_guard lock(mutex_);
        const std::uint64_t gone = last_ > Most ? last_ - Most : 0;
        for (std::uint64_t i = std::max(after, gone); i < last_; ++i)
            found.push_back(read(i + 1, slots_[i % Most]));
        return found;
    }

  private:
    mutable std::mutex mutex_;
    std::array<Slot, Most> slots_{};  // both under mutex_
    std::uint64_t last_ = 0;
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// Undoing what a message taught a model: each line of the model's memory is saved before its first
// change and put back at the end. Costs at most as much memory as the model itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace waypost::pack {

class Journal {
  public:
    static constexpr std::size_t kLine = 64;

    // `memory` must outlive the journal; its size is a multiple of kLine.
    Journal(std::byte* memory, std::size_t size)
        : memory_(memory), changed_(size / kLine / 64 + 1) {}

    // To be called before the bytes from `first` on are written.
    void keep(const void* first, std::size_t size) {
        const auto begin = static_cast<std::size_t>(static_cast<const std::byte*>(first) - memory_);
        for (std::size_t line = begin / kLine; line <= (begin + size - 1) / kLine; ++line) {
            std::uint64_t& word = changed_[line / 64];
            const std::uint64_t bit = std::uint64_t{1} << (line % 64);
            if (word & bit) continue;
            word |= bit;
            save(line);
        }
    }

    void undo() {
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            std::memcpy(memory_ + lines_[i] * kLine, saved_.data() + i * kLine, kLine);
            changed_[lines_[i] / 64] = 0;
        }
        lines_.clear();
        saved_.clear();
    }

    // Its own memory, which undo() keeps for the next text.
    void release() {
        lines_.shrink_to_fit();
        saved_.shrink_to_fit();
    }

  private:
    void save(std::size_t line) {
        lines_.push_back(static_cast<std::uint32_t>(line));
        const std::byte* from = memory_ + line * kLine;
        saved_.insert(saved_.end(), from, from + kLine);
    }

    std::byte* memory_;
    std::vector<std::uint64_t> changed_;  // a bit a line
    std::vector<std::uint32_t> lines_;
    std::vector<std::byte> saved_;
};

}  // namespace waypost::pack

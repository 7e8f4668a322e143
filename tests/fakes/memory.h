// SPDX-License-Identifier: Apache-2.0
// How much memory a piece of work took at its height: Linux keeps the mark (proc(5), VmHWM), and
// writing 5 to clear_refs sets it back.
#pragma once

#include <cstddef>
#include <fstream>
#include <string>

namespace waypost {

class PeakMemory {
  public:
    PeakMemory() {
        std::ofstream("/proc/self/clear_refs") << 5 << std::flush;
        before_ = peak();
    }
    std::size_t grown() const {
        const std::size_t now = peak();
        return now > before_ ? now - before_ : 0;
    }

  private:
    static std::size_t peak() {
        std::ifstream status("/proc/self/status");
        for (std::string word; status >> word;) {
            std::size_t kib = 0;
            if (word == "VmHWM:" && status >> kib) return kib * 1024;
        }
        return 0;
    }
    std::size_t before_ = 0;
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/wake.h"

#include <sys/eventfd.h>

#include <cstdint>
#include <stdexcept>

namespace waypost {

Wake::Wake() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!fd_.good()) throw std::runtime_error("no eventfd");
}

void Wake::ring() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_.get(), &one, sizeof one);
}

void Wake::clear() noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(fd_.get(), &count, sizeof count);
}

}  // namespace waypost

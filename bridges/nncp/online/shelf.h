// SPDX-License-Identifier: Apache-2.0
// What a session sees of the spool of its node: what is to be sent, and where what comes is put.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bridges/nncp/packet/header.h"

namespace waypost::nncp {

struct Offer {
    Mth name{};
    std::uint64_t bytes = 0;
    Nice nice = 255;
};

// Called by the thread of its session only. What waits for the disk is done behind keep().
class Shelf {
  public:
    virtual ~Shelf() = default;

    // What there is for the node and was not returned before, nicest first.
    virtual std::vector<Offer> new_offers() = 0;
    // Of a packet that was offered. Less than asked for means its end. An Error: it is gone.
    virtual Result<std::size_t> read(const Mth& name, std::uint64_t offset,
                                     std::span<std::uint8_t> into) = 0;
    // The node has it for good: away with ours.
    virtual void delivered(const Mth& name) = 0;

    struct Held {
        bool whole = false;       // it is here, or was
        std::uint64_t bytes = 0;  // of a part
    };
    virtual Held held(const Mth& name) = 0;
    virtual std::uint64_t free_bytes() = 0;
    // Bytes follow on those before them; offset 0 begins anew. `size` is what all will be.
    virtual Result<void> write(const Mth& name, std::uint64_t offset,
                               std::span<const std::uint8_t> bytes, std::uint64_t size) = 0;
    // All bytes are there: is it what its name says? Then it is made to last. kept() tells, later.
    virtual void keep(const Mth& name) = 0;
    struct Kept {
        Mth name{};
        Result<void> result;  // BadInput: it was not what its name says; the part is gone
    };
    virtual std::vector<Kept> kept() = 0;
    virtual void drop(const Mth& name) = 0;  // the part
};

}  // namespace waypost::nncp

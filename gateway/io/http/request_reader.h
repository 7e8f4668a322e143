// SPDX-License-Identifier: Apache-2.0
// Gathers the bytes of requests until one is whole, head and body (RFC 9112), without waiting and
// without understanding more of it than where it ends. Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

struct RequestLimits {
    std::size_t most_head = 16 * 1024;
    std::size_t most_body = 260 * 1024;  // of which that much is kept
    // What is longer, or in chunks, is read to its end within this and dropped: who sends too much
    // reads no answer before. 0: nothing of it is read, the request is its head alone.
    std::size_t most_dropped = 16 * 1024 * 1024;
};

class RequestReader {
  public:
    explicit RequestReader(RequestLimits limits) : limits_(limits) {}

    // What came. An error: a head without end or with bad lines, or more than is dropped; it is
    // over.
    Result<void> add(std::string_view bytes);

    bool has_head() const { return head_ > 0; }
    bool whole() const;
    // Of it something has been taken, or all; and what is kept in memory.
    bool begun() const { return taken_ > 0; }
    bool used_up() const { return taken_ == end(); }
    std::size_t bytes() const { return bytes_.size(); }
    // The next bytes of this request, never of the one behind it; 0: that was all.
    std::size_t take(char* room, std::size_t size);

    // A request that is not read to its end: what the other side still sends is no next one.
    bool cut_short() const { return cut_short_; }
    // Head and body say without doubt where it ends, so that another one may follow.
    bool may_go_on() const { return has_head() && !doubtful_ && !cut_short_ && dropped_ == 0; }
    // To the next one, of which a part may have come already: errors as add() has them.
    Result<void> next();

  private:
    Result<void> look_for_head();
    bool has_last_chunk() const;
    std::size_t end() const;  // of what may be taken of this request

    const RequestLimits limits_;
    std::string bytes_;
    std::size_t head_ = 0, taken_ = 0;
    std::uint64_t length_ = 0, dropped_ = 0;
    bool chunked_ = false, doubtful_ = false, cut_short_ = false;
};

}  // namespace waypost

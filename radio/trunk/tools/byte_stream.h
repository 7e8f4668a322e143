// SPDX-License-Identifier: Apache-2.0
// Bytes in order over a link's objects, both ways at once. An object is one byte, kind (2 bits) |
// number modulo 64 (6), and bytes: 0 bytes of the stream, 1 the same and they are the last, 2 the
// stream is given up, 3 a question whether the other is there. Objects come up once but in any
// order, so no number is used that is kWindow beyond one under way. No clock, no I/O; bounded both
// ways.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "radio/trunk/inbox.h"
#include "radio/trunk/outbox.h"

namespace waypost::trunk {

class ByteStream {
  public:
    static constexpr std::size_t kObject = 2000;    // bytes of the stream in one, at most
    static constexpr std::size_t kWindow = 24;      // less than half of the numbers
    static constexpr std::size_t kWaiting = 8192;   // taken and not in an object yet
    static constexpr std::size_t kUnread = 65'536;  // come and not read yet, beside a window

    // Out. room(): so many bytes put() takes.
    std::size_t room() const;
    void put(std::string_view bytes);
    void end() { ended_ = true; }
    void give_up();              // nothing follows but the word that it is so
    void ask() { ask_ = true; }  // unless something is under way, which asks as well
    // What the link is to be offered: as much at once as has gathered while it was busy.
    std::optional<Object> next();
    void delivered(ObjectId id);
    bool all_delivered() const { return end_delivered_; }
    bool under_way() const { return !open_.empty(); }
    std::size_t unconfirmed() const { return waiting_.size() + open_bytes_; }

    // In. BadInput: nobody who speaks this sends that.
    Result<void> received(const Received& received);
    std::string_view readable() const { return readable_; }
    void read(std::size_t bytes) { readable_.erase(0, bytes); }
    bool at_end() const { return end_seen_ && readable_.empty(); }
    bool given_up() const { return given_up_; }
    // Numbers that may be confirmed: there is room for what follows, and of the last one: all that
    // came was read.
    std::vector<std::uint64_t> take_confirmable();

  private:
    struct Piece {
        std::string bytes;
        bool last = false;
    };
    struct Open {
        std::optional<std::uint64_t> number;  // of the bytes'
        std::size_t bytes = 0;
    };
    Object make(unsigned kind, std::string bytes);
    bool window_full() const;
    bool take(const std::string& object, bool& has_last);
    void join();

    std::string waiting_;
    bool ended_ = false, end_sent_ = false, end_delivered_ = false;
    bool giving_up_ = false, ask_ = false;
    std::uint64_t next_out_ = 0;
    ObjectId last_id_ = 0, end_id_ = 0;
    std::map<ObjectId, Open> open_;
    std::size_t open_bytes_ = 0;

    std::uint64_t next_in_ = 0;
    std::map<std::uint64_t, Piece> early_;
    std::string readable_;
    bool end_seen_ = false, given_up_ = false;
    std::deque<std::pair<std::uint64_t, bool>> unconfirmed_;  // number, has the last
};

}  // namespace waypost::trunk

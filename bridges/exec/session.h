// SPDX-License-Identifier: Apache-2.0
// What is said between the box and a program, without the program: lines and time in, lines out.
//
// Custody: `accepted` is said once the message is on disk. A delivery is on record before its line
// is written; the program's report ends it. One that the program dies with, or does not report in
// time, is offered again under its wire id.
//
// Thread-safe. Held by shared_ptr: the office's answers may come when nobody else holds it.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "bridges/exec/file_shelf.h"
#include "bridges/exec/for_whom.h"
#include "bridges/exec/lines.h"
#include "gateway/base/lru_map.h"
#include "gateway/base/token_bucket.h"
#include "gateway/transport.h"

namespace waypost::exec {

struct SessionOptions {
    TransportId id;
    std::string scheme;
    std::chrono::milliseconds hello_within{10'000};
    std::chrono::milliseconds report_within{600'000};
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
    std::string folder{};           // in which files pass; empty: none do
    std::size_t room = 100u << 20;  // bytes of the files that are offered at once
    Originals originals{};          // what takes them out of messages of other networks
};

// What is asked for and not answered yet: beyond that no more is read.
inline constexpr std::size_t kMostOpen = 64;
// Lines in a row that say nothing: then the program is ended.
inline constexpr int kMostBadLines = 100;

struct SessionCounters {
    std::uint64_t sent = 0, failed = 0, taken = 0, refused = 0, repeats = 0, bad_lines = 0;
    std::size_t waiting = 0;  // deliveries in hand
};

class Session : public std::enable_shared_from_this<Session> {
  public:
    // Any thread; it calls nothing of the Session. Never after ended().
    using Write = std::function<void(const std::string& line)>;
    using Steady = std::chrono::steady_clock::time_point;

    // `changed`: there is room to read again, or another deadline. Also after ended(), for the
    // office may answer when its owner is gone.
    Session(Office& office, SessionOptions options, Write write, std::function<void()> changed);

    void started();  // a program runs: the box says hello
    void line(std::string_view text);
    void line_too_long();
    void ended();  // all that it had in hand is reported
    // No more comes; what has no outcome by the end is offered again under its wire id.
    void stop();
    void give_back();  // after ended()

    void deliver(Delivery delivery);
    // Puts the files of deliveries into the folder, and takes away what is done with. Of the thread
    // that calls started(), line() and ended().
    void look_after_files();
    void remark(const std::string& text);  // of its standard error

    bool may_read() const;
    // What is not reported in time is offered again. Why the program has to be ended; nullopt: it
    // may go on.
    std::optional<std::string> look();
    std::optional<Steady> next_look() const;

    bool up() const { return up_; }
    int window() const;
    Condition condition() const;
    SessionCounters counters() const;

  private:
    struct InHand {
        AttemptId attempt;
        WireId wire_id;
        bool handed = false;  // its line is written
        Steady until{};
    };
    // A delivery whose files are not in the folder yet.
    struct Packed {
        int run = 0;
        std::int64_t number = 0;
        WireId wire_id;
        Delivery delivery;
    };
    using Lock = std::unique_lock<std::mutex>;

    void on(Hello said);
    void on(Accept said);
    void on(Reported said);
    void on(Proven said);
    void on(HeardFrom said);
    void on(Condition said);
    void on(Remark said);
    void bad(const std::string& why);
    bool is_at_fault() const;
    void refuse(const Accept& said, Verdict::Reason reason, std::string text);
    bool takes_files(const Delivery& delivery) const;
    void hand(int run, std::int64_t number, const WireId& wire_id, const Delivery& delivery,
              const std::vector<OfferedFile>& files);
    bool clear_shelf();
    void unpack(Packed packed);
    void not_unpacked(std::int64_t number, const std::string& why);
    Result<void> attach(Message& message, const std::vector<NamedFile>& files);
    void begun(int run, std::int64_t number, bool go, const std::string& line);
    void answered();  // one that was asked for
    void say(int run, const std::string& line);
    void set_up(bool up, const std::string& why);
    std::string too_long(const Delivery& delivery) const;
    Result<Address> address_of(const std::string& text) const;
    void came_from(const Address& address, const std::string& name);
    Result<Message> message_of(Accept& said);

    Office& office_;
    const SessionOptions options_;
    const Write write_;
    const std::function<void()> changed_;
    Talks talks_;
    FileShelf shelf_;  // of the thread of started()

    std::atomic<bool> up_{false};
    mutable std::mutex mutex_;  // of all below; never held across a call of another
    int run_ = 0;               // of the program: what belongs to a former one is dropped
    bool running_ = false, stopping_ = false;
    bool has_shelf_ = false;
    Steady hello_until_{};
    std::optional<Hello> hello_;
    Condition condition_;
    std::map<std::int64_t, InHand> in_hand_;
    std::deque<Packed> packed_;
    std::vector<std::int64_t> settled_;  // whose files may go
    std::vector<std::string> taken_;     // paths of the program's files that are the box's by now
    std::int64_t last_number_ = 0;
    std::size_t open_ = 0;
    int bad_in_a_row_ = 0;
    std::string fault_;
    SessionCounters counters_;
    LruMap<BoxTime> heard_{1000};
    TokenBucket remarks_;
};

}  // namespace waypost::exec

// SPDX-License-Identifier: Apache-2.0
// Two sessions and a line between them that a test cuts, slows and listens to. Packets here are
// named by BLAKE2b of their bytes: what a name means is the shelf's business.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "bridges/nncp/online/session.h"

namespace waypost::nncp {

Mth name_of(std::string_view bytes);

// A spool in memory.
class FakeShelf : public Shelf {
  public:
    struct Packet {
        std::string bytes;
        Nice nice = 160;
    };
    std::map<Mth, Packet> out;      // to be sent
    std::map<Mth, std::string> in;  // whole
    std::map<Mth, std::string> parts;
    std::set<Mth> seen;
    std::uint64_t space = 1ULL << 40;
    bool slow = false;  // keep() is answered when it is set back
    bool full = false;  // write() fails

    Mth put(const std::string& bytes, Nice nice = 160);

    std::vector<Offer> new_offers() override;
    Result<std::size_t> read(const Mth& name, std::uint64_t offset,
                             std::span<std::uint8_t> into) override;
    void delivered(const Mth& name) override { out.erase(name); }
    Held held(const Mth& name) override;
    std::uint64_t free_bytes() override { return space; }
    Result<void> write(const Mth& name, std::uint64_t offset, std::span<const std::uint8_t> bytes,
                       std::uint64_t size) override;
    void keep(const Mth& name) override { to_check_.push_back(name); }
    std::vector<Kept> kept() override;
    void drop(const Mth& name) override { parts.erase(name); }

  private:
    std::set<Mth> offered_;
    std::vector<Mth> to_check_;
};

struct End {
    explicit End(char seed);
    Secret secret;
    Hash32 open{};
    FakeShelf shelf;
    SessionTerms terms;
    std::optional<Session> session;
    std::vector<SessionEvent> events;
    NoiseKeys keys() const { return {&secret, open}; }
};

struct Pair {
    Pair();
    void begin();  // sessions, as caller and callee
    // Bytes both ways in pieces of at most `piece` until nothing moves any more; the line breaks
    // after `most` bytes.
    void run(std::size_t piece = 1 << 20, std::uint64_t most = UINT64_MAX);
    // Time passes, in steps, and both do what is due.
    void wait(std::chrono::milliseconds time, std::chrono::milliseconds step);
    void cut();  // both learn that the line is gone
    std::uint64_t moved = 0;
    Session::Time now{std::chrono::hours(1)};
    End caller, callee;

  private:
    std::size_t move(End& from, End& to, std::size_t most);
};

std::string some_bytes(std::size_t count, unsigned seed);

}  // namespace waypost::nncp

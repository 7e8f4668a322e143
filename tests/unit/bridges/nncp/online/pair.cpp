// SPDX-License-Identifier: Apache-2.0
#include "pair.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace waypost::nncp {

Mth name_of(std::string_view bytes) {
    Mth name{};
    crypto_generichash(name.data(), name.size(),
                       reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), nullptr,
                       0);
    return name;
}

std::string some_bytes(std::size_t count, unsigned seed) {
    std::string bytes(count, '\0');
    std::uint32_t state = seed * 2654435761U + 1;
    for (char& each : bytes) {
        state = state * 1664525U + 1013904223U;
        each = static_cast<char>(state >> 24);
    }
    return bytes;
}

Mth FakeShelf::put(const std::string& bytes, Nice nice) {
    const Mth name = name_of(bytes);
    out[name] = {bytes, nice};
    return name;
}

std::vector<Offer> FakeShelf::new_offers() {
    std::vector<Offer> all;
    for (const auto& [name, packet] : out) {
        if (!offered_.insert(name).second) continue;
        all.push_back({name, packet.bytes.size(), packet.nice});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Offer& a, const Offer& b) { return a.nice < b.nice; });
    return all;
}

Result<std::size_t> FakeShelf::read(const Mth& name, std::uint64_t offset,
                                    std::span<std::uint8_t> into) {
    const auto found = out.find(name);
    if (found == out.end()) return Error{Code::NotFound, "gone", false};
    const std::string& bytes = found->second.bytes;
    if (offset > bytes.size()) return std::size_t{0};
    const std::size_t n = std::min<std::size_t>(into.size(), bytes.size() - offset);
    std::memcpy(into.data(), bytes.data() + offset, n);
    return n;
}

Shelf::Held FakeShelf::held(const Mth& name) {
    if (in.contains(name) || seen.contains(name)) return {true, 0};
    const auto part = parts.find(name);
    return {false, part == parts.end() ? 0 : part->second.size()};
}

Result<void> FakeShelf::write(const Mth& name, std::uint64_t offset,
                              std::span<const std::uint8_t> bytes, std::uint64_t) {
    if (full) return Error{Code::Full, "the disk is full", true};
    std::string& part = parts[name];
    if (offset == 0) part.clear();
    if (offset != part.size()) return Error{Code::Internal, "a hole", false};
    part.append(bytes.begin(), bytes.end());
    return {};
}

std::vector<Shelf::Kept> FakeShelf::kept() {
    std::vector<Kept> all;
    if (slow) return all;
    for (const Mth& name : to_check_) {
        const std::string part = parts[name];
        parts.erase(name);
        if (name_of(part) == name) {
            in[name] = part;
            all.push_back({name, {}});
        } else {
            all.push_back({name, bad_input("it is not what its name says")});
        }
    }
    to_check_.clear();
    return all;
}

End::End(char seed) : secret(std::string(32, seed)) {
    if (sodium_init() < 0) throw std::logic_error("no libsodium");
    crypto_scalarmult_base(open.data(),
                           reinterpret_cast<const std::uint8_t*>(secret.reveal().data()));
}

Pair::Pair() : caller('a'), callee('b') {}

void Pair::begin() {
    caller.session.emplace(caller.keys(), callee.open, Session::Peer{&caller.shelf, caller.terms},
                           now);
    callee.session.emplace(
        callee.keys(),
        [this](const Hash32& who) -> Result<Session::Peer> {
            if (who != caller.open) return Error{Code::NotFound, "a stranger", false};
            return Session::Peer{&callee.shelf, callee.terms};
        },
        callee.terms, now);
    for (End* end : {&caller, &callee})
        end->session->watch([end](const SessionEvent& event) { end->events.push_back(event); });
}

std::size_t Pair::move(End& from, End& to, std::size_t most) {
    const auto bytes = from.session->output(now);
    const auto room = to.session->room();
    const std::size_t n = std::min({bytes.size(), room.size(), most});
    if (n == 0 || to.session->over() || !to.session->wants_input(now)) return 0;
    std::memcpy(room.data(), bytes.data(), n);
    from.session->sent(n, now);
    to.session->received(n, now);
    moved += n;
    return n;
}

void Pair::run(std::size_t piece, std::uint64_t most) {
    for (bool again = true; again;) {
        again = false;
        for (auto [from, to] : {std::pair{&caller, &callee}, std::pair{&callee, &caller}}) {
            from->session->tick(now);
            const std::uint64_t left = most - std::min(most, moved);
            again |= move(*from, *to, std::min<std::uint64_t>(piece, left)) > 0;
        }
    }
}

void Pair::wait(std::chrono::milliseconds time, std::chrono::milliseconds step) {
    for (const auto until = now + time; now < until;) {
        now += step;
        run();
    }
}

void Pair::cut() {
    for (End* end : {&caller, &callee})
        end->session->hung_up({Code::Network, "the line was cut", true});
}

}  // namespace waypost::nncp

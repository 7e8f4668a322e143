// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "gateway/transport.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_state.h"

namespace waypost {

// Keeps what it is handed and says yes at once, or what `verdict` says of each recipient. State
// lasts as long as it does, thus longer than the transport under test.
class FakeOffice final : public Office {
  public:
    Verdict check(const Sender&, const Address& to, std::size_t) override {
        return verdict ? verdict(to) : Verdict{};
    }
    void accept(Message message, OnVerdicts on_verdicts) override {
        const std::size_t answers = std::max<std::size_t>(message.to.size(), 1);
        std::vector<Verdict> verdicts(answers);
        for (std::size_t i = 0; i < message.to.size() && verdict; ++i)
            verdicts[i] = verdict(message.to[i]);
        if (message.to.empty() && line_verdict) verdicts.front() = *line_verdict;
        accepted.push_back(std::move(message));
        for (Verdict& each : verdicts) each.message = static_cast<MessageId>(accepted.size());
        auto say = [on_verdicts, verdicts = std::move(verdicts)] { on_verdicts(verdicts); };
        later ? later(std::move(say)) : say();
    }
    std::unique_ptr<BodyWriter> new_body() override { return std::make_unique<Writer>(); }
    // What travels inline.
    Result<std::unique_ptr<std::istream>> open_body(const Body& body) override {
        if (body.bytes.empty()) return Error{Code::NotFound, "no bodies here", false};
        return {std::make_unique<std::istringstream>(body.bytes)};
    }
    void begin(AttemptId, WireId wire_id, std::function<void(bool)> on_committed) override {
        begun.push_back(std::move(wire_id));
        on_begin ? on_begin(std::move(on_committed)) : on_committed(true);
    }
    void report(AttemptId attempt, Outcome outcome) override {
        if (on_report) on_report();
        reports.emplace_back(attempt, std::move(outcome));
    }
    void proof(const TransportId&, const WireId& wire_id, Proof proof,
               std::function<void(bool)> on_disk = {}) override {
        const bool stored = !store_fails;
        if (stored) proofs.emplace_back(wire_id, std::move(proof));
        if (!on_disk) return;
        auto say = [on_disk, stored] { on_disk(stored); };
        later ? later(std::move(say)) : say();
    }
    void retract(const TransportId&, MessageId message,
                 std::function<void(bool)> on_disk) override {
        retracted.push_back(message);
        if (on_disk) on_disk(true);
    }
    void heard(const TransportId&, const Address& node, Heard) override {
        if (on_heard) on_heard(node);
    }
    void wake(const TransportId&) override {}
    // Of the first that asks, and of each other one of its own.
    TransportState& state(const TransportId& id) override {
        if (first_.empty()) first_ = id;
        return id == first_ ? state_ : others_[id];
    }
    const Clock& clock() const override { return clock_; }
    Random& random() override { return *random_; }
    std::string domain() const override { return own_domain; }
    std::string village() const override { return "hill"; }
    PeopleView* people() override { return people_view; }

    FakeClock& time() { return clock_; }
    std::map<std::string, std::string>& kept() { return state_.values; }
    MemoryState& disk() { return state_; }

    std::string own_domain = "hill.example";
    std::vector<Message> accepted;
    std::function<Verdict(const Address&)> verdict;  // empty: yes
    std::optional<Verdict> line_verdict;             // of what is said to the gateway; none: yes
    std::function<void()> on_report;                 // may be empty; before it is kept
    std::function<void(const Address&)> on_heard;    // may be empty
    PeopleView* people_view = nullptr;               // outlives the office
    bool store_fails = false;                        // of proofs: none is kept
    // Set: verdicts are not said at once, nor that a proof is on disk, but when what this gets is
    // called, on any thread.
    std::function<void(std::function<void()>)> later;
    std::vector<WireId> begun;
    std::vector<MessageId> retracted;
    // Set: an attempt has begun, or not, when what this gets is called.
    std::function<void(std::function<void(bool)>)> on_begin;
    std::vector<std::pair<AttemptId, Outcome>> reports;
    std::vector<std::pair<WireId, Proof>> proofs;

  private:
    class Writer final : public BodyWriter {
      public:
        Result<void> write(std::string_view bytes) override {
            bytes_.append(bytes);
            return {};
        }
        std::unique_ptr<std::istream> written() override {
            return std::make_unique<std::istringstream>(bytes_);
        }
        Result<Body> finish() override { return Body{{}, bytes_, bytes_.size()}; }

      private:
        std::string bytes_;
    };
    FakeClock clock_;
    std::unique_ptr<Random> random_ = seeded_random(1);
    MemoryState state_;
    TransportId first_;
    std::map<TransportId, MemoryState> others_;
};

}  // namespace waypost

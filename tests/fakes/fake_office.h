// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "gateway/transport.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_state.h"

namespace waypost {

// Keeps what it is handed and says yes at once. State lasts as long as it does, thus longer than
// the transport under test.
class FakeOffice final : public Office {
  public:
    Verdict check(const Sender&, const Address&, std::size_t) override { return {}; }
    void accept(Message message, OnVerdicts on_verdicts) override {
        const std::size_t answers = std::max<std::size_t>(message.to.size(), 1);
        accepted.push_back(std::move(message));
        Verdict yes;
        yes.message = static_cast<MessageId>(accepted.size());
        on_verdicts(std::vector<Verdict>(answers, yes));
    }
    std::unique_ptr<BodyWriter> new_body() override { return std::make_unique<Writer>(); }
    Result<std::unique_ptr<std::istream>> open_body(const Body&) override {
        return Error{Code::NotFound, "no bodies here", false};
    }
    void begin(AttemptId, WireId, std::function<void(bool)> on_committed) override {
        on_committed(true);
    }
    void report(AttemptId, Outcome) override {}
    void proof(const TransportId&, const WireId&, Proof) override {}
    void heard(const TransportId&, const Address&, Heard) override {}
    void wake(const TransportId&) override {}
    TransportState& state(const TransportId&) override { return state_; }
    const Clock& clock() const override { return clock_; }
    Random& random() override { return *random_; }
    std::string domain() const override { return "hill.example"; }
    std::string village() const override { return "hill"; }

    FakeClock& time() { return clock_; }
    std::map<std::string, std::string>& kept() { return state_.values; }

    std::vector<Message> accepted;

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
};

}  // namespace waypost

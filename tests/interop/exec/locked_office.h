// SPDX-License-Identifier: Apache-2.0
// A FakeOffice that a transport's own thread may speak with while the test looks on.
#pragma once

#include <mutex>

#include "tests/fakes/fake_office.h"

namespace waypost {

class LockedOffice final : public Office {
  public:
    template <class Look>
    auto look(const Look& what) {
        const std::lock_guard lock(mutex_);
        return what(office_);
    }

    Verdict check(const Sender& sender, const Address& to, std::size_t bytes) override {
        return look([&](FakeOffice& o) { return o.check(sender, to, bytes); });
    }
    void accept(Message message, OnVerdicts on_verdicts) override {
        look([&](FakeOffice& o) { o.accept(std::move(message), std::move(on_verdicts)); });
    }
    std::unique_ptr<BodyWriter> new_body() override { return office_.new_body(); }
    Result<std::unique_ptr<std::istream>> open_body(const Body& body) override {
        return office_.open_body(body);
    }
    void begin(AttemptId attempt, WireId wire_id, std::function<void(bool)> committed) override {
        look([&](FakeOffice& o) { o.begin(attempt, std::move(wire_id), std::move(committed)); });
    }
    void report(AttemptId attempt, Outcome outcome) override {
        look([&](FakeOffice& o) { o.report(attempt, std::move(outcome)); });
    }
    void proof(const TransportId& id, const WireId& wire_id, Proof proof,
               std::function<void(bool)> on_disk = {}) override {
        look([&](FakeOffice& o) { o.proof(id, wire_id, std::move(proof), std::move(on_disk)); });
    }
    void retract(const TransportId& id, MessageId message,
                 std::function<void(bool)> on_disk) override {
        look([&](FakeOffice& o) { o.retract(id, message, std::move(on_disk)); });
    }
    void heard(const TransportId& id, const Address& node, Heard heard) override {
        look([&](FakeOffice& o) { o.heard(id, node, std::move(heard)); });
    }
    void wake(const TransportId&) override {}
    TransportState& state(const TransportId& id) override { return office_.state(id); }
    const Clock& clock() const override { return office_.clock(); }
    Random& random() override { return office_.random(); }
    std::string domain() const override { return office_.domain(); }
    std::string village() const override { return office_.village(); }

  private:
    std::recursive_mutex mutex_;  // an answer that comes at once may ask again
    FakeOffice office_;
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/transport.h"

namespace waypost {

// Takes deliveries and does with them what the test says. Same contract as a real one: begin
// before the first byte, one report per attempt.
class FakeTransport final : public Transport {
  public:
    FakeTransport(TransportId id, std::string network, std::string scheme, Limits limits)
        : id_(std::move(id)),
          network_(std::move(network)),
          scheme_(std::move(scheme)),
          limits_(limits) {}

    const TransportId& id() const override { return id_; }
    const std::string& network() const override { return network_; }
    const std::string& scheme() const override { return scheme_; }
    void start(Office& office) override { office_ = &office; }
    void deliver(Delivery delivery) override {
        if (turn_away) {
            ++turned_away;
            Outcome no;
            no.kind = Outcome::Kind::NotTried;
            no.code = "connection";
            no.detail = "no link";
            no.retry_after = std::chrono::minutes(15);
            return office_->report(delivery.attempt, no);
        }
        const WireId wire = delivery.wire_id.value_or(
            limits_.message_bytes == 0 ? delivery.message_id : "w" + std::to_string(++wires_));
        const AttemptId attempt = delivery.attempt;
        if (before_begin) std::exchange(before_begin, {})();
        office_->begin(attempt, wire, [this, d = std::move(delivery), wire](bool go) {
            if (!go) {
                ++dropped;
                return;
            }
            sent.push_back(d);
            wire_ids.push_back(wire);
            if (!outcomes.empty()) {
                const Outcome outcome = outcomes.front();
                outcomes.pop_front();
                office_->report(d.attempt, outcome);
            } else if (answer_by_itself) {
                office_->report(d.attempt,
                                {Outcome::Kind::Sent, ProofClass::Reported, "250", "ok", {}, {}});
            }
        });
    }
    Limits limits() const override {
        Limits limits = limits_;
        limits.screens = screens;
        limits.takes_back = takes_back;
        return limits;
    }
    Status status() const override {
        Status status;
        status.up = up;
        status.metrics = metrics;
        return status;
    }
    std::optional<int> reach(const Address& to) const override {
        if (unreachable == to.value) return std::nullopt;
        return to.scheme == scheme_ ? std::optional<int>(1) : std::nullopt;
    }
    void wanted() override { ++was_wanted; }
    void stop() override {}

    bool up = true;
    std::map<std::string, double> metrics;
    bool screens = false;
    bool takes_back = false;
    bool answer_by_itself = true;
    bool turn_away = false;  // before an attempt begins, as a relay without a link does
    int turned_away = 0;
    int was_wanted = 0;
    std::string unreachable;
    std::function<void()> before_begin;  // once
    int dropped = 0;
    std::deque<Outcome> outcomes;  // for the next attempts, before answering by itself
    std::vector<Delivery> sent;
    std::vector<WireId> wire_ids;

  private:
    TransportId id_;
    std::string network_;
    std::string scheme_;
    Limits limits_;
    Office* office_ = nullptr;
    int wires_ = 0;
};

}  // namespace waypost

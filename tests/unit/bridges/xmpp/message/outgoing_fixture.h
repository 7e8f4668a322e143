// SPDX-License-Identifier: Apache-2.0
// Letters out over a stream that the test moves.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bridges/xmpp/message/outgoing.h"
#include "tests/unit/bridges/xmpp/village.h"

namespace waypost::xmpp {

// A stream as a test moves it: what is written is seen, and barriers wait until it answers.
struct Line final : StanzaLine {
    Sent write(const Element& one) override {
        if (!up) return Sent::Down;
        if (room == 0) return Sent::Full;
        --room;
        written.push_back(one);
        return Sent::Queued;
    }
    Sent barrier(std::function<void(bool)> done) override {
        if (!up) return Sent::Down;
        barriers.push_back({written.size(), std::move(done)});
        return Sent::Queued;
    }
    // Those of them that stand behind no more than so many of what is written now.
    void answer(std::size_t behind, bool ok = true) {
        while (!barriers.empty() && barriers.front().behind <= behind) {
            const auto done = std::move(barriers.front().done);
            barriers.pop_front();
            done(ok);
        }
    }
    void answer() { answer(written.size()); }
    std::vector<Element> take() {
        for (Barrier& each : barriers) each.behind = 0;
        return std::exchange(written, {});
    }

    bool up = true;
    int room = 1'000'000;
    std::vector<Element> written;
    struct Barrier {
        std::size_t behind;
        std::function<void(bool)> done;
    };
    std::deque<Barrier> barriers;
};

class OutgoingTest : public Village {
  protected:
    OutgoingTest() { outgoing.stream_up(); }

    Delivery letter(DeliveryId id, const std::string& text,
                    const std::string& to = "ben@hill.example") {
        Delivery one;
        one.attempt = {id, 1};
        one.message = id;
        one.to = {"xmpp", to};
        one.from = mailto("ana", "hill.example");
        one.from_name = "Ana Mwangi";
        one.text = text;
        one.written = office.clock().wall();
        return one;
    }
    void cut() {
        line.up = false;
        line.answer(line.written.size(), false);
        outgoing.stream_down();
    }
    void connect() {
        line.up = true;
        outgoing.stream_up();
    }
    // "1 sent, 2 retry", in the order in which they were reported.
    std::string reports() {
        static const char* const kKinds[] = {"sent",   "delivered", "retry",
                                             "failed", "not tried", "unknown"};
        std::string all;
        for (const auto& [attempt, outcome] : std::exchange(office.reports, {}))
            all += (all.empty() ? "" : ", ") + std::to_string(attempt.delivery) + ' ' +
                   kKinds[static_cast<int>(outcome.kind)];
        return all;
    }
    static std::vector<std::string> bodies(const std::vector<Element>& stanzas) {
        std::vector<std::string> all;
        for (const Element& one : stanzas)
            if (one.name() == "message") all.emplace_back(one.child_text("body"));
        return all;
    }

    Line line;
    Outgoing outgoing{gate, line};
};

}  // namespace waypost::xmpp

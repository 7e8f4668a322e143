// SPDX-License-Identifier: Apache-2.0
// Two nodes and the sticks between them.
#pragma once

#include "bridges/nncp/courier/exchange.h"
#include "tests/fakes/fake_clock.h"
#include "tests/unit/bridges/nncp/carrier/two_spools.h"

namespace waypost::nncp {

class StickTest : public TwoSpools {
  protected:
    static constexpr const char* kStick = "5A3C-11F0";

    StickTest() { fs::create_directory(stick_); }

    static ExchangeOptions options() {
        ExchangeOptions options;
        options.sync = false;
        options.keep_free = 0;
        return options;
    }
    Place place(const std::string& id = kStick) const {
        return {id, "BLUE", stick_, {}, false, false};
    }
    Result<ExchangeReport> try_visit(const TestSpool& node, const ExchangeOptions& how = options(),
                                     const std::string& id = kStick) const {
        const auto book = CourierBook::open(node.spool, false);
        return exchange_with(node.config, node.spool, *book, place(id), how, clock_);
    }
    ExchangeReport visit(const TestSpool& node, const ExchangeOptions& how = options(),
                         const std::string& id = kStick) const {
        auto report = try_visit(node, how, id);
        EXPECT_TRUE(report.ok()) << report.error().text;
        return report.ok() ? std::move(report).value() : ExchangeReport();
    }
    // At the village and at the relay.
    fs::path copy_of(const Mth& name) const {
        return stick_ / "nncp" / to_base32(village_.config.find("relay")->id) /
               to_base32(village_.config.self->id) / to_base32(name);
    }
    static std::size_t in(const ExchangeReport& report) {
        return report.received.count(Outcome::Moved, Way::Rx);
    }
    static std::size_t out(const ExchangeReport& report) {
        return report.sent.count(Outcome::Moved, Way::Tx);
    }

    const fs::path stick_ = folder_ / "stick";
    FakeClock clock_;
};

}  // namespace waypost::nncp

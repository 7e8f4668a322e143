// SPDX-License-Identifier: Apache-2.0
// Mail in until it is durable: the box against Postfix to its queue, neither delivering.
#include "tests/bench/bench.h"

namespace waypost::bench {
namespace {

using interop::BoxProcess;
using interop::Folder;
using interop::Ports;
using interop::Postfix;

constexpr int kRounds = 3;

struct Both {
    Folder folder;
    Ports ports;
    int box_port = free_port();
    Postfix postfix;
    BoxProcess box;

    explicit Both(const std::string& environment = "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ")
        : postfix(folder, ports, settings(environment)),
          box(folder, "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(box_port) +
                          "\"]\ntrusted = [\"127.0.0.1/32\"]\n") {}

    static std::map<std::string, std::string> settings(const std::string& environment) {
        auto settings = kUndisturbed;
        settings["relay_domains"] = "out.test";
        settings["defer_transports"] = "lmtp";
        settings["import_environment"] = environment;
        return settings;
    }
};

struct Pair {
    double ours = 0;
    double theirs = 0;
};

// In turns, so that what else the machine does hits both.
Pair compare(Both& both, int sessions, int ours, int theirs) {
    std::vector<double> our_rates;
    std::vector<double> their_rates;
    rate_of({both.box_port, sessions, ours / 10});
    rate_of({both.ports.mx, sessions, theirs / 10});
    for (int i = 0; i < kRounds; ++i) {
        our_rates.push_back(rate_of({both.box_port, sessions, ours}));
        their_rates.push_back(rate_of({both.ports.mx, sessions, theirs}));
    }
    const Pair pair{median(our_rates), median(their_rates)};
    const std::string name = std::to_string(sessions) + (sessions == 1 ? " session" : " sessions");
    row(name + ", waypost", pair.ours, "mails/s");
    row(name + ", postfix", pair.theirs, "mails/s",
        "ratio " + std::to_string(pair.ours / pair.theirs).substr(0, 5));
    return pair;
}

}  // namespace

int ingest() {
    Both both;
    compare(both, 1, 3000, 1000);
    const Pair pair = compare(both, 20, 20'000, 3000);
    print({"ingest", pair.ours, "postfix", pair.theirs, "mails/s", pair.ours / pair.theirs});
    return 0;
}

int slow_disk() {
    const SlowDisk slow;
    Both both(std::string("MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LD_PRELOAD=") +
              WAYPOST_SLOW_FSYNC);
    compare(both, 1, 300, 300);
    const Pair pair = compare(both, 20, 8000, 3000);
    print({"slow-disk", pair.ours, "postfix", pair.theirs, "mails/s", pair.ours / pair.theirs});
    return 0;
}

}  // namespace waypost::bench

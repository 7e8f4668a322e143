// SPDX-License-Identifier: Apache-2.0
// SMTP in to LMTP out, until Postfix's smtp-sink has the last mail: the box against Postfix.
#include "tests/bench/bench.h"

namespace waypost::bench {
namespace {

using interop::BoxProcess;
using interop::Folder;
using interop::Ports;
using interop::Postfix;

constexpr int kRounds = 3;

double through_rate(const Load& load, const Sink& sink) {
    const long before = sink.count();
    const StopWatch watch;
    seconds_of(load);
    const bool all = interop::eventually([&] { return sink.count() - before >= load.mails; },
                                         std::chrono::seconds(120));
    if (!all) throw std::runtime_error("mails did not arrive at the sink");
    return load.mails / watch.seconds();
}

}  // namespace

int through() {
    Folder folder;
    Ports ports;
    const Sink sink(folder);
    const int box_port = free_port();
    ports.box_lmtp = sink.port();
    Postfix postfix(folder, ports, kUndisturbed);
    BoxProcess box(folder, "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(box_port) +
                               "\"]\ntrusted = [\"127.0.0.1/32\"]\nrelay = "
                               "[\"out.test=lmtp:127.0.0.1:" +
                               std::to_string(sink.port()) + "\"]\n");
    std::vector<double> ours;
    std::vector<double> theirs;
    through_rate({box_port, 20, 500}, sink);
    through_rate({ports.mx, 20, 500}, sink);
    for (int i = 0; i < kRounds; ++i) {
        ours.push_back(through_rate({box_port, 20, 10'000}, sink));
        theirs.push_back(through_rate({ports.mx, 20, 2000}, sink));
    }
    row("waypost", median(ours), "mails/s");
    row("postfix", median(theirs), "mails/s");
    print({"through", median(ours), "postfix", median(theirs), "mails/s",
           median(ours) / median(theirs)});
    return 0;
}

}  // namespace waypost::bench

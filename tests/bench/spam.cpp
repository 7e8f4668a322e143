// SPDX-License-Identifier: Apache-2.0
// Ten thousand spam mails for five people, and what they notice of it.
#include <cstdio>
#include <cstdlib>

#include "tests/bench/bench.h"
#include "tests/bench/spam_replay.h"

namespace waypost::bench {

int spam() {
    SpamPlan plan;
    if (const char* mails = std::getenv("WAYPOST_MAILS"))
        plan.spam = std::strtoul(mails, nullptr, 10);
    const SpamFigures f = replay_spam(plan);
    row("spam mails of the set", static_cast<double>(f.set), "mails");
    row("went through Postfix", static_cast<double>(plan.spam), "mails",
        "round and round, new Message-IDs, senders as they are");
    row("handed over", static_cast<double>(plan.spam) / f.seconds, "mails/s");
    row("refused by the box", static_cast<double>(f.refused), "mails");
    row("held in the end, of five people", static_cast<double>(f.held), "mails");
    row("most packets to one radio from the spam", f.most_packets, "", f.a_packet);
    row("replies in between", static_cast<double>(plan.replies), "mails",
        std::to_string(f.replies_lost) + " lost");
    row("until a reply's packet, median", f.median_delay_s, "s");
    row("until a reply's packet, worst", f.worst_delay_s, "s");
    row("notices sent out", static_cast<double>(f.notices), "mails");
    row("memory at the most", f.memory_mib, "MiB");
    std::printf(R"({"bench": "spam", "mails": %zu, "most_packets": %d, "worst_reply_s": %.2f,)"
                R"( "replies_lost": %zu, "notices": %zu, "memory_mib": %.1f})"
                "\n",
                plan.spam, f.most_packets, f.worst_delay_s, f.replies_lost, f.notices,
                f.memory_mib);
    return 0;
}

}  // namespace waypost::bench

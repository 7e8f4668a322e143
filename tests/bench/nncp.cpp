// SPDX-License-Identifier: Apache-2.0
// NNCP beside Debian's nncp, both with fsync: mails queued and tossed, a large file packed and
// tossed, and calls with both. Each side's work runs in processes of its own, whose memory counts
// at its height.
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include "tests/bench/nncp_pair.h"

namespace waypost::bench {
namespace {

constexpr int kMails = 1000;
constexpr std::size_t kLarge = 256u << 20;
constexpr int kRounds = 3;
constexpr int kLookEveryMs = 2;    // at the memory of those who call
constexpr double kPatience = 120;  // seconds, for a call

// The median time and the most memory of some rounds.
class Rounds {
  public:
    void add(const Cost& cost) {
        seconds_.push_back(cost.seconds);
        own_ = std::max(own_, cost.own);
        resident_ = std::max(resident_, cost.resident);
    }
    double seconds() const { return median(seconds_); }
    double own() const { return own_; }
    double resident() const { return resident_; }

  private:
    std::vector<double> seconds_;
    double own_ = 0, resident_ = 0;
};

struct Both {
    std::string name;
    Rounds ours, theirs;
    double ratio() const { return theirs.seconds() / ours.seconds(); }
};

std::vector<std::string> ours(std::vector<std::string> words) {
    words.insert(words.begin(), WAYPOST_NNCP_WORK);
    return words;
}

// A thousand programs one after the other: their time together, their memory alone.
Cost nncp_exec(const NodePair& pair) {
    Cost all;
    for (int i = 0; i < kMails; ++i) {
        const Cost one = run({"nncp-exec", "-quiet", "-cfg", pair.config(true), pair.other(),
                              "sendmail", "ana@hill.test"},
                             pair.file("mail"));
        all.seconds += one.seconds;
        all.own = std::max(all.own, one.own);
        all.resident = std::max(all.resident, one.resident);
    }
    return all;
}

Cost nncp_toss(const NodePair& pair) {
    return run({"nncp-toss", "-quiet", "-seen", "-cfg", pair.config(false)});
}

Cost our_queue(const NodePair& pair) {
    return run(ours(
        {"queue", pair.config(true), pair.other(), std::to_string(kMails), pair.file("mail")}));
}

void must_wait(const NodePair& pair, std::size_t count) {
    if (pair.waiting() != count) throw std::runtime_error("packets are missing");
}

Both queue_mails(const NodePair& pair) {
    Both both{"queue 1,000 mails", {}, {}};
    pair.clear();
    both.theirs.add(nncp_exec(pair));
    must_wait(pair, kMails);
    for (int i = 0; i < kRounds; ++i) {
        pair.clear();
        both.ours.add(our_queue(pair));
        must_wait(pair, kMails);
    }
    return both;
}

// Both with a program for each; and ours as the gateway takes them, itself.
std::pair<Both, Both> toss_mails(const NodePair& pair) {
    Both programs{"toss 1,000 mails, a program for each", {}, {}};
    Both itself{"toss 1,000 mails, taken by the gateway", {}, {}};
    const auto ready = [&] {
        pair.clear();
        our_queue(pair);
        pair.carry();
    };
    for (int i = 0; i < kRounds; ++i) {
        ready();
        const Cost theirs = nncp_toss(pair);
        programs.theirs.add(theirs);
        itself.theirs.add(theirs);
        ready();
        programs.ours.add(run(ours({"toss", pair.config(false)})));
        ready();
        itself.ours.add(run(ours({"take", pair.config(false), pair.file("taken")})));
    }
    return {programs, itself};
}

std::pair<Both, Both> large_file(const NodePair& pair) {
    Both packing{"pack 256 MiB", {}, {}}, tossing{"toss 256 MiB", {}, {}};
    for (int i = 0; i < kRounds; ++i) {
        pair.clear();
        packing.theirs.add(run({"nncp-file", "-quiet", "-cfg", pair.config(true),
                                pair.file("large"), pair.other() + ":large"}));
        pair.carry();
        tossing.theirs.add(nncp_toss(pair));
        pair.clear();
        packing.ours.add(run(ours({"pack", pair.config(true), pair.other(), pair.file("large")})));
        pair.carry();
        tossing.ours.add(run(ours({"toss", pair.config(false)})));
    }
    pair.clear();
    return {packing, tossing};
}

std::string nncps(double value, const std::string& unit) {
    char text[40];
    std::snprintf(text, sizeof text, "nncp %.1f %s", value, unit.c_str());
    return text;
}

// Until the other has all that waits, and has said so.
Cost call(const NodePair& pair, bool by_us) {
    using Words = std::vector<std::string>;
    Running server(by_us ? ours({"serve", pair.config(false), pair.where()})
                         : Words{"nncp-daemon", "-quiet", "-noprogress", "-cfg", pair.config(false),
                                 "-bind", pair.where()});
    pair.wait_for_server();
    const StopWatch watch;
    Running caller(by_us ? ours({"call", pair.config(true), pair.other(), "lo"})
                         : Words{"nncp-call", "-quiet", "-noprogress", "-cfg", pair.config(true),
                                 pair.other()});
    while (pair.waiting() > 0) {
        if (watch.seconds() > kPatience) throw std::runtime_error("a call does not end");
        server.look();
        caller.look();
        ::poll(nullptr, 0, kLookEveryMs);
    }
    const double seconds = watch.seconds();
    const Cost one = caller.end(), other = server.end();
    return {seconds, std::max(one.own, other.own), std::max(one.resident, other.resident)};
}

Both call_with(const NodePair& pair, const std::string& name, const std::function<void()>& queue) {
    Both both{name, {}, {}};
    for (int i = 0; i < kRounds; ++i) {
        for (const bool by_us : {false, true}) {
            pair.clear();
            queue();
            (by_us ? both.ours : both.theirs).add(call(pair, by_us));
        }
    }
    return both;
}

void show(const Both& both) {
    row(both.name, both.ours.seconds() * 1000, "ms", nncps(both.theirs.seconds() * 1000, "ms"));
    row("  times as fast", both.ratio(), "");
    row("  memory of its own", both.ours.own(), "MiB", nncps(both.theirs.own(), "MiB"));
    row("  with programs and libraries", both.ours.resident(), "MiB",
        nncps(both.theirs.resident(), "MiB"));
}

void memory_fields(const char* name, const Both& both) {
    std::printf(R"(, "%s_mib": %.1f, "%s_nncp_mib": %.1f, "%s_rss_mib": %.1f)"
                R"(, "%s_nncp_rss_mib": %.1f)",
                name, both.ours.own(), name, both.theirs.own(), name, both.ours.resident(), name,
                both.theirs.resident());
}

void fields(const char* name, const Both& both) {
    std::printf(R"(, "%s_ratio": %.2f)", name, both.ratio());
    memory_fields(name, both);
}

}  // namespace

int nncp() {
    const interop::Folder folder;
    const NodePair pair(folder, kLarge);
    const Both queued = queue_mails(pair);
    show(queued);
    const auto [programs, itself] = toss_mails(pair);
    show(programs);
    show(itself);
    const auto [packing, tossing] = large_file(pair);
    show(packing);
    show(tossing);
    const Both large = call_with(pair, "call with 256 MiB", [&] {
        run(ours({"pack", pair.config(true), pair.other(), pair.file("large")}));
    });
    show(large);
    const Both small = call_with(pair, "call with 1,000 mails", [&] { our_queue(pair); });
    show(small);
    std::printf(
        R"({"bench": "nncp", "ours": %.1f, "peer": "nncp", "theirs": %.1f, "unit": "mails/s")"
        R"(, "ratio": %.2f)",
        kMails / queued.ours.seconds(), kMails / queued.theirs.seconds(), queued.ratio());
    memory_fields("queue", queued);
    fields("toss", itself);
    fields("toss_program", programs);
    fields("pack_large", packing);
    fields("toss_large", tossing);
    fields("call_large", large);
    fields("call_small", small);
    std::printf(R"(, "call_mb_per_s": %.1f, "call_packets_per_s": %.1f)",
                kLarge / 1e6 / large.ours.seconds(), kMails / small.ours.seconds());
    std::printf("}\n");
    return 0;
}

}  // namespace waypost::bench

// SPDX-License-Identifier: Apache-2.0
// NNCP beside Debian's nncp, both with fsync: mails queued and tossed, a large file packed and
// tossed. Each side's work runs in processes of its own, whose memory counts at its height.
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/bench/bench.h"

namespace waypost::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kMails = 1000;
constexpr std::size_t kLarge = 256u << 20;
constexpr int kRounds = 3;
constexpr int kLookEveryMs = 2;  // at its memory

struct Cost {
    double seconds = 0;
    double own = 0, resident = 0;  // MiB at the height of one process: RssAnon, and with its files
};

// proc(5): pages that are of no file. Programs and libraries are shared with others that run.
double own_mebibytes(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    double kib = 0;
    for (std::string word; status >> word;) {
        if (word == "RssAnon:" && status >> kib) return kib / 1024;
    }
    return 0;
}

pid_t start(const std::vector<std::string>& words, const std::string& input) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    if (!std::freopen(input.c_str(), "r", stdin) || !std::freopen("/dev/null", "w", stdout)) {
        ::_exit(126);
    }
    std::vector<char*> pointers;
    for (const std::string& each : words) pointers.push_back(const_cast<char*>(each.c_str()));
    pointers.push_back(nullptr);
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
}

Cost run(const std::vector<std::string>& words, const std::string& input = "/dev/null") {
    const StopWatch watch;
    const pid_t pid = start(words, input);
    const int ended = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    Cost cost;
    pollfd wait{ended, POLLIN, 0};
    while (::poll(&wait, 1, kLookEveryMs) == 0) cost.own = std::max(cost.own, own_mebibytes(pid));
    cost.seconds = watch.seconds();
    ::close(ended);
    int how = 0;
    rusage used{};
    ::wait4(pid, &how, 0, &used);
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) throw std::runtime_error(words[0] + " failed");
    cost.resident = static_cast<double>(used.ru_maxrss) / 1024;
    return cost;
}

// Two nodes, as nncp-cfgnew makes them: the mails go from one to the other.
class Pair {
  public:
    explicit Pair(const interop::Folder& folder) : folder_(folder) {
        for (const std::string& each : {from_, to_}) {
            fs::create_directories(folder_ / each + "/spool");
            interop::shell("nncp-cfgnew -nocomments >" + (folder_ / each) + ".new");
        }
        fs::create_directories(folder_ / to_ + "/in");
        std::ofstream(folder_ / "mail") << mail();
        interop::shell("head -c " + std::to_string(kLarge) + " /dev/urandom >" +
                       (folder_ / "large"));
        write(from_, to_);
        write(to_, from_);
    }
    std::string config(bool from) const { return folder_ / (from ? from_ : to_) + ".hjson"; }
    std::string other() const { return to_; }
    std::string file(const std::string& name) const { return folder_ / name; }

    // What lies in the one's queue goes into the other's rx/.
    void carry() const {
        const std::string into = (folder_ / to_) + "/spool/" + id(from_) + "/rx";
        fs::create_directories(into);
        for (const auto& each : fs::directory_iterator(queue())) {
            if (each.is_regular_file())
                fs::rename(each.path(), into + "/" + each.path().filename().string());
        }
        ::sync();
    }
    void clear() const {
        for (const std::string& each : {from_, to_}) {
            fs::remove_all(folder_ / each + "/spool");
            fs::create_directories(folder_ / each + "/spool");
        }
        fs::remove_all(folder_ / to_ + "/in");
        fs::create_directories(folder_ / to_ + "/in");
        ::sync();
    }
    std::size_t waiting() const {
        std::size_t count = 0;
        for (const auto& each : fs::directory_iterator(queue())) count += each.is_regular_file();
        return count;
    }

  private:
    std::string queue() const { return (folder_ / from_) + "/spool/" + id(to_) + "/tx"; }
    std::string value(const std::string& node, const std::string& key) const {
        const std::string text =
            interop::shell("sed -n '/^  self: {/,/^  }/p' " + (folder_ / node) + ".new");
        const auto at = text.find(" " + key + ": ");
        const auto end = text.find('\n', at);
        return text.substr(at + key.size() + 3, end - at - key.size() - 3);
    }
    std::string id(const std::string& node) const { return value(node, "id"); }
    std::string publics(const std::string& node) const {
        std::string out;
        for (const char* key : {"id", "exchpub", "signpub", "noisepub"}) {
            out += "      " + std::string(key) + ": " + value(node, key) + "\n";
        }
        return out;
    }
    void write(const std::string& node, const std::string& peer) const {
        std::ofstream out(folder_ / node + ".hjson");
        out << "{\n  spool: " << (folder_ / node) << "/spool\n  log: " << (folder_ / node)
            << "/log\n  self: {\n"
            << publics(node);
        for (const char* key : {"exchprv", "signprv", "noiseprv"}) {
            out << "      " << key << ": " << value(node, key) << "\n";
        }
        out << "  }\n  neigh: {\n    self: {\n"
            << publics(node) << "    }\n    " << peer << ": {\n"
            << publics(peer)
            << "      exec: {sendmail: [\"/bin/sh\", \"-c\", \"exec /bin/cat\"]}\n      incoming: "
               "\""
            << (folder_ / node) << "/in\"\n    }\n  }\n}\n";
        out.close();
        fs::permissions(folder_ / node + ".hjson", fs::perms(0600));
    }
    static std::string mail() {
        std::string text = "From: ana@hill.test\nTo: ben@dale.test\nSubject: news\n\n";
        for (int i = 0; text.size() < 1024; ++i)
            text += "line " + std::to_string(i * 7919 % 1000) + " of the letter\n";
        return text.substr(0, 1024);
    }

    const interop::Folder& folder_;
    const std::string from_ = "hill", to_ = "dale";
};

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
Cost nncp_exec(const Pair& pair) {
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

Cost nncp_toss(const Pair& pair) {
    return run({"nncp-toss", "-quiet", "-seen", "-cfg", pair.config(false)});
}

Cost our_queue(const Pair& pair) {
    return run(ours(
        {"queue", pair.config(true), pair.other(), std::to_string(kMails), pair.file("mail")}));
}

void must_wait(const Pair& pair, std::size_t count) {
    if (pair.waiting() != count) throw std::runtime_error("packets are missing");
}

Both queue_mails(const Pair& pair) {
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
std::pair<Both, Both> toss_mails(const Pair& pair) {
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

std::pair<Both, Both> large_file(const Pair& pair) {
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
    const Pair pair(folder);
    const Both queued = queue_mails(pair);
    show(queued);
    const auto [programs, itself] = toss_mails(pair);
    show(programs);
    show(itself);
    const auto [packing, tossing] = large_file(pair);
    show(packing);
    show(tossing);
    std::printf(
        R"({"bench": "nncp", "ours": %.1f, "peer": "nncp", "theirs": %.1f, "unit": "mails/s")"
        R"(, "ratio": %.2f)",
        kMails / queued.ours.seconds(), kMails / queued.theirs.seconds(), queued.ratio());
    memory_fields("queue", queued);
    fields("toss", itself);
    fields("toss_program", programs);
    fields("pack_large", packing);
    fields("toss_large", tossing);
    std::printf("}\n");
    return 0;
}

}  // namespace waypost::bench

// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace waypost::bench {

void row(const std::string& name, double value, const std::string& unit, const std::string& note) {
    std::printf("%-44s %12.2f %-8s %s\n", name.c_str(), value, unit.c_str(), note.c_str());
    std::fflush(stdout);
}

void print(const Summary& s) {
    std::printf(R"({"bench": "%s", "ours": %.2f)", s.bench.c_str(), s.ours);
    if (!s.peer.empty()) std::printf(R"(, "peer": "%s", "theirs": %.2f)", s.peer.c_str(), s.theirs);
    std::printf(R"(, "unit": "%s")", s.unit.c_str());
    if (s.ratio > 0) std::printf(R"(, "ratio": %.2f)", s.ratio);
    std::printf("}\n");
}

double percentile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size()));
    return values.at(std::min(place, values.size() - 1));
}

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

double seconds_of(const Load& load) {
    const std::string command = "timeout 300 smtp-source -d -s " + std::to_string(load.sessions) +
                                " -l 1024 -m " + std::to_string(load.mails) +
                                " -f bob@hill.test -t " + load.to +
                                " 127.0.0.1:" + std::to_string(load.port);
    const StopWatch watch;
    interop::shell(command);
    return watch.seconds();
}

Sink::Sink(const interop::Folder& folder) : log_(folder / "sink.log") {
    pid_ = ::fork();
    if (pid_ == 0) {
        const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(log, 1);
        ::dup2(log, 2);
        const std::string where = "127.0.0.1:" + std::to_string(port_);
        ::execlp("smtp-sink", "smtp-sink", "-u", "root", "-L", "-c", where.c_str(), "1000",
                 nullptr);
        ::_exit(127);
    }
    const std::string probe =
        "bash -c '</dev/tcp/127.0.0.1/" + std::to_string(port_) + "' 2>/dev/null";
    interop::eventually([&] { return std::system(probe.c_str()) == 0; });
}

Sink::~Sink() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

// It prints "sess=1 quit=2 mesg=3" over and over, with carriage returns between.
long Sink::count() const {
    std::ifstream file(log_, std::ios::binary | std::ios::ate);
    const auto size = static_cast<long>(file.tellg());
    file.seekg(std::max(0L, size - 200));
    const std::string tail{std::istreambuf_iterator<char>(file), {}};
    const std::size_t mark = tail.rfind("mesg=");
    return mark == std::string::npos ? 0 : std::strtol(tail.c_str() + mark + 5, nullptr, 10);
}

namespace {

double mebibytes(const std::string& file, const std::string& key) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(key + ':', 0) == 0)
            return std::strtod(line.c_str() + key.size() + 1, nullptr) / 1024;
    }
    return 0;
}

}  // namespace

Memory memory_of(int pid) {
    const std::string folder = "/proc/" + std::to_string(pid) + '/';
    return {mebibytes(folder + "status", "VmRSS"),
            mebibytes(folder + "smaps_rollup", "Private_Dirty"),
            mebibytes(folder + "status", "VmHWM"), mebibytes(folder + "smaps_rollup", "Pss")};
}

double own_memory_of(int pid) {
    return mebibytes("/proc/" + std::to_string(pid) + "/status", "RssAnon");
}

double processor_seconds_of(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    // Behind the name, which may hold anything: state, then utime and stime as 12th and 13th.
    std::istringstream fields(all.substr(all.rfind(')') + 1));
    std::string passed;
    for (int i = 0; i < 11; ++i) fields >> passed;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

SlowDisk::SlowDisk() { ::setenv("LD_PRELOAD", WAYPOST_SLOW_FSYNC, 1); }
SlowDisk::~SlowDisk() { ::unsetenv("LD_PRELOAD"); }

}  // namespace waypost::bench

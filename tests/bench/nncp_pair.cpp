// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/nncp_pair.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace waypost::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kLookEveryMs = 2;  // at its memory

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

std::string mail() {
    std::string text = "From: ana@hill.test\nTo: ben@dale.test\nSubject: news\n\n";
    for (int i = 0; text.size() < 1024; ++i)
        text += "line " + std::to_string(i * 7919 % 1000) + " of the letter\n";
    return text.substr(0, 1024);
}

}  // namespace

Cost run(const std::vector<std::string>& words, const std::string& input) {
    const StopWatch watch;
    const pid_t pid = start(words, input);
    const int ended = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    Cost cost;
    pollfd wait{ended, POLLIN, 0};
    while (::poll(&wait, 1, kLookEveryMs) == 0) cost.own = std::max(cost.own, own_memory_of(pid));
    cost.seconds = watch.seconds();
    ::close(ended);
    int how = 0;
    rusage used{};
    ::wait4(pid, &how, 0, &used);
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) throw std::runtime_error(words[0] + " failed");
    cost.resident = static_cast<double>(used.ru_maxrss) / 1024;
    return cost;
}

Running::Running(const std::vector<std::string>& words) : pid_(start(words, "/dev/null")) {}

void Running::look() { own_ = std::max(own_, own_memory_of(pid_)); }

Cost Running::end() {
    rusage used{};
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        ::wait4(pid_, nullptr, 0, &used);
    }
    pid_ = 0;
    return {0, own_, static_cast<double>(used.ru_maxrss) / 1024};
}

NodePair::NodePair(const interop::Folder& folder, std::size_t large) : folder_(folder) {
    for (const std::string& each : {from_, to_}) {
        fs::create_directories(folder_ / each + "/spool");
        interop::shell("nncp-cfgnew -nocomments >" + (folder_ / each) + ".new");
    }
    fs::create_directories(folder_ / to_ + "/in");
    std::ofstream(folder_ / "mail") << mail();
    interop::shell("head -c " + std::to_string(large) + " /dev/urandom >" + (folder_ / "large"));
    write(from_, to_);
    write(to_, from_);
}

std::string NodePair::config(bool from) const { return folder_ / (from ? from_ : to_) + ".hjson"; }

std::string NodePair::queue() const { return (folder_ / from_) + "/spool/" + id(to_) + "/tx"; }

void NodePair::carry() const {
    const std::string into = (folder_ / to_) + "/spool/" + id(from_) + "/rx";
    fs::create_directories(into);
    for (const auto& each : fs::directory_iterator(queue())) {
        if (each.is_regular_file())
            fs::rename(each.path(), into + "/" + each.path().filename().string());
    }
    ::sync();
}

// Nothing is deleted: for a minute after ext4 has deleted thousands of files it makes new ones
// slowly, as it passes over their inodes. That would hold back whoever comes second.
void NodePair::clear() const {
    const std::string aside = folder_ / "used-" + std::to_string(used_++);
    for (const std::string& each : {from_, to_}) {
        for (const std::string& what : {each + "/spool", each + "/in"}) {
            if (!fs::exists(folder_ / what)) continue;
            for (const auto& file : fs::recursive_directory_iterator(folder_ / what)) {
                if (file.is_regular_file()) fs::resize_file(file.path(), 0);
            }
            fs::create_directories(aside + "/" + each);
            fs::rename(folder_ / what, aside + "/" + what);
        }
        fs::create_directories(folder_ / each + "/spool");
    }
    fs::create_directories(folder_ / to_ + "/in");
    ::sync();
}

void NodePair::wait_for_server() const {
    const auto colon = where_.find(':');
    const std::string probe = "bash -c '</dev/tcp/" + where_.substr(0, colon) + "/" +
                              where_.substr(colon + 1) + "' 2>/dev/null";
    interop::eventually([&] { return std::system(probe.c_str()) == 0; });
}

std::size_t NodePair::waiting() const {
    std::size_t count = 0;
    for (const auto& each : fs::directory_iterator(queue())) count += each.is_regular_file();
    return count;
}

std::string NodePair::value(const std::string& node, const std::string& key) const {
    const std::string text =
        interop::shell("sed -n '/^  self: {/,/^  }/p' " + (folder_ / node) + ".new");
    const auto at = text.find(" " + key + ": ");
    const auto end = text.find('\n', at);
    return text.substr(at + key.size() + 3, end - at - key.size() - 3);
}

std::string NodePair::publics(const std::string& node) const {
    std::string out;
    for (const char* key : {"id", "exchpub", "signpub", "noisepub"}) {
        out += "      " + std::string(key) + ": " + value(node, key) + "\n";
    }
    return out;
}

void NodePair::write(const std::string& node, const std::string& peer) const {
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
        << (folder_ / node) << "/in\"\n      addrs: {lo: \"" << where_ << "\"}\n    }\n  }\n}\n";
    out.close();
    fs::permissions(folder_ / node + ".hjson", fs::perms(0600));
}

}  // namespace waypost::bench

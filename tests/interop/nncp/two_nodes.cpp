// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/nncp/two_nodes.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <thread>

#include "app/demo/loopback.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {

namespace fs = std::filesystem;

namespace {

std::string slurp(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

Ended run(std::vector<std::string> words) {
    const auto ended = run_program({std::move(words), {"NNCPNOSYNC=1", "PATH=/usr/bin:/bin"}});
    if (!ended.ok()) throw std::runtime_error(ended.error().text);
    return *ended;
}

}  // namespace

Daemon::Daemon(const std::vector<std::string>& words, const std::string& log) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

Daemon::~Daemon() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    for (int i = 0; i < 200 && running(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    kill();
}

void Daemon::kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

bool Daemon::running() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ > 0;
}

bool eventually(const std::function<bool()>& is) {
    for (int i = 0; i < 2000; ++i) {
        if (is()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

std::size_t TwoNodes::Side::incoming() const {
    const fs::directory_iterator all(folder / "incoming");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::string TwoNodes::Side::incoming(const std::string& file_name) const {
    return slurp(folder / "incoming" / file_name);
}

TwoNodes::TwoNodes() {
    std::string name = (fs::temp_directory_path() / "nncp-online-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder to be had");
    root_ = name;
    make(village, "village");
    make(relay, "relay");
}

TwoNodes::~TwoNodes() { fs::remove_all(root_); }

void TwoNodes::make(Side& side, const std::string& name) {
    side.name = name;
    side.folder = root_ / name;
    fs::create_directories(side.folder / "incoming");
    std::string text = vector_file(name + ".hjson");
    for (auto at = text.find("/TEST"); at != std::string::npos; at = text.find("/TEST", at))
        text.replace(at, 5, root_.string());
    write(side.file(), text);
    fs::permissions(side.file(), fs::perms::owner_read | fs::perms::owner_write);
    side.config = std::move(read_node_config(side.file())).value();
    side.spool.emplace(std::move(Spool::open(*side.config)).value());
}

void TwoNodes::file(Side& from, const std::string& name, const std::string& bytes,
                    const std::string& nice) {
    const fs::path source = root_ / "source";
    write(source, bytes);
    const Ended ended = run({"nncp-file", "-quiet", "-cfg", from.file(), "-nice", nice,
                             source.string(), other(from).name + ":" + name});
    if (ended.status != 0) throw std::runtime_error(ended.output);
}

std::vector<SpoolPacket> TwoNodes::waiting(const Side& side) const {
    return side.spool->list(other(side).config->self->id, Way::Tx).value();
}

fs::path TwoNodes::rx(const Side& side) const {
    const auto folder = side.spool->folder(other(side).config->self->id, Way::Rx);
    fs::create_directories(folder);
    return folder;
}

std::string TwoNodes::toss(const Side& side) {
    const Ended ended = run({"nncp-toss", "-quiet", "-cfg", side.file()});
    return ended.status == 0 ? "" : ended.output;
}

std::string TwoNodes::text_of(const SpoolPacket& packet, const Side& side) const {
    return slurp(side.spool->path(packet));
}

std::string TwoNodes::where() const { return "127.0.0.1:" + std::to_string(free_port()); }

std::vector<std::string> TwoNodes::daemon_words(const std::string& where) const {
    return {"nncp-daemon", "-quiet", "-cfg", relay.file(), "-bind", where};
}

Result<OnlineReport> TwoNodes::call(const std::string& address, const OnlineOptions& options) {
    Result<OnlineReport> report = Error{};
    // The daemon may only be about to listen.
    eventually([&] {
        report = nncp::call(home(), *village.config->find("relay"), address, options, watch);
        return report.ok() || report.error().code != Code::Network;
    });
    return report;
}

Ended TwoNodes::nncp_call(const std::string& address, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"nncp-call",  "-quiet",          "-cfg",
                                      relay.file(), "-onlinedeadline", "1"};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"village", address});
    return run(std::move(words));
}

}  // namespace waypost::nncp

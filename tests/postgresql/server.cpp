// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "gateway/base/random.h"

namespace waypost::postgresql {
namespace {

namespace fs = std::filesystem;

void must(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string output_of(const std::string& command) {
    FILE* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run: " + command);
    std::string text;
    std::array<char, 4096> piece{};
    for (std::size_t n = 0; (n = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
        text.append(piece.data(), n);
    if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command + '\n' + text);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

std::string binaries() {
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql")) {
        if (fs::exists(entry.path() / "bin/initdb")) return entry.path() / "bin/";
    }
    throw std::runtime_error("no PostgreSQL server: install the package postgresql");
}

// initdb and the server refuse to run as root.
std::string as_owner() { return ::geteuid() == 0 ? "runuser -u postgres -- " : ""; }

std::string new_folder() {
    const fs::path folder =
        fs::temp_directory_path() / ("waypost-postgresql-" + system_random()->hex(6));
    fs::create_directory(folder);
    if (::geteuid() == 0) must("chown postgres " + folder.string());
    return folder;
}

// The server and whatever it started: their working folder is its data.
std::vector<pid_t> processes_in(const fs::path& data) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        std::error_code gone;
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (fs::read_symlink(entry.path() / "cwd", gone) == data) found.push_back(std::stoi(name));
    }
    return found;
}

}  // namespace

Server::Server() : folder_(new_folder()) {
    must(as_owner() + binaries() + "initdb -A trust -U waypost -E UTF8 --locale=C.UTF-8 -D " +
         folder_ + "/data > /dev/null");
    std::ofstream(folder_ + "/data/postgresql.conf", std::ios::app)
        << "listen_addresses = ''\nunix_socket_directories = '" << folder_
        << "'\nmax_connections = 60\nwal_level = replica\nmax_wal_senders = 4\n"
        << "hot_standby = on\nshared_buffers = 32MB\n";
    start();
}

Server::Server(const Server& primary, int) : folder_(new_folder()) {
    must(as_owner() + binaries() + "pg_basebackup -R -X stream -c fast -U waypost -h " +
         primary.folder_ + " -D " + folder_ + "/data");
    std::ofstream(folder_ + "/data/postgresql.conf", std::ios::app)
        << "unix_socket_directories = '" << folder_ << "'\n";
    // Its name, by which the primary waits for it.
    std::ofstream(folder_ + "/data/postgresql.auto.conf", std::ios::app)
        << "primary_conninfo = 'host=" << primary.folder_
        << " user=waypost application_name=replica'\n";
    start();
}

std::unique_ptr<Server> Server::replica_of(Server& primary) {
    std::unique_ptr<Server> replica(new Server(primary, 0));
    primary.ask("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'replica'");
    primary.ask("postgres", "SELECT pg_reload_conf()");
    using Steady = std::chrono::steady_clock;
    const auto latest = Steady::now() + std::chrono::seconds(20);
    while (primary.ask("postgres", "SELECT sync_state FROM pg_stat_replication") != "sync") {
        if (Steady::now() > latest) throw std::runtime_error("the replica does not follow");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return replica;
}

Server::~Server() {
    try {
        if (running_) must(control("stop -m immediate"));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
    }
    std::error_code none;
    fs::remove_all(folder_, none);
}

std::string Server::control(const std::string& what) const {
    return as_owner() + binaries() + "pg_ctl -s -w -D " + folder_ + "/data -l " + folder_ +
           "/log " + what;
}

void Server::start() {
    must(control("start"));
    running_ = true;
}

void Server::promote() { must(control("promote")); }

void Server::kill() {
    const fs::path data = fs::path(folder_) / "data";
    running_ = false;
    for (auto left = processes_in(data); !left.empty(); left = processes_in(data))
        for (const pid_t each : left) ::kill(each, SIGKILL);
}

void Server::make(const std::string& database) {
    must(binaries() + "createdb -h " + folder_ + " -U waypost " + database);
}

std::string Server::connection(const std::string& database) const {
    return "host=" + folder_ + " dbname=" + database + " user=waypost";
}

std::string Server::ask(const std::string& database, const std::string& sql) {
    return output_of(binaries() + "psql -qtA -h " + folder_ + " -U waypost -d " + database +
                     " -c \"" + sql + "\"");
}

}  // namespace waypost::postgresql

// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/mqtt/mosquitto.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace waypost::interop {
namespace {

bool answers(int port) {
    const int fd = connect_on_loopback(port);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

}  // namespace

Mosquitto::Mosquitto(const Options& options) {
    std::ofstream conf(folder_ / "mosquitto.conf");
    conf << "listener " << port_ << " 127.0.0.1\nuser root\npersistence true\n"
         << "persistence_location " << folder_.path() << "/\nlog_dest file " << folder_ / "log"
         << "\nmax_queued_messages 0\n";
    if (options.passwords) {
        shell("mosquitto_passwd -b -c " + (folder_ / "passwords") + " hill secret");
        conf << "allow_anonymous false\npassword_file " << folder_ / "passwords" << '\n';
    } else {
        conf << "allow_anonymous true\n";
    }
    if (!options.certificates.empty()) {
        conf << "certfile " << options.certificates << "/cert.pem\nkeyfile " << options.certificates
             << "/key.pem\n";
    }
    conf << options.more;
    conf.close();
    start();
}

Mosquitto::~Mosquitto() { stop(); }

void Mosquitto::start() {
    const std::string path = folder_ / "mosquitto.conf";
    std::string words[] = {"mosquitto", "-c", path};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, (folder_ / "errors").c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
    const int error = ::posix_spawnp(&pid_, "mosquitto", &files, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::runtime_error("cannot start mosquitto; ./dev setup installs it");
    if (!eventually([this] { return answers(port_); }))
        throw std::runtime_error("mosquitto did not come up: " + contents(folder_ / "errors") +
                                 log());
}

void Mosquitto::stop() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGTERM);
    const bool ended = eventually([this] { return ::waitpid(pid_, nullptr, WNOHANG) == pid_; });
    if (!ended) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    pid_ = -1;
}

void Mosquitto::publish(const std::string& topic, const std::string& payload, bool retained) const {
    const std::string file = folder_ / "payload";
    std::ofstream(file, std::ios::binary) << payload;
    shell("mosquitto_pub -p " + std::to_string(port_) + " -q 1 -t '" + topic + "' -f " + file +
          (retained ? " -r" : ""));
}

std::string Mosquitto::retained(const std::string& topic) const {
    return shell("mosquitto_sub -p " + std::to_string(port_) + " -t '" + topic +
                 "' --retained-only -C 1 -W 2 || true");
}

}  // namespace waypost::interop

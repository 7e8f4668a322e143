// SPDX-License-Identifier: Apache-2.0
#include "direwolf.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "gateway/base/random.h"

namespace waypost::kiss {
namespace {

constexpr std::size_t kDatagram = 1024;
constexpr std::size_t kWavHead = 44;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool is_free(int port, int type) {
    const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return bound;
}

// Dire Wolf takes ports below 49152 alone, and those that the kernel gives away begin at 32768.
int free_port(int type) {
    const auto random = system_random();
    for (int i = 0; i < 100; ++i) {
        const int port = 10'000 + static_cast<int>(random->below(20'000));
        if (is_free(port, type)) return port;
    }
    throw std::runtime_error("no free port");
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string little_endian(std::uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * i & 255);
    return out;
}

}  // namespace

Direwolf::Direwolf(std::filesystem::path folder)
    : folder_(std::move(folder)),
      kiss_port_(free_port(SOCK_STREAM)),
      audio_port_(free_port(SOCK_DGRAM)) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / ".asoundrc")
        << "pcm.air { type file slave.pcm \"null\" format raw file \""
        << (folder_ / "sent.raw").string() << "\" }\n";
    std::ofstream(folder_ / "direwolf.conf")
        << "ADEVICE udp:" << audio_port_ << " air\nARATE 44100\nACHANNELS 1\nCHANNEL 0\n"
        << "MYCALL N0CALL\nMODEM 1200\nAGWPORT 0\nKISSPORT " << kiss_port_ << '\n';
    start();
}

void Direwolf::start() {
    const std::string conf = (folder_ / "direwolf.conf").string();
    const std::string log = (folder_ / "log").string();
    std::string home = "HOME=" + folder_.string();
    // -q d: what says nothing of APRS is not searched for it.
    std::vector<std::string> words{"direwolf", "-t", "0", "-q", "d", "-c", conf};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<char*, 2> environment{home.data(), nullptr};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    const int error = ::posix_spawn(&pid_, "/usr/bin/direwolf", &files, nullptr, arguments.data(),
                                    environment.data());
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::runtime_error("cannot start direwolf; ./dev setup installs it");
}

Direwolf::~Direwolf() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string Direwolf::log() const { return read_file(folder_ / "log"); }

std::string Direwolf::sent() {
    const std::string all = read_file(folder_ / "sent.raw");
    const std::size_t whole = all.size() - all.size() % 2;
    std::string fresh = all.substr(std::min(read_, whole), whole - std::min(read_, whole));
    read_ = whole;
    return fresh;
}

void Direwolf::hear(std::string_view samples) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(audio_port_);
    for (std::size_t at = 0; at < samples.size(); at += kDatagram) {
        const std::string_view part = samples.substr(at, kDatagram);
        ::sendto(fd, part.data(), part.size(), 0, reinterpret_cast<const sockaddr*>(&address),
                 sizeof address);
    }
    ::close(fd);
}

std::string wav(const std::string& samples) {
    const auto size = static_cast<std::uint32_t>(samples.size());
    return "RIFF" + little_endian(size + 36, 4) + "WAVEfmt " + little_endian(16, 4) +
           little_endian(1, 2) + little_endian(1, 2) + little_endian(44'100, 4) +
           little_endian(88'200, 4) + little_endian(2, 2) + little_endian(16, 2) + "data" +
           little_endian(size, 4) + samples;
}

std::string samples_of_wav(const std::filesystem::path& file) {
    const std::string all = read_file(file);
    if (all.size() < kWavHead) throw std::runtime_error("no WAV file: " + file.string());
    return all.substr(kWavHead);
}

std::string output_of(const std::string& command) {
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "re");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::string output;
    std::array<char, 4096> part{};
    while (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe))
        output.append(part.data(), n);
    if (::pclose(pipe) != 0) throw std::runtime_error(command + " failed: " + output);
    return output;
}

}  // namespace waypost::kiss

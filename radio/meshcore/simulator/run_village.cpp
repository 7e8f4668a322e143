// SPDX-License-Identifier: Apache-2.0
// The village beside the real clock: one thread that polls lines and steps virtual time.
#include <Poco/JSON/Object.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <stdexcept>

#include "gateway/base/encoding.h"
#include "gateway/base/fd.h"
#include "radio/meshcore/simulator/world.h"
#include "radio/simulator/host_lines.h"

namespace waypost::meshcore {
namespace {

using simulator::HostLine;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostLine = 4096;
constexpr double kRoundMs = 50;  // as late as a line's look() may be

class Runner {
  public:
    Runner(const VillageOfRadios& village, const VillageStreams& streams)
        : village_(village),
          streams_(streams),
          world_(village, [this](const Happening& what) { print(what); }) {
        sigset_t wanted;
        ::sigemptyset(&wanted);
        ::sigaddset(&wanted, SIGINT);
        ::sigaddset(&wanted, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
        signals_ = Fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
        if (streams.packets) world_.tell_of_packets();
        for (const VillageRadio& radio : village.radios) {
            const Identity& self = world_.node(radio.name).identity();
            if (streams.packets)
                print({radio.name, "seed", to_hex(self.private_key.substr(0, kKeyBytes)), {}});
            print({radio.name, "key", to_hex(self.key), {}});
            for (const std::string& port : radio.ports) {
                CompanionDevice* device = world_.device(radio.name);
                if (device == nullptr) throw std::runtime_error(radio.name + " has no host");
                lines_.push_back(simulator::open_host_line(*device, port));
                print({radio.name, "is at", lines_.back()->name(), {}});
            }
        }
    }
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    ~Runner() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    void run() {
        print({"village", "open", std::to_string(village_.radios.size()) + " radios", {}});
        while (!quit_) {
            step_time();
            for (const auto& each : lines_) each->flush();
            round();
        }
    }

  private:
    void print(const Happening& what) {
        Poco::JSON::Object object;
        object.set("who", what.who);
        object.set("what", what.what);
        object.set("text", what.text);
        if (!what.from.empty()) object.set("from", what.from);
        std::ostringstream line;
        object.stringify(line);
        line << '\n';
        const std::string bytes = line.str();
        [[maybe_unused]] const ssize_t n = ::write(streams_.output, bytes.data(), bytes.size());
    }

    void step_time() {
        const std::chrono::duration<double, std::milli> real = Steady::now() - began_;
        const double virtual_ms = real.count() * village_.speed;
        world_.scheduler().run_until(box_from_ms(1 + static_cast<std::int64_t>(virtual_ms)));
    }

    int patience() {
        const auto& scheduler = world_.scheduler();
        const auto ahead = static_cast<double>((scheduler.next() - scheduler.now()).count());
        return static_cast<int>(std::clamp(ahead / village_.speed, 1.0, kRoundMs));
    }

    void round() {
        std::vector<pollfd> watched{{signals_.get(), POLLIN, 0}, {streams_.input, POLLIN, 0}};
        for (const auto& each : lines_) watched.push_back({each->watched(), POLLIN, 0});
        ::poll(watched.data(), watched.size(), patience());
        step_time();
        quit_ = watched[0].revents != 0;
        for (std::size_t i = 0; i < lines_.size(); ++i) attend(*lines_[i], watched[i + 2].revents);
        if (watched[1].revents != 0) read_lines();
    }

    // The newest host has the device, whichever line it came by.
    void attend(HostLine& line, short ready) {
        const bool came = (ready != 0 && line.readable()) || line.look();
        for (const auto& other : lines_) {
            const bool same = &other->device() == &line.device() && other.get() != &line;
            if (!came || !same || !other->has_host()) continue;
            other->hang_up();
            line.device().connected(line.name().rfind("pty:", 0) == 0);
        }
    }

    void read_lines() {
        char bytes[1024];
        const ssize_t n = ::read(streams_.input, bytes, sizeof bytes);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n <= 0) {
            quit_ = true;
            return;
        }
        typed_.append(bytes, static_cast<std::size_t>(n));
        for (std::size_t end = typed_.find('\n'); end != std::string::npos && !quit_;
             end = typed_.find('\n')) {
            quit_ = !world_.line(typed_.substr(0, end));
            typed_.erase(0, end + 1);
        }
        if (typed_.size() > kMostLine) typed_.clear();
    }

    const VillageOfRadios& village_;
    const VillageStreams& streams_;
    World world_;
    std::vector<std::unique_ptr<HostLine>> lines_;
    sigset_t before_{};
    Fd signals_;
    std::string typed_;
    bool quit_ = false;
    Steady::time_point began_ = Steady::now();
};

}  // namespace

Result<void> run_village(const VillageOfRadios& village, const VillageStreams& streams) {
    try {
        Runner(village, streams).run();
        return {};
    } catch (const std::runtime_error& e) {
        return Error{Code::Network, e.what(), false};
    }
}

}  // namespace waypost::meshcore

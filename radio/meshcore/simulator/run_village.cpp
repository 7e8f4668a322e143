// SPDX-License-Identifier: Apache-2.0
// The village beside the real clock: one thread that polls lines and steps virtual time.
#include <Poco/JSON/Object.h>
#include <poll.h>
#include <unistd.h>

#include <sstream>
#include <stdexcept>

#include "gateway/base/encoding.h"
#include "radio/meshcore/simulator/world.h"
#include "radio/simulator/beside_clock.h"
#include "radio/simulator/host_lines.h"

namespace waypost::meshcore {
namespace {

using simulator::HostLine;

constexpr std::size_t kMostLine = 4096;

class Runner {
  public:
    Runner(const VillageOfRadios& village, const VillageStreams& streams)
        : village_(village),
          streams_(streams),
          world_(village, [this](const Happening& what) { print(what); }) {
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

    void run() {
        print({"village", "open", std::to_string(village_.radios.size()) + " radios", {}});
        while (!quit_) {
            pace_.catch_up(world_.scheduler());
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

    void round() {
        std::vector<pollfd> watched{{signals_.fd(), POLLIN, 0}, {streams_.input, POLLIN, 0}};
        for (const auto& each : lines_) watched.push_back({each->watched(), POLLIN, 0});
        ::poll(watched.data(), watched.size(), pace_.patience(world_.scheduler()));
        pace_.catch_up(world_.scheduler());
        quit_ = watched[0].revents != 0;
        for (std::size_t i = 0; i < lines_.size(); ++i)
            simulator::attend(*lines_[i], watched[i + 2].revents != 0, lines_);
        if (watched[1].revents != 0) read_lines();
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
    simulator::Signals signals_;
    World world_;
    std::vector<std::unique_ptr<HostLine>> lines_;
    std::string typed_;
    bool quit_ = false;
    simulator::Pace pace_{village_.speed};
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

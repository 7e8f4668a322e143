// SPDX-License-Identifier: Apache-2.0
// The village beside the real clock: one thread that polls lines and steps virtual time.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "radio/simulator/beside_clock.h"
#include "radio/simulator/console.h"
#include "radio/simulator/host_lines.h"

namespace waypost::simulator {
namespace {

constexpr std::size_t kMostLine = 4096;
constexpr std::size_t kMostTypists = 16;
constexpr milliseconds kAftermath{120'000};

// Who types lines: standard input, or a client of the control socket.
struct Typist {
    Fd fd;
    std::string buffer;
    std::string speaker;
};

class Runner {
  public:
    explicit Runner(const VillageOptions& options)
        : options_(options),
          world_(options.village),
          console_(world_, options.json, [this](const std::string& line) { print(line); }) {
        for (auto& each : world_.inhabitants()) {
            for (const std::string& port : each.facts.ports) {
                lines_.push_back(open_host_line(*each.device, port));
                console_.say(each.facts.name, "is at", lines_.back()->name());
            }
        }
        if (!options.village.control.empty()) control_ = listen_unix(options.village.control);
        if (options.input >= 0) typists_.push_back({Fd(::dup(options.input)), {}, {}});
    }
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    ~Runner() {
        if (control_.good()) ::unlink(options_.village.control.c_str());
    }

    void run() {
        console_.say("village", "open", std::to_string(world_.inhabitants().size()) + " radios");
        while (!quit_) {
            pace_.catch_up(world_.scheduler());
            for (const auto& each : lines_) each->flush();
            round();
        }
    }

  private:
    void print(const std::string& text) {
        const std::string line = text + '\n';
        [[maybe_unused]] ssize_t n = ::write(options_.output, line.data(), line.size());
        for (const Typist& each : typists_) {
            n = ::send(each.fd.get(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
    }

    void round() {
        std::vector<pollfd> watched{{signals_.fd(), POLLIN, 0}, {control_.get(), POLLIN, 0}};
        for (const auto& each : lines_) watched.push_back({each->watched(), POLLIN, 0});
        for (const Typist& each : typists_) watched.push_back({each.fd.get(), POLLIN, 0});
        ::poll(watched.data(), watched.size(), pace_.patience(world_.scheduler()));
        pace_.catch_up(world_.scheduler());
        std::size_t next = 0;
        const auto ready = [&] { return watched[next++].revents != 0; };
        quit_ = ready() || quit_;
        const bool knock = ready();
        for (const auto& each : lines_) attend(*each, ready(), lines_);
        const std::size_t typists = typists_.size();
        std::vector<bool> typed;
        for (std::size_t i = 0; i < typists; ++i) typed.push_back(ready());
        for (std::size_t i = typists; i-- > 0;) {
            if (typed[i]) read_lines(i);
        }
        if (knock) welcome();
    }

    void welcome() {
        Fd fd(::accept4(control_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (fd.good() && typists_.size() < kMostTypists)
            typists_.push_back({std::move(fd), {}, {}});
    }

    void read_lines(std::size_t which) {
        Typist& typist = typists_[which];
        char bytes[1024];
        const ssize_t n = ::read(typist.fd.get(), bytes, sizeof bytes);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n <= 0) {
            typists_.erase(typists_.begin() + static_cast<std::ptrdiff_t>(which));
            quit_ = quit_ || (typists_.empty() && !control_.good());
            return;
        }
        typist.buffer.append(bytes, static_cast<std::size_t>(n));
        std::size_t end = typist.buffer.find('\n');
        for (; end != std::string::npos && !quit_; end = typist.buffer.find('\n')) {
            const std::string line = typist.buffer.substr(0, end);
            typist.buffer.erase(0, end + 1);
            quit_ = !console_.line(line, typist.speaker);
        }
        if (typist.buffer.size() > kMostLine) typist.buffer.clear();
    }

    VillageOptions options_;
    Signals signals_;
    World world_;
    std::vector<Typist> typists_;
    Console console_;
    std::vector<std::unique_ptr<HostLine>> lines_;
    Fd control_;
    bool quit_ = false;
    Pace pace_{options_.village.speed};
};

}  // namespace

Result<void> run_village(const VillageOptions& options) {
    try {
        Runner(options).run();
        return {};
    } catch (const std::runtime_error& e) {
        return Error{Code::Network, e.what(), false};
    }
}

Result<void> play_script(const Village& village, std::istream& script, bool json,
                         const std::function<void(const std::string&)>& out) {
    World world(village);
    Console console(world, json, out);
    std::string speaker;
    std::string line;
    for (int number = 1; std::getline(script, line); ++number) {
        if (line.empty() || line.front() == '#') continue;
        char* rest = nullptr;
        const double seconds = std::strtod(line.c_str(), &rest);
        const auto at = box_from_ms(1 + static_cast<std::int64_t>(seconds * 1000));
        if (rest == line.c_str() || *rest != ' ' || !(seconds >= 0 && seconds < 1e9)) {
            return bad_input("line " + std::to_string(number) +
                             ": write SECONDS LINE, as in `12.5 ana: hello`");
        }
        if (at < world.scheduler().now()) {
            return bad_input("line " + std::to_string(number) +
                             ": earlier than the line before it");
        }
        world.scheduler().run_until(at);
        if (!console.line(rest, speaker)) return {};
    }
    world.run_for(kAftermath);
    console.line("nodes", speaker);
    return {};
}

}  // namespace waypost::simulator

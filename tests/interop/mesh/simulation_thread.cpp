// SPDX-License-Identifier: Apache-2.0
#include "simulation_thread.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace waypost::interop {

SimulationThread::SimulationThread(std::function<void(int input, int output)> run) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
        throw std::runtime_error("no pipes");
    typed_ = in[1];
    printed_ = out[0];
    thread_ = std::thread([run = std::move(run), input = in[0], output = out[1]] {
        run(input, output);
        ::close(input);
        ::close(output);
    });
}

SimulationThread::~SimulationThread() {
    ::close(typed_);  // the end of what is typed ends it
    thread_.join();
    ::close(printed_);
}

void SimulationThread::type(const std::string& line) {
    const std::string bytes = line + '\n';
    if (::write(typed_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("the simulation is gone");
}

bool SimulationThread::prints_within(int milliseconds) {
    pollfd readable{printed_, POLLIN, 0};
    return ::poll(&readable, 1, milliseconds) == 1 && (readable.revents & POLLIN) != 0;
}

std::string SimulationThread::next_line() {
    for (;;) {
        if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        pollfd readable{printed_, POLLIN, 0};
        if (::poll(&readable, 1, 0) != 1) return {};
        char bytes[4096];
        const ssize_t n = ::read(printed_, bytes, sizeof bytes);
        if (n <= 0) return {};
        buffer_.append(bytes, static_cast<std::size_t>(n));
    }
}

}  // namespace waypost::interop

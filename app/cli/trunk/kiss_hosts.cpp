// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/kiss_hosts.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>

namespace waypost::cli {
namespace {

constexpr std::size_t kMostUnwritten = 65'536;  // of a program that does not read
constexpr std::size_t kRead = 4096;

// A program at its socket, which does not block.
class SocketEnd final : public HostEnd {
  public:
    explicit SocketEnd(const Poco::Net::StreamSocket& socket) : socket_(socket) {
        socket_.setBlocking(false);
        socket_.setNoDelay(true);
    }
    std::string read(std::size_t most) override {
        std::string bytes(most, '\0');
        int n = -1;
        try {
            n = socket_.receiveBytes(bytes.data(), static_cast<int>(bytes.size()));
            ended_ |= n == 0;
        } catch (const Poco::TimeoutException&) {
        } catch (const Poco::Exception&) {
            ended_ = true;
        }
        bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return bytes;
    }
    bool ended() const override { return ended_; }
    Result<std::size_t> write(std::string_view bytes) override {
        try {
            const int n = socket_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
            return n > 0 ? static_cast<std::size_t>(n) : 0;
        } catch (const Poco::TimeoutException&) {
            return std::size_t{0};
        } catch (const Poco::Exception& e) {
            ended_ = true;
            return Error{Code::Network, e.displayText(), false};
        }
    }
    void close_out() override {}

  private:
    Poco::Net::StreamSocket socket_;
    bool ended_ = false;
};

}  // namespace

KissHosts::KissHosts() = default;
KissHosts::~KissHosts() = default;

Result<std::string> KissHosts::open_terminal(const std::string& link) {
    auto terminal = cli::open_terminal(link);
    if (!terminal.ok()) return terminal.error();
    hosts_.push_back({std::move(terminal->end), kiss::Tnc(0), {}});
    return terminal->path;
}

Result<std::string> KissHosts::listen(const std::string& address) {
    try {
        const Poco::Net::SocketAddress where(address);
        if (!where.host().isLoopback())
            return bad_input(address +
                             " can be reached from outside, and KISS has no password: listen on "
                             "127.0.0.1:PORT, and let others come by ssh -L");
        server_ = std::make_unique<Poco::Net::ServerSocket>(where);
        return server_->address().toString();
    } catch (const Poco::Exception& e) {
        return Error{Code::Network, "cannot listen on " + address + ": " + e.displayText(), false};
    }
}

void KissHosts::accept(std::size_t most_frame) {
    if (!server_ || hosts_.size() >= kMost) return;
    try {
        if (!server_->poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ)) return;
        hosts_.push_back(
            {std::make_unique<SocketEnd>(server_->acceptConnection()), kiss::Tnc(most_frame), {}});
    } catch (const Poco::Exception&) {
        // Who called has gone already.
    }
}

void KissHosts::serve(Host& host, std::size_t most_frame) {
    host.tnc.set_most_frame(most_frame);
    if (!host.tnc.full()) host.tnc.from_host(host.end->read(kRead));
    if (host.unwritten.empty()) return;
    if (const auto n = host.end->write(host.unwritten); n.ok()) host.unwritten.erase(0, *n);
}

void KissHosts::count(const Host& host) {
    gone_.too_long += host.tnc.too_long();
    gone_.dropped += host.tnc.dropped();
    gone_.broken += host.tnc.broken();
}

void KissHosts::run(std::size_t most_frame) {
    accept(most_frame);
    for (Host& host : hosts_) serve(host, most_frame);
    // What somebody said before he left still goes.
    const auto left = [this](Host& host) {
        if (!host.end->ended() || host.tnc.waiting()) return false;
        count(host);
        return true;
    };
    hosts_.erase(std::remove_if(hosts_.begin(), hosts_.end(), left), hosts_.end());
}

std::optional<std::string> KissHosts::next_frame() {
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        Host& host = hosts_[turn_++ % hosts_.size()];
        if (auto frame = host.tnc.next_frame()) return frame;
    }
    return std::nullopt;
}

void KissHosts::heard(const std::string& frame) {
    const std::string bytes = kiss::Tnc::to_host(frame);
    for (Host& host : hosts_)
        if (host.unwritten.size() + bytes.size() <= kMostUnwritten) host.unwritten += bytes;
}

KissHosts::Counts KissHosts::counts() const {
    Counts all = gone_;
    for (const Host& host : hosts_) {
        all.too_long += host.tnc.too_long();
        all.dropped += host.tnc.dropped();
        all.broken += host.tnc.broken();
    }
    return all;
}

}  // namespace waypost::cli

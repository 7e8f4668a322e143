// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/signed_load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <ctime>
#include <optional>
#include <stdexcept>

#include "gateway/message/text.h"
#include "tests/bench/bench.h"

namespace waypost::bench {
namespace {

constexpr std::size_t kAddresses = 500;

std::string address_of(std::size_t number) {
    const std::size_t n = number % kAddresses;
    return "192.0." + std::to_string(n / 250) + '.' + std::to_string(1 + n % 250);
}

class Client {
  public:
    explicit Client(std::string address) : address_(std::move(address)) {}

    // The status; empty body or not, the connection is used again.
    int ask(const std::string& request) {
        for (int tries = 0; tries < 2; ++tries) {
            const bool fresh = !socket_.good();
            if (fresh) connect();
            if (const auto status = answer_to(request)) return *status;
            socket_ = Fd();
            if (fresh) break;  // else the server had closed it meanwhile
        }
        throw std::runtime_error("no answer comes from " + address_);
    }

  private:
    void connect() {
        socket_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(80);
        ::inet_pton(AF_INET, address_.c_str(), &where.sin_addr);
        const int on = 1;
        ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
            throw std::runtime_error("nobody listens at " + address_);
    }
    std::optional<int> answer_to(const std::string& request) {
        if (::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
            return std::nullopt;
        std::string came;
        std::array<char, 8192> bytes;
        for (;;) {
            const ssize_t n = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
            if (n <= 0) return std::nullopt;
            came.append(bytes.data(), static_cast<std::size_t>(n));
            const std::size_t head = came.find("\r\n\r\n");
            if (head == std::string::npos) continue;
            const std::string small = lower_ascii(came.substr(0, head));
            const std::size_t at = small.find("\r\ncontent-length:");
            const std::size_t length = at == small.npos ? 0 : std::stoul(small.substr(at + 17));
            if (came.size() < head + 4 + length) continue;
            if (small.find("\r\nconnection: close") != small.npos) socket_ = Fd();
            return std::stoi(came.substr(9, 3));
        }
    }

    const std::string address_;
    Fd socket_;
};

}  // namespace

std::vector<std::string> signed_requests(const OtherServers& servers,
                                         const std::vector<Post>& posts) {
    std::vector<std::string> requests(posts.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < posts.size(); i = next++) {
            const Post& post = posts[i];
            activitypub::SignedMessage message;
            message.method = "POST";
            message.target = post.target;
            message.headers = {{"host", post.host}, {"content-type", "application/activity+json"}};
            message.body = post.json;
            std::string head =
                "POST " + post.target + " HTTP/1.1\r\nHost: " + post.host +
                "\r\nContent-Type: application/activity+json\r\nX-Forwarded-For: " + address_of(i) +
                "\r\n";
            for (const auto& [name, value] : servers.key_of(post.from.name)
                                                 .sign(message, activitypub::Flavour::Cavage,
                                                       post.from.key_id(), std::time(nullptr)))
                head += name + ": " + value + "\r\n";
            requests[i] = head + "Content-Length: " + std::to_string(post.json.size()) +
                          "\r\n\r\n" + post.json;
        }
    };
    std::thread other(work);
    work();
    other.join();
    return requests;
}

double seconds_to_post(const std::vector<std::string>& requests, const std::string& address,
                       int connections) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::string wrong;
    const auto work = [&] {
        try {
            Client client(address);
            for (std::size_t i = next++; i < requests.size(); i = next++) {
                int status = client.ask(requests[i]);
                // A server comes again, here soon: of senders nobody knows few are asked about at
                // once.
                for (int left = 500; status == 503 && left > 0; --left) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(10));
                    status = client.ask(requests[i]);
                }
                if (status == 202) continue;
                throw std::runtime_error("a POST is answered with " + std::to_string(status));
            }
        } catch (const std::exception& e) {
            next = requests.size();
            const std::lock_guard lock(mutex);
            wrong = e.what();
        }
    };
    const StopWatch watch;
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(connections));
    for (int i = 0; i < connections; ++i) threads.emplace_back(work);
    for (std::thread& each : threads) each.join();
    if (!wrong.empty()) throw std::runtime_error(wrong);
    return watch.seconds();
}

void get_each(const std::vector<std::string>& paths, const std::string& host,
              const std::string& address) {
    Client client(address);
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const int status = client.ask("GET " + paths[i] + " HTTP/1.1\r\nHost: " + host +
                                      "\r\nAccept: application/activity+json\r\nX-Forwarded-For: " +
                                      address_of(i) + "\r\n\r\n");
        if (status != 200)
            throw std::runtime_error(paths[i] + " is answered with " + std::to_string(status));
    }
}

}  // namespace waypost::bench

// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/mqtt/mqtt_client.h"

#include <poll.h>

#include "gateway/base/reconnect_pauses.h"
#include "gateway/io/mqtt/mqtt_handle.h"
#include "gateway/io/mqtt/tcp_probe.h"

namespace waypost::mqtt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kProbe{10};
constexpr seconds kAnswer{20};        // to CONNECT and SUBSCRIBE
constexpr std::size_t kBatch = 5000;  // messages that share a commit
constexpr std::size_t kBatchBytes = 4 << 20;
constexpr int kTurn = 1000;  // ms between two looks at the keep-alive

bool readable(int fd) {
    pollfd wait{fd, POLLIN, 0};
    return ::poll(&wait, 1, 0) > 0;
}

}  // namespace

MqttClient::MqttClient(MqttOptions options, MqttOwner& owner, Random& random)
    : options_(std::move(options)), owner_(owner), random_(random) {}

MqttClient::~MqttClient() { stop(); }

void MqttClient::start() {
    thread_ = std::thread([this] { run(); });
}

void MqttClient::stop() {
    stopping_ = true;
    wake_.ring();
    if (thread_.joinable()) thread_.join();
}

void MqttClient::run() {
    ReconnectPauses pauses(options_.first_pause, random_);
    while (!stopping_) {
        const std::string why = serve();
        const bool was_up = up_.exchange(false);
        give_back_all();
        if (was_up) pauses.went_well();
        if (stopping_) break;
        owner_.mqtt_down(why);
        pollfd wait{wake_.fd(), POLLIN, 0};
        for (auto until = std::chrono::steady_clock::now() + pauses.next(); !stopping_;) {
            const auto left =
                std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
            if (left.count() <= 0) break;
            if (::poll(&wait, 1, static_cast<int>(left.count())) > 0) wake_.clear();
        }
    }
}

std::string MqttClient::serve() {
    wake_.clear();  // what rang before is over; who stops us rings after he said so
    if (stopping_) return {};
    const auto there = probe_tcp(options_.host, options_.port, kProbe, wake_.fd());
    if (!there.ok()) return there.error().text;
    MqttHandle handle(options_);
    if (std::string why = handle.open(); !why.empty()) return why;
    {
        const std::lock_guard lock(mutex_);
        open_ = &handle;
    }
    ++connections_;
    std::string why = loop(handle);
    {
        const std::lock_guard lock(mutex_);
        open_ = nullptr;
    }
    if (stopping_ && why.empty()) handle.goodbye();
    return why;
}

std::string MqttClient::loop(MqttHandle& handle) {
    const auto opened = std::chrono::steady_clock::now();
    while (!stopping_) {
        const short out = handle.wants_write() ? POLLOUT : 0;
        pollfd waits[2] = {{handle.socket(), static_cast<short>(POLLIN | out), 0},
                           {wake_.fd(), POLLIN, 0}};
        ::poll(waits, 2, kTurn);
        if (waits[1].revents != 0) wake_.clear();
        if (waits[0].revents & (POLLIN | POLLHUP | POLLERR)) {
            if (std::string why = take_batch(handle); !why.empty()) return why;
        }
        // Only now do acknowledgements leave.
        while (handle.wants_write()) {
            if (std::string why = handle.write(); !why.empty()) return why;
            pollfd room{handle.socket(), POLLOUT, 0};
            if (::poll(&room, 1, 0) <= 0) break;
        }
        if (std::string why = handle.keep_alive(); !why.empty()) return why;
        answer(handle);
        if (handle.ready && !up_.exchange(true)) owner_.mqtt_up();
        if (!handle.ready && std::chrono::steady_clock::now() - opened > kAnswer)
            return "the broker does not answer";
    }
    return {};
}

// As much as is there, so that many share a commit.
std::string MqttClient::take_batch(MqttHandle& handle) {
    std::string why;
    std::size_t bytes = 0;
    do {
        const std::size_t before = handle.messages.size();
        why = handle.read();
        if (handle.messages.size() > before) bytes += handle.messages.back().payload.size();
    } while (why.empty() && handle.messages.size() < kBatch && bytes < kBatchBytes &&
             readable(handle.socket()));
    too_large_ += std::exchange(handle.too_large, 0);
    answer(handle);
    if (handle.messages.empty()) return why;
    received_ += handle.messages.size();
    if (!owner_.mqtt_messages(std::exchange(handle.messages, {})) && why.empty())
        why = "the store does not take what came";
    return why;
}

void MqttClient::answer(MqttHandle& handle) {
    for (const int id : std::exchange(handle.acknowledged, {})) {
        Done done;
        {
            const std::lock_guard lock(mutex_);
            const auto found = unanswered_.find(id);
            if (found == unanswered_.end()) continue;
            done = std::move(found->second);
            unanswered_.erase(found);
        }
        ++published_;
        if (done) done(true);
    }
}

void MqttClient::give_back_all() {
    std::map<int, Done> lost;
    {
        const std::lock_guard lock(mutex_);
        lost.swap(unanswered_);
    }
    for (auto& [id, done] : lost)
        if (done) done(false);
}

Result<void> MqttClient::publish(const MqttMessage& message, Done done) {
    const std::lock_guard lock(mutex_);
    if (unanswered_.size() >= kMostUnanswered)
        return Error{Code::Busy, "the broker has not answered for what went before", true};
    // Under the lock: the answer may come before the library has said which id it has.
    const auto id = put(message, 1);
    if (!id.ok()) return id.error();
    unanswered_[*id] = std::move(done);
    return {};
}

Result<void> MqttClient::mention(const MqttMessage& message) {
    const std::lock_guard lock(mutex_);
    const auto id = put(message, 0);
    if (!id.ok()) return id.error();
    return {};
}

Result<int> MqttClient::put(const MqttMessage& message, int qos) {
    if (open_ == nullptr || !open_->let_in)
        return Error{Code::Network, "no connection to the broker", true};
    auto id = open_->publish(message, qos);
    if (id.ok()) wake_.ring();
    return id;
}

MqttCounters MqttClient::counters() const {
    return {received_, published_, connections_, too_large_};
}

}  // namespace waypost::mqtt

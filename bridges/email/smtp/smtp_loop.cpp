// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_loop.h"

#include <Poco/Exception.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "gateway/base/log.h"

namespace waypost::email {
namespace {

using namespace std::chrono_literals;

constexpr auto kQuiet = 300s;  // RFC 5321 4.5.3.2.7
constexpr auto kBetweenLooks = 10s;
constexpr auto kLastAnswers = 5s;
constexpr std::uint64_t kTasksId = 0;

}  // namespace

// Work for the loop's thread from any other.
class SmtpLoop::Tasks {
  public:
    using Task = std::function<void()>;

    Tasks() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (event_ < 0) throw std::runtime_error("no event descriptor left");
    }
    Tasks(const Tasks&) = delete;
    Tasks& operator=(const Tasks&) = delete;
    ~Tasks() { ::close(event_); }

    int fd() const { return event_; }

    void post(Task task) {
        bool first = false;
        {
            const std::lock_guard lock(mutex_);
            first = waiting_.empty();
            waiting_.push_back(std::move(task));
        }
        if (first) (void)::eventfd_write(event_, 1);
    }

    std::vector<Task> take() {
        eventfd_t ignored = 0;
        (void)::eventfd_read(event_, &ignored);
        const std::lock_guard lock(mutex_);
        return std::exchange(waiting_, {});
    }

  private:
    int event_;
    std::mutex mutex_;
    std::vector<Task> waiting_;
};

SmtpLoop::SmtpLoop(const Reception& reception, std::function<void()> on_end)
    : reception_(reception),
      on_end_(std::move(on_end)),
      tasks_(std::make_shared<Tasks>()),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kTasksId;
    if (epoll_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, tasks_->fd(), &event) != 0) {
        throw std::runtime_error("no epoll descriptor left");
    }
}

SmtpLoop::~SmtpLoop() {
    stop();
    ::close(epoll_);
}

void SmtpLoop::start() {
    thread_ = std::thread([this] { run(); });
}

void SmtpLoop::take(Poco::Net::StreamSocket peer) {
    ++count_;
    tasks_->post([this, peer = std::move(peer)] { add(peer); });
}

void SmtpLoop::stop() {
    if (!thread_.joinable()) return;
    tasks_->post([this] { begin_stop(); });
    thread_.join();
}

void SmtpLoop::run() {
    std::array<epoll_event, 64> events{};
    now_ = Steady::now();
    while (!stopping_ || (!served_.empty() && now_ < stop_by_)) {
        const int count =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), patience());
        now_ = Steady::now();
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            if (event.data.u64 != kTasksId) {
                ready(event.data.u64, event.events);
            } else {
                for (const Tasks::Task& task : tasks_->take()) task();
            }
        }
        end_quiet();
    }
    served_.clear();
    count_ = 0;
}

// Milliseconds until it is worth looking at who is quiet.
int SmtpLoop::patience() const {
    if (stopping_) return 100;
    return served_.empty() ? -1
                           : static_cast<int>(std::chrono::milliseconds(kBetweenLooks).count());
}

void SmtpLoop::add(const Poco::Net::StreamSocket& peer) {
    const std::uint64_t id = ++last_id_;
    Served& served = served_[id];
    served.heard = now_;
    try {
        served.connection = std::make_unique<SmtpConnection>(
            peer, reception_, [this, id, tasks = tasks_](std::vector<Verdict> verdicts) {
                tasks->post([this, id, verdicts = std::move(verdicts)] { answer(id, verdicts); });
            });
    } catch (const std::exception& e) {  // gone before it was looked at
        log(Level::Debug, "email", "session-lost", {{"why", e.what()}});
        return end(id);
    }
    epoll_event event{};
    event.data.u64 = id;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, served.connection->fd(), &event) != 0) return end(id);
    drive(id, [](SmtpConnection& connection) { return connection.greet(); });
}

void SmtpLoop::ready(std::uint64_t id, std::uint32_t events) {
    const auto found = served_.find(id);
    if (found == served_.end()) return;
    found->second.heard = now_;
    if (!found->second.connection->waits()) {
        return drive(id, [](SmtpConnection& connection) { return connection.on_ready(); });
    }
    // It sends ahead, or has gone, while its mail is with the office.
    if ((events & (EPOLLHUP | EPOLLERR)) != 0) return end(id);
    watch(id, found->second, 0);
}

void SmtpLoop::answer(std::uint64_t id, const std::vector<Verdict>& verdicts) {
    const auto found = served_.find(id);
    if (found == served_.end()) return;
    found->second.heard = now_;
    drive(id, [&](SmtpConnection& connection) { return connection.on_answer(verdicts); });
    if (stopping_) end(id);
}

void SmtpLoop::drive(std::uint64_t id, const std::function<bool(SmtpConnection&)>& work) {
    const auto found = served_.find(id);
    bool goes_on = false;
    try {
        goes_on = work(*found->second.connection);
    } catch (const Poco::Exception& e) {
        log(Level::Debug, "email", "session-lost", {{"why", e.displayText()}});
    } catch (const std::exception& e) {  // one session's, never the gateway's
        log(Level::Error, "email", "session-failed", {{"why", e.what()}});
    }
    if (!goes_on) return end(id);
    watch(id, found->second, found->second.connection->wants());
}

void SmtpLoop::watch(std::uint64_t id, Served& served, std::uint32_t events) {
    if (served.watched == events) return;
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, served.connection->fd(), &event);
    served.watched = events;
}

void SmtpLoop::end(std::uint64_t id) {
    if (served_.erase(id) == 0) return;
    --count_;
    on_end_();
}

void SmtpLoop::end_quiet() {
    if (now_ < look_at_) return;
    look_at_ = now_ + kBetweenLooks;
    std::vector<std::uint64_t> quiet;
    for (const auto& [id, served] : served_) {
        if (now_ - served.heard > kQuiet && !served.connection->waits()) quiet.push_back(id);
    }
    for (const std::uint64_t id : quiet) end(id);
}

void SmtpLoop::begin_stop() {
    stopping_ = true;
    stop_by_ = now_ + kLastAnswers;
    std::vector<std::uint64_t> idle;
    for (const auto& [id, served] : served_) {
        if (!served.connection->waits()) idle.push_back(id);
    }
    for (const std::uint64_t id : idle) end(id);
}

}  // namespace waypost::email

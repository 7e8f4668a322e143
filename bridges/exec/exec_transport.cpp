// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/exec_transport.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>
#include <stdexcept>

#include "gateway/base/log.h"

namespace waypost::exec {
namespace {

constexpr std::size_t kReadAtOnce = 64 * 1024;
constexpr std::size_t kMostUnwritten = 256 * 1024;  // beyond it nothing is read
constexpr int kReach = 0;
constexpr char kStarting[] = "starting";

// What is there; false at its end. `use` gets at most one piece, so that all pipes get their turn.
template <class Use>
bool read_some(int fd, const Use& use) {
    std::array<char, kReadAtOnce> piece;
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    use(std::string_view(piece.data(), static_cast<std::size_t>(got)));
    return true;
}

int milliseconds_to(std::chrono::steady_clock::time_point until) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<long long>(left.count(), 0, 60'000));
}

void ring(const Fd& bell) {
    const std::uint64_t one = 1;
    (void)!::write(bell.get(), &one, sizeof one);
}

// It can be read, by then.
bool is_there(int fd, int wait_ms = 0) {
    pollfd one{fd, POLLIN, 0};
    return ::poll(&one, 1, wait_ms) > 0;
}

}  // namespace

ExecTransport::ExecTransport(TransportId id, ExecOptions options)
    : id_(std::move(id)), options_(std::move(options)), why_(kStarting) {}

ExecTransport::~ExecTransport() { stop(); }

void ExecTransport::start(Office& office) {
    wake_ = std::make_shared<Fd>(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake_->good()) throw std::runtime_error(id_ + ": no descriptor is left");
    SessionOptions session;
    session.id = id_;
    session.scheme = options_.scheme;
    session.hello_within = options_.hello_within;
    session.report_within = options_.report_within;
    session.folder = options_.folder;
    session.originals = options_.originals;
    auto made = std::make_shared<Session>(
        office, session,
        [this](const std::string& line) {
            {
                const std::lock_guard lock(mutex_);
                if (unwritten_.empty()) moved_ = Steady::now();
                unwritten_ += line;
            }
            wake();
        },
        // The office may answer when we are gone.
        [bell = wake_] { ring(*bell); });
    {
        const std::lock_guard lock(mutex_);
        session_ = made;
    }
    thread_ = std::thread([this] { run(); });
}

void ExecTransport::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    if (!thread_.joinable()) return;
    session_->stop();
    wake();
    thread_.join();
}

// Others look on while it starts.
std::shared_ptr<Session> ExecTransport::session() const {
    const std::lock_guard lock(mutex_);
    return session_;
}

void ExecTransport::give_back() {
    if (const auto now = session()) now->give_back();
}

void ExecTransport::deliver(Delivery delivery) { session()->deliver(std::move(delivery)); }

bool ExecTransport::up() const {
    const auto now = session();
    return now && now->up();
}

// Texts go whole: how a long one is divided is the network's affair.
Limits ExecTransport::limits() const {
    const auto now = session();
    Limits limits;
    limits.window = now ? now->window() : 1;
    limits.typed = true;
    limits.originals = true;  // for their files
    return limits;
}

std::optional<int> ExecTransport::reach(const Address& to) const {
    return to.scheme == options_.scheme ? std::optional<int>(kReach) : std::nullopt;
}

Status ExecTransport::status() const {
    Status status;
    std::uint64_t starts = 0;
    {
        const std::lock_guard lock(mutex_);
        status.why = why_;
        starts = starts_;
    }
    const auto now = session();
    if (!now) return status;
    status.up = now->up();
    const Condition condition = now->condition();
    if (status.up || !condition.why.empty()) status.why = condition.why;
    const SessionCounters counted = now->counters();
    const auto number = [](auto value) { return std::to_string(value); };
    status.details = {{"program", options_.command.words.front()},
                      {"started", number(starts) + " times"},
                      {"sent", number(counted.sent)},
                      {"failed", number(counted.failed)},
                      {"repeats", number(counted.repeats)},
                      {"taken", number(counted.taken)},
                      {"refused", number(counted.refused)},
                      {"bad lines", number(counted.bad_lines)},
                      {"waiting", number(counted.waiting)}};
    for (const auto& [name, figure] : condition.metrics) {
        std::ostringstream text;
        text << figure;
        status.details.emplace(name, text.str());
    }
    status.metrics = condition.metrics;
    status.metrics["waiting"] = static_cast<double>(counted.waiting);
    return status;
}

void ExecTransport::wake() { ring(*wake_); }

bool ExecTransport::stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void ExecTransport::say_why(std::string why) {
    const std::lock_guard lock(mutex_);
    why_ = std::move(why);
}

// False: it is to stop.
bool ExecTransport::pause(std::chrono::milliseconds time) {
    const auto until = Steady::now() + time;
    for (;;) {
        if (stopping()) return false;
        if (Steady::now() >= until) return true;
        (void)is_there(wake_->get(), milliseconds_to(until));
        std::uint64_t ignored = 0;
        (void)!::read(wake_->get(), &ignored, sizeof ignored);
    }
}

void ExecTransport::run() {
    auto wait = options_.first_pause;
    std::string logged;
    while (!stopping()) {
        const auto began = Steady::now();
        auto child = Child::start(options_.command);
        const std::string why = child.ok() ? run_once(*child) : child.error().text;
        if (stopping()) return;
        if (Steady::now() - began >= options_.long_run) wait = options_.first_pause;
        const std::string shown =
            why + "; started again in " + std::to_string((wait.count() + 999) / 1000) + " s";
        say_why(shown);
        // Said at each step of the pauses, then only when it is something else.
        if (wait < options_.most_pause || why != logged)
            log(Level::Warning, "exec", "ended", {{"transport", id_}, {"why", shown}});
        logged = why;
        if (!pause(wait)) return;
        wait = std::min(2 * wait, options_.most_pause);
    }
}

std::string ExecTransport::run_once(Child& child) {
    lines_ = LineCutter(kMostLineBytes);
    errors_ = LineCutter(kMostLineBytes);
    {
        const std::lock_guard lock(mutex_);
        unwritten_.clear();
        moved_ = Steady::now();
        why_ = kStarting;
        ++starts_;
    }
    session_->started();
    const std::string fault = serve(child);
    finish(child, !fault.empty());
    const std::string how = child.reap();
    session_->ended();
    return stopping() ? "stopped" : fault.empty() ? how : "its program " + fault;
}

// Until it ends, or has to; then why, or nothing.
std::string ExecTransport::serve(Child& child) {
    while (!stopping()) {
        session_->look_after_files();
        if (auto fault = session_->look()) return *fault;
        if (is_stuck()) return "does not read what is written to it";
        auto until = Steady::now() + std::chrono::minutes(1);
        if (const auto next = session_->next_look()) until = std::min(until, *next);
        {
            const std::lock_guard lock(mutex_);
            if (!unwritten_.empty()) until = std::min(until, moved_ + options_.read_within);
        }
        if (!exchange(child, until)) return {};
    }
    return {};
}

bool ExecTransport::is_stuck() {
    const std::lock_guard lock(mutex_);
    return !unwritten_.empty() && Steady::now() - moved_ >= options_.read_within;
}

// It may say what became of what it has; what hangs is killed.
void ExecTransport::finish(Child& child, bool at_once) {
    if (!at_once && wait_for_end(child, options_.end_within)) return;
    child.close_input();
    child.signal_group(SIGTERM);
    if (wait_for_end(child, options_.term_within)) return;
    child.signal_group(SIGKILL);
}

bool ExecTransport::wait_for_end(Child& child, std::chrono::milliseconds most) {
    const auto until = Steady::now() + most;
    while (Steady::now() < until) {
        if (!has_unwritten()) child.close_input();
        if (!exchange(child, until) && is_there(child.watch(), milliseconds_to(until))) return true;
    }
    return false;
}

// One look at all that may move, not beyond `until`. False: it says no more.
bool ExecTransport::exchange(Child& child, Steady::time_point until) {
    take_lines();
    const bool reads = may_take() && !lines_.has_lines();
    const bool has_ended = is_there(child.watch());
    std::array<pollfd, 5> fds{{{reads ? child.output() : -1, POLLIN, 0},
                               {child.errors(), POLLIN, 0},
                               {has_unwritten() ? child.input() : -1, POLLOUT, 0},
                               {wake_->get(), POLLIN, 0},
                               {has_ended ? -1 : child.watch(), POLLIN, 0}}};
    const int wait = has_ended && reads ? 0 : milliseconds_to(until);
    if (::poll(fds.data(), fds.size(), wait) < 0) return true;
    if (fds[3].revents != 0) {
        std::uint64_t ignored = 0;
        (void)!::read(wake_->get(), &ignored, sizeof ignored);
    }
    if (fds[1].revents != 0) read_errors(child);
    if (fds[2].revents != 0 && !write_lines(child)) child.close_input();
    if (fds[0].revents != 0) read_lines(child);
    // A grandchild may hold the pipe open: what was in it is read, then it is over.
    if (has_ended && reads && fds[0].revents == 0) child.close_output();
    return child.output() >= 0 || lines_.has_lines();
}

bool ExecTransport::has_unwritten() const {
    const std::lock_guard lock(mutex_);
    return !unwritten_.empty();
}

// Of what is not answered yet, or not read by the program, there is a bound.
bool ExecTransport::may_take() const {
    {
        const std::lock_guard lock(mutex_);
        if (unwritten_.size() >= kMostUnwritten) return false;
    }
    return session_->may_read();
}

void ExecTransport::take_lines() {
    while (lines_.has_lines() && may_take()) {
        const auto line = lines_.next();
        line->too_long ? session_->line_too_long() : session_->line(line->text);
    }
}

void ExecTransport::read_lines(Child& child) {
    const bool more =
        read_some(child.output(), [this](std::string_view bytes) { lines_.feed(bytes); });
    take_lines();
    if (!more) child.close_output();
}

void ExecTransport::read_errors(Child& child) {
    const bool more =
        read_some(child.errors(), [this](std::string_view bytes) { errors_.feed(bytes); });
    while (const auto line = errors_.next())
        session_->remark(line->too_long ? "(a very long line)" : line->text);
    if (!more) child.close_errors();
}

// False: it takes no more.
bool ExecTransport::write_lines(Child& child) {
    const std::lock_guard lock(mutex_);
    const auto wrote = ::write(child.input(), unwritten_.data(), unwritten_.size());
    if (wrote < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (wrote <= 0) {
        unwritten_.clear();
        return false;
    }
    unwritten_.erase(0, static_cast<std::size_t>(wrote));
    moved_ = Steady::now();
    return true;
}

}  // namespace waypost::exec

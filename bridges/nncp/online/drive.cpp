// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/drive.h"

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kUnitsInARow = 8;  // sent before it is looked what came
constexpr auto kLongestWait = 500ms;
constexpr auto kProgressEach = 200ms;

class Driver {
  public:
    Driver(Session& session, Line& line) : session_(session), line_(line) {}

    void step(bool last) {
        const auto now = steady_clock::now();
        if (last) session_.hung_up({Code::Refused, "this side was told to stop", true});
        session_.tick(now);
        moved_ = blocked_ = false;
        send(now);
        receive(now);
        if (session_.over() || moved_) return;
        const auto wait = std::chrono::ceil<milliseconds>(session_.next(now) - now);
        line_.wait(session_.wants_input(now), blocked_,
                   std::clamp<milliseconds>(wait, 1ms, kLongestWait));
    }

  private:
    void send(Session::Time now) {
        for (int i = 0; i < kUnitsInARow; ++i) {
            const auto bytes = session_.output(now);
            if (bytes.empty()) return;
            const auto taken = line_.send(bytes);
            if (!taken.ok()) return lost(taken.error(), now);
            session_.sent(*taken, now);
            moved_ |= *taken > 0;
            blocked_ = *taken < bytes.size();
            if (blocked_) return;
        }
    }

    void receive(Session::Time now) {
        if (session_.over() || !session_.wants_input(now)) return;
        const auto came = line_.receive(session_.room());
        if (!came.ok()) return session_.hung_up(came.error());
        if (*came == 0) return;
        session_.received(*came, now);
        moved_ = true;
    }

    // What the other side said before it closed is still there to be read.
    void lost(const Error& why, Session::Time now) {
        while (!session_.over()) {
            const auto came = line_.receive(session_.room());
            if (!came.ok() || *came == 0) break;
            session_.received(*came, now);
        }
        session_.hung_up(why);
    }

    Session& session_;
    Line& line_;
    bool moved_ = false, blocked_ = false;
};

}  // namespace

void drive(Session& session, Line& line, const std::atomic<bool>& stop,
           const std::function<void(const SessionStats&)>& progress) {
    Driver driver(session, line);
    auto shown = steady_clock::now();
    while (!session.over()) {
        driver.step(stop);
        if (!progress) continue;
        const auto now = steady_clock::now();
        if (now - shown < kProgressEach) continue;
        shown = now;
        progress(session.stats());
    }
    if (progress) progress(session.stats());
    if (session.ended_well()) line.close();
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/letter_queue.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace waypost::activitypub {

struct LetterQueue::State {
    State(Office& its_office, Lane its_lane) : office(its_office), lane(std::move(its_lane)) {}

    // The first whose lane nobody is busy with; none: it ends.
    std::optional<Letter> take(std::unique_lock<std::mutex>& lock) {
        std::deque<Letter>::iterator next;
        changed.wait(lock, [&] {
            next = std::find_if(ready.begin(), ready.end(), [&](const Letter& letter) {
                return busy.count(lane(letter.delivery)) == 0;
            });
            return stopping || next != ready.end();
        });
        if (stopping) return std::nullopt;
        Letter letter = std::move(*next);
        ready.erase(next);
        busy.insert(lane(letter.delivery));
        return letter;
    }
    void begun(Letter letter, bool go) {
        {
            const std::lock_guard lock(mutex);
            if (!go) in_hand.erase(letter.delivery.attempt.delivery);
            if (go) ready.push_back(std::move(letter));
        }
        changed.notify_all();
    }

    Office& office;
    const Lane lane;
    std::mutex mutex;  // of all below
    std::condition_variable changed;
    std::deque<Letter> ready;
    std::set<std::string> busy;
    std::map<DeliveryId, AttemptId> in_hand;
    LetterCounters counters;
    bool stopping = false;
};

LetterQueue::LetterQueue(Office& office, int threads, Lane lane, Send send)
    : thread_count_(threads),
      send_(std::move(send)),
      state_(std::make_shared<State>(office, std::move(lane))) {}

LetterQueue::~LetterQueue() { stop(); }

void LetterQueue::start() {
    for (int i = 0; i < thread_count_; ++i) threads_.emplace_back([this] { work(); });
}

void LetterQueue::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->changed.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void LetterQueue::give_back() {
    std::map<DeliveryId, AttemptId> left;
    {
        const std::lock_guard lock(state_->mutex);
        left.swap(state_->in_hand);
        state_->ready.clear();
    }
    for (const auto& [id, attempt] : left)
        state_->office.report(attempt,
                              outcome(Outcome::Kind::NotTried, "stopped", "it was stopped"));
}

void LetterQueue::deliver(Letter letter) {
    const AttemptId attempt = letter.delivery.attempt;
    {
        const std::lock_guard lock(state_->mutex);
        if (!state_->stopping) state_->in_hand[attempt.delivery] = attempt;
    }
    const WireId wire = letter.wire;
    state_->office.begin(attempt, wire,
                         [state = state_, letter = std::move(letter)](bool go) mutable {
                             state->begun(std::move(letter), go);
                         });
}

void LetterQueue::work() {
    State& s = *state_;
    std::unique_lock lock(s.mutex);
    while (const auto letter = s.take(lock)) {
        lock.unlock();
        Outcome became;
        try {
            became = send_(*letter);
        } catch (const std::exception& e) {
            became = outcome(Outcome::Kind::Retry, "local", e.what());
        }
        lock.lock();
        s.busy.erase(s.lane(letter->delivery));
        s.changed.notify_all();
        if (s.stopping && became.kind == Outcome::Kind::Retry) return;
        if (s.in_hand.erase(letter->delivery.attempt.delivery) == 0) continue;
        if (became.kind == Outcome::Kind::Sent) ++s.counters.sent;
        if (became.kind == Outcome::Kind::Failed) ++s.counters.failed;
        lock.unlock();
        s.office.report(letter->delivery.attempt, became);
        lock.lock();
    }
}

LetterCounters LetterQueue::counters() const {
    const std::lock_guard lock(state_->mutex);
    LetterCounters all = state_->counters;
    all.waiting = state_->in_hand.size();
    return all;
}

}  // namespace waypost::activitypub

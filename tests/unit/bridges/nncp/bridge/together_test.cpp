// SPDX-License-Identifier: Apache-2.0
// Many packets are handed to the office before its verdicts are waited for.
#include <condition_variable>
#include <deque>
#include <thread>

#include "two_boxes.h"

namespace waypost::nncp {
namespace {

// Says verdicts in groups, as a store does that commits: when so many wait, or no more come.
class Commits {
  public:
    Commits(std::size_t together, std::function<void()> before)
        : together_(together), before_(std::move(before)), thread_([this] { run(); }) {}
    ~Commits() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        came_.notify_all();
        thread_.join();
    }
    void add(std::function<void()> say) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(say));
        came_.notify_all();
    }
    std::vector<std::size_t> sizes() const {
        const std::lock_guard lock(mutex_);
        return sizes_;
    }

  private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!over_) {
            const std::size_t had = waiting_.size();
            came_.wait_for(lock, std::chrono::milliseconds(200),
                           [&] { return over_ || waiting_.size() >= together_; });
            if (waiting_.empty() || (waiting_.size() < together_ && waiting_.size() != had))
                continue;
            sizes_.push_back(waiting_.size());
            before_();
            for (const auto& say : std::exchange(waiting_, {})) say();
        }
    }
    mutable std::mutex mutex_;
    std::condition_variable came_;
    const std::size_t together_;
    const std::function<void()> before_;
    std::deque<std::function<void()>> waiting_;
    std::vector<std::size_t> sizes_;
    bool over_ = false;
    std::thread thread_;
};

class Together : public TwoBoxes {
  protected:
    void send(const std::string& to, int number, const std::string& more = {},
              const std::string& return_path = "joe@else.test") {
        exec(hill_, dale_, {"sendmail", to + "@dale.example"},
             "Return-Path: <" + return_path + ">\nFrom: Joe <joe@else.test>\nMessage-ID: <j" +
                 std::to_string(number) + "@else.test>\n\nHello\n" + more);
    }
    std::size_t came() const { return dale_.spool->list(hill_.config.self->id, Way::Rx)->size(); }
    // One round of dale.
    std::vector<std::size_t> groups(std::size_t together) {
        carry(hill_, dale_);
        const std::size_t all = came();
        Commits commits(together, [&, all] { left_ = all - came(); });
        dale_.office.later = [&](auto say) { commits.add(std::move(say)); };
        dale_.round();
        dale_.office.later = nullptr;
        return commits.sizes();
    }
    std::size_t left_ = 99;  // packets that were gone before the last commit
};

TEST_F(Together, PacketsShareACommit) {
    for (int i = 0; i < 10; ++i) send("ben", i);
    EXPECT_EQ(groups(10), std::vector<std::size_t>{10});
    EXPECT_EQ(left_, 0u) << "none goes before its verdict";
    EXPECT_EQ(came(), 0u);
    EXPECT_EQ(dale_.office.accepted.size(), 10u);
    EXPECT_EQ(dale_.house->messages(), 10u);
}

TEST_F(Together, EachHasItsOwnEnd) {
    dale_.office.verdict = [](const Address& to) {
        if (to.local_part() == "ben") return Verdict{};
        if (to.local_part() == "full")
            return Verdict{Verdict::Kind::Later, Verdict::Reason::QuotaFull, "no room", 0};
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient, "nobody", 0};
    };
    for (int i = 0; i < 3; ++i) send("ben", i);
    send("full", 3);
    send("bob", 4);
    send("bob", 5, {}, "");  // nobody may be told
    EXPECT_EQ(groups(6), std::vector<std::size_t>{6});
    EXPECT_EQ(came(), 1u) << "what was put off";
    EXPECT_EQ(put_aside(dale_, hill_), 1u) << "what nobody takes and nobody is told of";
    EXPECT_EQ(carry(dale_, hill_), 1u) << "one refusal is told";
    dale_.office.verdict = nullptr;
    dale_.office.time().advance(std::chrono::minutes(1));
    dale_.round();
    EXPECT_EQ(came(), 0u);
}

TEST_F(Together, LittleMemoryIsHeld) {
    constexpr std::size_t kMails = 100;
    const std::string large(60'000, 'x');
    for (std::size_t i = 0; i < kMails; ++i) send("ben", static_cast<int>(i), large);
    const auto sizes = groups(1000);
    EXPECT_GE(sizes.size(), 2u);
    for (const std::size_t size : sizes) EXPECT_LE(size * large.size(), 5'000'000u);
    EXPECT_EQ(dale_.office.accepted.size(), kMails);
    EXPECT_EQ(came(), 0u);
}

}  // namespace
}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
// Where operators' signed commands come to, whatever carried them: mail to care@ by any way, or the
// box's own console. It checks key, box, number and age, has the number on record before anything
// is done, does it on a thread of its own, and answers. A command takes effect at most once; the
// same packet again gives the answer on record.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gateway/care/care_acts.h"
#include "gateway/care/care_record.h"
#include "gateway/delivery/care_door.h"
#include "gateway/delivery/office.h"

namespace waypost {

struct CareKey {  // [care.NAME]
    std::string name;
    care::PublicKey key{};
    std::set<std::string> may;  // verbs
    Address answers_to;         // empty: whoever sent the command
};

class CareDesk final : public CareDoor {
  public:
    using OnAnswer = std::function<void(Result<std::string>)>;
    static constexpr int kRepeatsPerDay = 50;  // answers given again, and refusals on record

    // `office` outlives it.
    CareDesk(GatewayOffice& office, std::unique_ptr<CareActs> acts);
    ~CareDesk() override;

    void use(std::vector<CareKey> keys);  // from now on; any thread
    void start();
    void stop();
    // What was on record and not begun when the gateway ended last is to be done now. By start().
    void take_up_waiting();
    // What start()'s thread does, once: for tests on a given clock.
    void step();

    bool is_open() const override;
    void take(Message message, OnVerdicts on_verdicts) override;
    Result<std::string> run(const std::string& packet, const std::string& way) override;
    // The same without waiting; the callback on another thread, perhaps before this returns.
    void run(const std::string& packet, const std::string& way, OnAnswer on_answer);
    Result<std::vector<CareReport>> reports() override;

  private:
    struct Known {
        care::Packet packet;
        CareKey key;
        CareCommand command;
        Error why_not{};  // of a command that is none
    };
    struct Order {
        Known known;
        std::string way;
        Address reply;      // where no on_answer is
        Message brought{};  // by whom: nothing else of it
        OnAnswer on_answer{};
    };
    // What the transaction says of an order.
    struct Admitted {
        bool fresh = false;  // to be done
        Result<std::string> answer = std::string();
        CareRecord record;
    };
    Result<Known> know(std::string_view bytes);
    Error refuse_unknown(const std::string& why);
    void admit(std::shared_ptr<Order> order, std::function<void(bool, const Admitted&)> admitted);
    Admitted judge(Ledger& ledger, const Order& order) const;
    Result<std::string> age_of(const care::Packet& packet) const;
    struct Job {
        CareRecord record;
        OnAnswer on_answer{};
    };
    void put_on(Job job);
    void do_one();
    void begin(Job job);
    void finish(Job job);
    void answer(Ledger& ledger, const CareRecord& record) const;
    void loop();
    Address reply_address(const Message& message, const CareKey& key) const;

    GatewayOffice& office_;
    const std::unique_ptr<CareActs> acts_;
    mutable std::mutex mutex_;
    std::vector<CareKey> keys_;  // under mutex_, as all of these
    std::deque<Job> jobs_;
    std::size_t refused_ = 0;  // since the last line of the log about that
    store::Ms refused_box_ms_ = 0;
    bool stopping_ = false;
    std::condition_variable more_;
    std::thread thread_;
};

}  // namespace waypost

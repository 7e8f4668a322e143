// SPDX-License-Identifier: Apache-2.0
// The Office as the gateway keeps it: joins the way in (look, take, commit, answer), the record of
// attempts, and what is heard. Threads: any; each method says who runs what in transport.h.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "gateway/custody/intake.h"
#include "gateway/custody/neighbour_mail.h"
#include "gateway/delivery/dispatcher.h"
#include "gateway/delivery/heard_radios.h"
#include "gateway/delivery/office_people.h"
#include "gateway/delivery/sampler.h"
#include "gateway/delivery/time_trust.h"
#include "gateway/delivery/transports.h"
#include "gateway/groups/door.h"

namespace waypost {

class CareDoor;  // care_door.h

class GatewayOffice final : public Office {
  public:
    explicit GatewayOffice(Box& box);
    ~GatewayOffice() override;
    GatewayOffice(const GatewayOffice&) = delete;
    GatewayOffice& operator=(const GatewayOffice&) = delete;

    // Loads people and what waits. Before the first transport starts.
    // `clock_kept`: the machine's clock went on while it was switched off (base/told_clock.h).
    void load(bool clock_kept = true);
    // The dispatcher's and the housekeeper's threads. Transports are started by their owner.
    void start();
    void stop();
    // Everything due on the caller's thread until nothing moves: for tests on a given clock.
    void step();
    // Expiry, retention, remembered clocks: every 20 s, or by a test.
    void keep_house();

    // Runs a job of the console or command line with everything that follows from it. What this
    // thread has to put on record (on_record.h) goes with it, where `made` says yes or is empty.
    Result<void> change(const std::function<void(Ledger&)>& work,
                        const std::function<bool()>& made = {});
    // Without waiting; `on_disk` on the writer's thread, with false if the store failed.
    void submit_change(std::function<void(Ledger&)> work, std::function<void(bool)> on_disk);
    // Likewise, with the job's own answer. An error undoes nothing of what the job did.
    template <class T>
    Result<T> decide(const std::function<Result<T>(Ledger&)>& work) {
        Result<T> answer = Error{Code::Internal, "not done", true};
        const Result<void> stored = change([&](Ledger& ledger) { answer = work(ledger); },
                                           [&answer] { return answer.ok(); });
        if (!stored.ok()) return stored.error();
        return answer;
    }
    // Called each time that the house is kept, and once more when the box time comes that it said
    // last. Set before start(); the house's thread.
    void on_house(std::function<std::optional<store::Ms>()> look) { on_house_ = std::move(look); }
    // Called with every new snapshot of people, before who changed it is answered; what it returns
    // is said until the next one. Set before load(); any thread calls it, perhaps two at once.
    void on_people(std::function<Result<void>()> told) { on_people_ = std::move(told); }
    // Called with what has moved, once that is on disk; any thread. Set before load().
    void on_moved(std::function<void(const std::vector<Moved>&)> told) {
        on_moved_ = std::move(told);
    }
    // Whoever takes what is for care@; null: nobody. Set before the first message, and outlives it.
    void care_by(CareDoor* door) { care_ = door; }
    CareDoor* care() { return care_; }
    std::string people_problem() const;  // of the newest call; empty: none
    // Ends an instance that comes back at once with other settings: what it has in hand may go out
    // for so long, then it stops, and what has no outcome is offered again under its wire id, as
    // after a restart of the gateway. Waits. An error: the store cannot say so, and the instance
    // is stopped.
    Result<void> set_aside(const TransportId& id, std::chrono::milliseconds patience);
    // By the operator, or because the clock was told the time: it counts as right from now on.
    void confirm_time();
    std::string time_doubt() const;
    // Why the store took nothing when it was last asked to; empty: it works.
    std::string store_problem() const;
    bool disk_full();               // below keep_free: nothing new is taken
    std::size_t hoped_for() const;  // recipients for whom something waits until they are heard
    // What is left in the accounts of airtime that were used lately, by network and person.
    std::map<std::string, std::map<std::string, milliseconds>> airtime_accounts() const {
        return dispatcher_.accounts();
    }
    std::optional<BoxTime> pause_ends() const { return dispatcher_.pause_ends(); }
    // Wall time at which something last came in by this transport: a message, a node, a proof; 0:
    // not since the gateway runs.
    store::Ms last_heard(const TransportId& transport) const;
    // How well radios were heard since the gateway runs.
    std::optional<HeardRadio> heard_of(const Address& radio) const {
        return heard_radios_.find(radio);
    }
    Transports& transports() { return transports_; }
    Box& box() { return box_; }

    Verdict check(const Sender& sender, const Address& recipient, std::size_t bytes) override;
    void accept(Message message, OnVerdicts on_verdicts) override;
    std::unique_ptr<BodyWriter> new_body() override;
    Result<std::unique_ptr<std::istream>> open_body(const Body& body) override;
    void begin(AttemptId attempt, WireId wire_id, std::function<void(bool)> on_committed) override;
    void report(AttemptId attempt, Outcome outcome) override;
    void proof(const TransportId& transport, const WireId& wire_id, Proof proof,
               std::function<void(bool)> on_disk = {}) override;
    void retract(const TransportId& transport, MessageId message,
                 std::function<void(bool)> on_disk) override;
    void heard(const TransportId& transport, const Address& node, Heard heard) override;
    void wake(const TransportId& transport) override;
    TransportState& state(const TransportId& transport) override;
    const Clock& clock() const override { return box_.clock; }
    Random& random() override { return box_.random; }
    std::string domain() const override { return box_.settings->domain; }
    std::string village() const override { return box_.settings->village; }
    PeopleView* people() override { return &people_view_; }

  private:
    std::string owner_of(const Message& message, const Directory& people) const;
    bool tells_by_id(const Route& route, const Message& message) const;
    bool is_care(const Address& to) const;
    struct Work;
    void note_refused(const Judged& judged, const Message& message);
    // A job of the office's own, and then what follows from it.
    void submit(std::function<void(Ledger&)> work);
    // One batch of what is due, so that others get their turn between: where `work` says that there
    // is more, `next` submits it.
    void submit(std::function<bool(Ledger&)> work, std::function<void()> next,
                std::function<void(bool)> on_disk = {});
    void follow(const Effects& effects);
    void reload_people();
    bool room_on_disk();
    void find_outage(store::Ms last_wall);
    void remember_clock(bool believed, milliseconds jump);
    bool clock_is_worth_writing();
    void note_store(const Result<void>& stored);
    void expire();
    void end_matters();
    void forget_the_forgotten();
    void tell_the_late();
    void tell_what_waits(const std::string& after);
    void pass_on_posts();
    void keep_groups(store::DigestRow place);
    void take_samples(bool believed);
    void retire();
    void retire_batch();
    void forget_unheard();
    bool room_for_stranger();
    bool closing();
    void wake_recipient(const std::string& network, const std::string& recipient_uri);
    void note_heard(Ledger& ledger, const TransportId& transport, const Address& node,
                    const Heard& heard);
    void tell_outage(const Address& node);
    void note_came(const TransportId& transport);
    void note_place(const Address& node, const Place& place);
    void keep_alarms();
    std::optional<store::Ms> next_call();  // box time at which an alarm or a check-in has to act
    void house_loop();

    static constexpr int kBatch = 200;  // of what keeping house finds, in one transaction

    Box& box_;
    const Groups groups_;
    CareDoor* care_ = nullptr;
    Transports transports_;
    Dispatcher dispatcher_;
    HeardRadios heard_radios_;
    OfficePeople people_view_{*this};
    Sampler sampler_;
    store::Ms sampled_box_ms_ = 0;
    mutable std::mutex mutex_;
    std::map<TransportId, std::unique_ptr<TransportState>> states_;
    std::map<TransportId, store::Ms> came_ms_;  // as last_heard() gives it
    // Network and recipient hoped to be heard -> last woken (box).
    std::map<std::pair<std::string, std::string>, store::Ms> waiting_;
    std::map<std::string, store::Ms> refused_box_ms_;       // neighbour -> last noted, as above
    std::vector<std::pair<AttemptId, Outcome>> unwritten_;  // reports that the disk refused
    std::unique_ptr<TimeTrust> trust_;
    milliseconds jump_owed_{0};  // times on record are to be shifted by it
    std::optional<std::int64_t>
        clock_rows_;                // Writer::changed_rows() when the clock was noted last
    store::Ms clock_noted_ms_ = 0;  // and the box time then
    std::string store_problem_;
    std::function<void(const std::vector<Moved>&)> on_moved_;
    std::function<Result<void>()> on_people_;
    std::function<std::optional<store::Ms>()> on_house_;
    std::optional<store::Ms> house_call_;  // the house's thread only
    std::string people_problem_;
    std::string outage_;                  // "09:00-14:00", told once to each radio that comes back
    std::int64_t outage_told_until_ = 0;  // wall
    std::atomic<store::Ms> disk_looked_{-1};
    std::atomic<bool> disk_room_{true};
    store::Ms retired_box_ms_ = 0;
    store::Ms strangers_since_ = 0;  // box time: the hour in which `strangers_` new ones were heard
    int strangers_ = 0;
    std::condition_variable house_;
    bool stopping_ = false;
    std::thread house_thread_;
};

}  // namespace waypost

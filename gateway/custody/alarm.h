// SPDX-License-Identifier: Apache-2.0
// Alarms on record: who is told of one, again and again until a responder has it; what follows from
// what he, the caller or the time says. All in the writer's transaction. No hold and no limit
// applies to an alarm, only merging, so that a storm of them stays a few packets:
// a person who proves who he is has an alarm of his own; all others share one, which takes
// everybody's call for ten minutes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/ledger.h"

namespace waypost {

// A call for help.
struct Cry {
    Message message;    // `from` and `text` at least
    std::string owner;  // whose items it counts among
    std::string who;    // as responders read it: a handle, or a name and a number
    bool proven = false;
    bool bare = false;  // he said SOS and no more
};

class Alarms {
  public:
    explicit Alarms(Ledger& ledger) : ledger_(ledger) {}

    enum class How {
        Raised,  // a new one
        Added,   // its words were told as part of one that is open
        Merged,  // it is counted with one that is open, nothing more was told
    };
    struct Taken {
        How how = How::Raised;
        store::AlarmRow alarm;
        int item = 0;          // by which its caller speaks of it
        std::size_t told = 0;  // people, now
        bool say_so = true;    // false: he was answered just before
    };
    Taken take(const Cry& cry);

    // Is told after 30 s, by `act`, unless it is called off or taken before.
    store::AlarmId ask(const Cry& cry);
    Taken take_asked(const store::AlarmRow& asked);
    void call_off(store::AlarmRow asked);

    // The alarm that he has open; he may have said all clear of it.
    std::optional<store::AlarmRow> open_of(const std::string& owner, const Address& radio);
    // False: he had said so before, or has none.
    bool all_clear(store::AlarmRow alarm, const Cry& cry);

    // `by`: a handle, or "operator". Its callers are told, the other responders once. False: it is
    // closed already.
    bool acknowledge(store::AlarmRow alarm, const std::string& by, const std::string& words);
    bool close(store::AlarmRow alarm, const std::string& by);

    // What is due by now: repeats, the answer to who was not heard, what was asked, what nobody
    // closed. True: perhaps there is more.
    bool act();

    // The number by which this owner speaks of it; it gets one if it has none.
    int item_of(const store::AlarmRow& alarm, const std::string& owner, bool incoming);

  private:
    std::optional<store::AlarmRow> that_takes(const Cry& cry);
    Taken raise(const Cry& cry);
    Taken add(store::AlarmRow alarm, const Cry& cry);
    bool may_tell_more(store::AlarmRow& alarm);
    bool join(const store::AlarmRow& alarm, const Cry& cry);
    std::vector<std::string> responders(const store::AlarmRow& alarm);
    std::size_t tell(const store::AlarmRow& alarm, bool by_mail);
    void tell_at(const store::AlarmRow& alarm, const std::string& handle, const Address& endpoint,
                 const std::vector<store::DeliveryRow>& before);
    using Words = std::function<std::string(const Catalogue&, int item)>;
    void say_to_responders(const store::AlarmRow& alarm, const std::string& but,
                           const Words& words);
    void say_to_callers(const store::AlarmRow& alarm, const Words& words);
    void act(store::AlarmRow alarm);
    void repeat(store::AlarmRow& alarm);
    void set_aside(store::AlarmRow& alarm);
    store::Tables& tables() { return ledger_.tables(); }
    const Box& box() const { return ledger_.box(); }

    Ledger& ledger_;
};

// Who was told, and whose radio has it: handles. Mail counts as neither.
struct Reached {
    std::vector<std::string> told;
    std::vector<std::string> heard;
};
Reached reached_by(store::Tables& tables, const store::AlarmRow& alarm);

// After how long an alarm without an answer is told again; 0: no more. `passed` since it was
// opened.
std::chrono::milliseconds next_repeat(std::chrono::milliseconds passed);

// "ALARM 7: 3 people of hill told. NOT police"
std::string told_line(const Box& box, const Catalogue& words, int item, std::size_t told);

}  // namespace waypost

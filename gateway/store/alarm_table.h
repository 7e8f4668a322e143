// SPDX-License-Identifier: Apache-2.0
// Alarms, who raised them, and where radios said that they are.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

using AlarmId = std::int64_t;

// Asked: its caller may still call it off, nobody was told. NotClosed: a responder had it, and a
// day later nobody had closed it.
enum class AlarmState {
    Asked = 0,
    Open = 1,
    Acknowledged = 2,
    Closed = 3,
    CalledOff = 4,
    NotClosed = 5
};

const char* to_string(AlarmState state);

struct AlarmRow {
    AlarmId id = 0;
    MessageId message = 0;  // 0 while it is Asked
    AlarmState state = AlarmState::Open;
    bool proven = false;  // its caller is a person of ours, by his key
    std::string owner;    // of who called first
    Address caller;       // his radio
    std::string who;      // as responders read his name
    std::string text;     // his words
    int told = 0;         // people whom something wakes
    int repeats = 0;
    Ms opened_ms = 0;
    Ms opened_box_ms = 0;
    Ms since_box_ms = 0;  // repeats count from here: it was opened, or somebody called again
    // Of the next repeat, of the telling of what was asked, or when what was acknowledged counts as
    // not closed; 0: none.
    Ms next_box_ms = 0;
    Ms unheard_box_ms = 0;  // then its caller is told if no radio has it; 0: done
    int words = 0;          // how often more was told since `words_box_ms`
    Ms words_box_ms = 0;
    std::string acknowledged_by;  // handles, a space between, who had it last at the end
    std::string answer;           // what the last of them said
    Ms acknowledged_ms = 0;       // by the last of them
    Ms cleared_ms = 0;            // its caller said all clear
    std::string closed_by;
    Ms closed_ms = 0;

    // A responder may answer or close it.
    bool lives() const {
        return state == AlarmState::Open || state == AlarmState::Acknowledged ||
               state == AlarmState::NotClosed;
    }
};

// Everybody who called with an alarm, the first one too.
struct AlarmCallerRow {
    AlarmId alarm = 0;
    std::string owner;
    Address radio;
    int place = 0;  // 1: the first
    Ms answered_box_ms = 0;
    Ms cleared_ms = 0;
};

class AlarmTable {
  public:
    explicit AlarmTable(Poco::Data::Session& session);
    ~AlarmTable();
    AlarmId add(AlarmRow row);  // gives the id
    void put(const AlarmRow& row);
    void erase(AlarmId id);
    std::optional<AlarmRow> find(AlarmId id);
    std::optional<AlarmRow> by_message(MessageId message);
    // Newest first.
    std::vector<AlarmRow> proven_of(const std::string& owner, int most);
    std::vector<AlarmRow> unproven(int most);
    std::vector<AlarmRow> list(bool ended_too, int most);
    std::vector<AlarmRow> not_closed(int most);
    // Those with something to do by now, and when the next one has.
    std::vector<AlarmRow> due(Ms box_now, int most);
    std::optional<Ms> next_due();
    // The newest alarm that one of these two names called with.
    std::optional<AlarmRow> of_caller(const std::string& owner, const std::string& radio_uri);

    void put_caller(const AlarmCallerRow& row);
    std::optional<AlarmCallerRow> caller(AlarmId alarm, const std::string& owner);
    std::vector<AlarmCallerRow> callers(AlarmId alarm, int most);  // in the order they came
    int count_callers(AlarmId alarm);
    void forget(MessageId message);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

struct PlaceRow {
    Address radio;
    std::int64_t latitude = 0;   // degrees by ten million
    std::int64_t longitude = 0;  // likewise
    int metres = 0;
    Ms at_ms = 0;
};

// The last place of each radio.
class PlaceTable {
  public:
    explicit PlaceTable(Poco::Data::Session& session);
    ~PlaceTable();
    void put(const PlaceRow& row);
    std::optional<PlaceRow> find(const Address& radio);
    void forget(Ms before);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store

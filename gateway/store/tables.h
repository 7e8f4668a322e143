// SPDX-License-Identifier: Apache-2.0
// One class per table, each a handful of prepared statements on one session. All SQL of the
// gateway is in this folder, and nearly all of it in the .cpp files beside this header.
//
// The writer's Tables live on the writer thread and run inside its transaction; readers have their
// own, on read-only sessions. Methods throw Poco::Data exceptions; see prepared.h.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/alarm_table.h"
#include "gateway/store/check_in_table.h"
#include "gateway/store/code_table.h"
#include "gateway/store/console_table.h"
#include "gateway/store/forgotten_table.h"
#include "gateway/store/group_table.h"
#include "gateway/store/held_table.h"
#include "gateway/store/letter_list.h"
#include "gateway/store/matter_table.h"
#include "gateway/store/neighbour_table.h"
#include "gateway/store/owed_table.h"
#include "gateway/store/post_table.h"
#include "gateway/store/records.h"
#include "gateway/store/sample_table.h"
#include "gateway/store/session.h"
#include "gateway/store/stranger_table.h"
#include "gateway/store/wish_table.h"

namespace waypost::store {

// Numbers for new rows, counted in memory: there is one writer at a time, and no portable way to
// ask a database for the last row id. Loaded by Tables::others_wrote().
struct Ids {
    MessageId message = 0;
    DeliveryId delivery = 0;
};

struct Forgotten {
    MessageId message = 0;
    std::string body_file;  // may be empty
};

class MessageTable {
  public:
    MessageTable(Poco::Data::Session& session, Ids& ids);
    ~MessageTable();
    MessageId insert(const MessageRow& row);  // gives the id; row.id is ignored
    void others_wrote();                      // the highest id is asked for anew
    std::optional<MessageRow> find(MessageId id);
    // Sets the time when the last delivery of a message ended; 0: it lives again.
    void set_ended(MessageId id, Ms at);
    // Messages that ended before `before` lose text, names and body; whose body file nobody needs
    // any more. At most `most` at a time.
    std::vector<Forgotten> forget_ended(Ms before, int most);
    std::vector<std::string> body_files();
    // This stands for all that it said. The file as above.
    std::string replace_text(MessageId id, const std::string& text);
    // Its text and the list of its attachments stay. The file that nobody needs any more, if any.
    std::string drop_body(MessageId id);
    std::vector<MessageId> of_owner(const std::string& owner);  // that he sent
    // Text, names, body and owner go at once; that it was, stays. The file as above.
    std::string forget(MessageId id);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
    Ids& ids_;
};

class DeliveryTable {
  public:
    DeliveryTable(Poco::Data::Session& session, Ids& ids);
    ~DeliveryTable();
    DeliveryId insert(DeliveryRow row);  // Ready in a lane that is busy becomes Queued
    void others_wrote();                 // the highest id is asked for anew
    std::optional<DeliveryRow> find(DeliveryId id);
    std::vector<DeliveryRow> of_message(MessageId message);
    // State to detail, as the row says; Ready while another of its lane moves, or an earlier one
    // waits for its time, becomes Queued, in the row too.
    void update(DeliveryRow& row);

    // The next owner after `after` with something Ready on this network and priority.
    std::optional<std::string> next_owner(const std::string& network, Priority priority,
                                          const std::string& after);
    // The first `most` Ready ids of one owner.
    std::vector<DeliveryId> ready_of(const std::string& network, Priority priority,
                                     const std::string& owner, int most);
    // Whose turns wait on this network of radios at this priority, at most `most`, by name.
    std::vector<TurnRow> turns(const std::string& network, Priority priority, int most);
    std::vector<DeliveryId> ready_of_turn(const std::string& network, Priority priority,
                                          const std::string& turn, int most);
    // What its lane has before it and has not ended, in order.
    std::vector<DeliveryId> before_in_lane(std::int64_t lane, DeliveryId id);
    void set_turn(DeliveryId id, Priority priority, const std::string& turn);
    // Makes the next Queued one of the lane Ready, unless something of it is Ready or Sending.
    std::optional<std::string> advance_lane(std::int64_t lane);
    // Deferred ones whose time has come become Ready; the networks they are on.
    std::vector<std::string> wake_due(Ms box_now);
    std::optional<Ms> next_due();
    // What was tried in vain, or could not be tried, for this recipient on this network becomes
    // Ready at once; how many. What waits for a time of its own goes on waiting.
    std::size_t wake_recipient(const std::string& network, const std::string& recipient_uri,
                               Ms box_now);
    // What waits for the end of this recipient's quiet hours becomes Ready now; how many.
    std::size_t end_quiet(const std::string& network, const std::string& recipient_uri, Ms box_now);
    std::vector<std::string> deferred_recipients(const std::string& network);
    std::vector<DeliveryRow> held_of(const std::string& owner, DeliveryId after, int most);
    std::vector<DeliveryRow> unfinished_to(const std::string& recipient_uri);
    void set_way(DeliveryId id, const std::string& network, std::int64_t lane);
    void set_message(DeliveryId id, MessageId message);  // it carries this one from now on
    Waits waits_of(const std::string& turn, const std::string& network);
    std::vector<DeliveryRow> expired(Ms wall_now, int most);
    // After a restart: Sending becomes Ready with `resume` set. How many.
    std::size_t resume_sending();
    // The same of what this transport has in hand, which was stopped and comes back.
    std::size_t resume_sending(const std::string& transport);
    bool all_ended(MessageId message);
    void forget_names(MessageId message);
    std::vector<MessageId> messages_of(const std::string& owner);  // whose turn or copy it was
    void disown(MessageId message, const std::string& owner);      // what has ended, of his
    void set_item(DeliveryId id, int item);
    // By id; of this network, or empty: of whichever.
    std::vector<DeliveryRow> list(std::optional<State> state, DeliveryId after, int most,
                                  const std::string& network = {});
    std::vector<DeliveryRow> unfinished(DeliveryId after, int most,
                                        const std::string& network = {});
    std::vector<Count> counts();  // of what has not ended

    void begin_attempt(const DeliveryRow& row, Ms now);
    void end_attempt(AttemptId attempt, const std::string& outcome, Ms now);
    // The newest delivery that used this wire id.
    std::optional<DeliveryId> by_wire_id(const std::string& wire_id);
    std::vector<DeliveryId> all_by_wire_id(const std::string& wire_id);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
    Ids& ids_;
};

class EventTable {
  public:
    explicit EventTable(Poco::Data::Session& session);
    ~EventTable();
    void add(const EventRow& row);
    void others_wrote();  // what is kept in memory counts no more
    std::vector<EventRow> of_message(MessageId message);
    void forget_names(MessageId message);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

// Numbers by which a person speaks of messages: small, his own, reused only when long done.
class ItemTable {
  public:
    explicit ItemTable(Poco::Data::Session& session);
    ~ItemTable();
    int add(ItemRow row, Ms reuse_before);  // gives the number
    void others_wrote();                    // what is kept in memory counts no more
    std::optional<ItemRow> find(const std::string& owner, int number);
    std::optional<ItemRow> by_message(const std::string& owner, MessageId message);
    std::vector<ItemRow> all(const std::string& owner);  // the oldest message first
    void clear(const std::string& owner);
    std::vector<ItemRow> newest(const std::string& owner, int most, bool incoming_only);
    void set_done(const std::string& owner, int number, Ms now);
    void forget(MessageId message);                 // nobody can speak of it any more
    void set_sent_done(MessageId message, Ms now);  // its sender's
    void set_all_done(MessageId message, Ms now);
    void set_shown(const std::string& owner, int number, std::int64_t bytes);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

class PeopleTable {
  public:
    explicit PeopleTable(Poco::Data::Session& session);
    ~PeopleTable();
    std::vector<PersonRow> persons();
    std::optional<PersonRow> person(const std::string& handle);
    bool has_person(const std::string& handle);
    void put_person(const PersonRow& row);
    bool remove_person(const std::string& handle);  // with endpoints unbound, contacts gone
    std::vector<EndpointRow> endpoints();
    std::optional<EndpointRow> endpoint(const Address& address);
    void put_endpoint(const EndpointRow& row);
    bool remove_endpoint(const std::string& address_uri);
    std::vector<ContactRow> contacts(const std::string& owner);
    std::optional<ContactRow> contact(const std::string& owner, const Address& address);
    std::optional<ContactRow> by_nick(const std::string& owner, const std::string& nick);
    std::vector<ContactRow> with_address(const Address& address);  // in whoever's book
    void put_contact(const ContactRow& row);
    bool remove_contact(const std::string& owner, const std::string& address_uri);
    // Of everybody's books; of who blocked it only the nickname goes. How many.
    std::size_t forget_contact(const std::string& address_uri);
    void move_owner(const std::string& from, const std::string& to);  // a stranger gets a name
    // A stranger's radio becomes another one of a person who is here: his items stay behind, for
    // the numbers are taken (custody/radios.h).
    void join_owner(const std::string& from, const std::string& to);
    // Contacts with a nickname above `after`, in order.
    std::vector<ContactRow> nicks(const std::string& owner, const std::string& after, int most);
    std::int64_t count_nicks(const std::string& owner, const std::string& after = {});

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

// `written` (Message) comes first and keeps the table in the order of time: what comes now was
// mostly written just now, so its keys lie together, however many older ones there are.
struct DuplicateKey {
    std::int64_t written = 0;
    std::int64_t hash1 = 0;
    std::int64_t hash2 = 0;
};

class StateTable {
  public:
    explicit StateTable(Poco::Data::Session& session);
    ~StateTable();
    std::optional<MessageId> duplicate(const DuplicateKey& key);
    void remember(const DuplicateKey& key, MessageId message, Ms at);
    std::size_t forget_duplicates(Ms before);
    // The wall clock jumped by this much: whatever expires or is forgotten by it moves along, so
    // that each keeps the time it had left.
    void shift_times(Ms by);

    std::int64_t use(const std::string& owner, std::int64_t day,
                     const std::string& what);  // count so far, this one included
    std::int64_t used(const std::string& owner, std::int64_t day, const std::string& what);
    void forget_use(std::int64_t before_day);
    void forget_use_of(const std::string& owner);

    std::optional<std::string> get(const std::string& owner, const std::string& name);
    std::map<std::string, std::string> with_prefix(const std::string& owner,
                                                   const std::string& prefix);
    void put(const std::string& owner, const std::string& name, const std::string& value);
    void erase(const std::string& owner, const std::string& name);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

struct KeptRow {
    MessageId message = 0;
    std::int64_t bytes = 0;
};

// Whose quota the original of a message counts against: one row for each person who has it. The
// original goes when the last row does.
class KeptTable {
  public:
    explicit KeptTable(Poco::Data::Session& session);
    ~KeptTable();
    std::int64_t total(const std::string& owner);  // bytes
    // `asked`: it comes from somebody whose mail this person wants.
    void add(const std::string& owner, MessageId message, std::int64_t bytes, bool asked);
    void remove(const std::string& owner, MessageId message);
    bool has(MessageId message);     // for anybody
    void forget(MessageId message);  // for all

    // What may make room: of messages that have ended, or that wait, unasked, for consent.
    enum class Droppable { Ended, Unasked };
    // Those numbered above `after`, oldest first.
    std::vector<KeptRow> oldest(const std::string& owner, Droppable which, MessageId after,
                                int most);

  private:
    void count(const std::string& owner, std::int64_t bytes);
    struct Statements;
    std::unique_ptr<Statements> s_;
};

struct Tables {
    Tables(Poco::Data::Session& session, Ids& ids)
        : messages(session, ids),
          deliveries(session, ids),
          events(session),
          items(session),
          people(session),
          state(session),
          kept(session),
          codes(session),
          matters(session),
          forgotten(session),
          wishes(session),
          neighbours(session),
          groups(session),
          posts(session),
          alarms(session),
          places(session),
          check_ins(session),
          owed(session),
          held(session),
          strangers(session),
          console(session),
          letters(session),
          samples(session) {}
    // What is in memory counts no more: when the store opens, and at the begin of each transaction
    // where several workers write.
    void others_wrote() {
        messages.others_wrote();
        deliveries.others_wrote();
        events.others_wrote();
        items.others_wrote();
    }
    MessageTable messages;
    DeliveryTable deliveries;
    EventTable events;
    ItemTable items;
    PeopleTable people;
    StateTable state;
    KeptTable kept;
    CodeTable codes;
    MatterTable matters;
    ForgottenTable forgotten;
    WishTable wishes;
    NeighbourTable neighbours;
    GroupTable groups;
    PostTable posts;
    AlarmTable alarms;
    PlaceTable places;
    CheckInTable check_ins;
    OwedTable owed;
    HeldTable held;
    StrangerTable strangers;
    ConsoleTable console;
    LetterList letters;
    SampleTable samples;
};

}  // namespace waypost::store

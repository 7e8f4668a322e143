// SPDX-License-Identifier: Apache-2.0
#include "open_tables.h"

namespace waypost::store {
namespace {

class TablesTest : public OpenTables {
  protected:
    static DeliveryRow delivery(const std::string& owner, std::int64_t lane = 0) {
        DeliveryRow row;
        row.message = 1;
        row.owner = owner;
        row.recipient = *parse_address("bob@example.org");
        row.network = "email";
        row.lane = lane;
        row.expires_ms = 1000;
        return row;
    }
    std::vector<DeliveryId> ready(const std::string& owner) {
        return tables_->deliveries.ready_of("email", Priority::Normal, owner, 10);
    }
};

TEST_F(TablesTest, AMessageComesBackAsItWasStored) {
    MessageRow row;
    row.kind = Kind::Letter;
    row.owner = "ana";
    row.message_id = "<1@hill.example>";
    row.created_ms = 123456789012345;
    Message& m = row.message;
    m.from = *parse_address("meshtastic:!a1b2c3d4");
    m.network = "meshtastic";
    m.origin_id = "0a0b0c0d";
    m.from_name = "Ana \xd0\x96";
    m.subject = "Car 'broke' \"down\"";
    m.text = "at the ford; DROP TABLE messages; \xf0\x9f\x91\x8d";
    m.attachments = {{"photo.jpg", "image/jpeg", 84000}};
    m.references = {"<a@b>", "<c@d>"};
    m.body.bytes = std::string("\0\1\xff raw \r\n", 9);
    m.body.size = 9;
    m.cut = m.verified_sender = true;
    m.privacy = Privacy::ToGateway;
    m.priority = Priority::Urgent;
    const MessageId id = tables_->messages.insert(row);

    const auto got = tables_->messages.find(id);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->message.from, m.from);
    EXPECT_EQ(got->message.from_name, m.from_name);
    EXPECT_EQ(got->message.subject, m.subject);
    EXPECT_EQ(got->message.text, m.text);
    ASSERT_EQ(got->message.attachments.size(), 1u);
    EXPECT_EQ(got->message.attachments[0].bytes, 84000u);
    EXPECT_EQ(got->message.references, m.references);
    EXPECT_EQ(got->message.body.bytes, m.body.bytes);
    EXPECT_TRUE(got->message.cut);
    EXPECT_FALSE(got->message.automatic);
    EXPECT_EQ(got->message.privacy, Privacy::ToGateway);
    EXPECT_EQ(got->created_ms, 123456789012345);
    EXPECT_FALSE(tables_->messages.find(id + 1));
}

TEST_F(TablesTest, TurnsGoRoundBetweenOwners) {
    auto& d = tables_->deliveries;
    const auto a1 = d.insert(delivery("ana"));
    const auto a2 = d.insert(delivery("ana"));
    const auto b1 = d.insert(delivery("ben"));
    EXPECT_EQ(d.next_owner("email", Priority::Normal, ""), "ana");
    EXPECT_EQ(d.next_owner("email", Priority::Normal, "ana"), "ben");
    EXPECT_EQ(d.next_owner("email", Priority::Normal, "ben"), std::nullopt);
    EXPECT_EQ(d.next_owner("xmpp", Priority::Normal, ""), std::nullopt);
    EXPECT_EQ(d.next_owner("email", Priority::Alarm, ""), std::nullopt);
    EXPECT_EQ(ready("ana"), (std::vector<DeliveryId>{a1, a2}));
    EXPECT_EQ(ready("ben"), (std::vector<DeliveryId>{b1}));
}

TEST_F(TablesTest, TurnsOnARadioNetworkAreThoseWhoHaveSomethingReady) {
    auto& d = tables_->deliveries;
    Ms created = 0;
    const auto add = [&](const std::string& turn, std::int64_t lane, State state) {
        DeliveryRow row = delivery("reader", lane);
        row.network = "meshtastic";
        row.turn = turn;
        row.state = state;
        row.created_ms = created += 1000;
        return d.insert(row);
    };
    const DeliveryId first = add("ana", 1, State::Ready);
    add("ana", 2, State::Ready);
    add("carl", 3, State::Ready);
    add("ben", 4, State::Held);
    add("dora", 0, State::Ready);  // in no lane: an alarm, or another network
    add("", 5, State::Ready);      // of the release before
    using Turns = std::vector<TurnRow>;
    EXPECT_EQ(d.turns("meshtastic", Priority::Normal, 10),
              (Turns{{"", 6000}, {"ana", 1000}, {"carl", 3000}}));
    EXPECT_EQ(d.turns("meshtastic", Priority::Normal, 2), (Turns{{"", 6000}, {"ana", 1000}}));
    EXPECT_EQ(d.turns("meshtastic", Priority::Bulk, 10), Turns{});
    EXPECT_EQ(d.ready_of_turn("meshtastic", Priority::Normal, "ana", 1),
              std::vector<DeliveryId>{first});
    EXPECT_EQ(d.find(first)->turn, "ana");
}

TEST_F(TablesTest, OnlyLettersThatWaitForTheAirCountAsWaiting) {
    auto& d = tables_->deliveries;
    Ms created = 0;
    const auto add = [&](std::int64_t lane, State state, const char* code = "") {
        DeliveryRow row = delivery("reader", lane);
        row.network = "meshtastic";
        row.turn = "ana";
        row.item = 1;
        row.state = state;
        row.code = code;
        row.created_ms = created += 1000;
        return d.insert(row);
    };
    EXPECT_EQ(d.waits_of("ana", "meshtastic").count, 0);
    add(1, State::Ready);
    add(1, State::Ready);                // Queued behind it
    add(2, State::Deferred, "airtime");  // looked at, no byte left
    EXPECT_EQ(d.waits_of("ana", "meshtastic").count, 3);
    EXPECT_EQ(d.waits_of("ana", "meshtastic").since_ms, 1000);
    add(3, State::Deferred, "routing 5");  // its radio does not answer
    add(3, State::Ready);                  // Queued behind that
    add(4, State::Sending);
    add(5, State::Delivered);
    add(6, State::Held);
    DeliveryRow answer = delivery("reader", 7);
    answer.network = "meshtastic";
    answer.turn = "ana";
    answer.priority = Priority::Urgent;
    d.insert(answer);
    EXPECT_EQ(d.waits_of("ana", "meshtastic").count, 3);
    EXPECT_EQ(d.waits_of("ben", "meshtastic").count, 0);
    EXPECT_EQ(d.waits_of("ana", "email").count, 0);
}

TEST_F(TablesTest, ADeliveryCarriesAnotherMessage) {
    auto& d = tables_->deliveries;
    const DeliveryId id = d.insert(delivery("ana"));
    d.set_message(id, 77);
    EXPECT_EQ(d.find(id)->message, 77);
    EXPECT_EQ(d.of_message(77).size(), 1u);
}

TEST_F(TablesTest, TheEndOfQuietHoursWakesOneRecipient) {
    auto& d = tables_->deliveries;
    const auto add = [&](const char* to, const char* code) {
        DeliveryRow row = delivery("ana");
        row.recipient = person(to);
        row.state = State::Deferred;
        row.due_box_ms = 5000;
        row.code = code;
        return d.insert(row);
    };
    const DeliveryId quiet = add("ana", "quiet");
    const DeliveryId other = add("ana", "airtime");
    add("ben", "quiet");
    EXPECT_EQ(d.wake_recipient("email", "person:ana", 10), 1u) << "the other one";
    EXPECT_EQ(d.find(quiet)->state, State::Deferred);
    EXPECT_EQ(d.find(other)->state, State::Ready);
    EXPECT_EQ(d.end_quiet("email", "person:ana", 10), 1u);
    EXPECT_EQ(d.find(quiet)->state, State::Ready);
    EXPECT_EQ(d.find(quiet)->code, "");
}

TEST_F(TablesTest, WhatIsOwedIsRememberedForWhoWroteFromARadio) {
    const auto letter = [&](const char* owner, const char* network, Kind kind) {
        MessageRow row;
        row.owner = owner;
        row.kind = kind;
        row.message.network = network;
        return tables_->messages.insert(row);
    };
    OwedTable& owed = tables_->owed;
    const MessageId one = letter("ana", "meshtastic", Kind::Letter);
    const MessageId two = letter("ana", "meshtastic", Kind::Letter);
    for (const MessageId none :
         {letter("ana", "email", Kind::Letter), letter("", "meshtastic", Kind::Letter),
          letter("ana", "meshtastic", Kind::Answer)}) {
        owed.add(none, "meshtastic", 1);
    }
    owed.add(one, "meshtastic", 10);
    owed.add(two, "meshtastic", 20);
    using Messages = std::vector<MessageId>;
    EXPECT_EQ(owed.newest("ana", 10), (Messages{two, one}));
    owed.add(one, "meshtastic", 30);
    EXPECT_EQ(owed.newest("ana", 1), Messages{one}) << "once, with its newest time";
    owed.erase("ana", one);
    EXPECT_EQ(owed.newest("ana", 10), Messages{two});
    owed.forget(two);
    EXPECT_EQ(owed.newest("ana", 10), Messages{});
}

TEST_F(TablesTest, ALaneKeepsItsOrder) {
    auto& d = tables_->deliveries;
    const auto first = d.insert(delivery("ana", 77));
    const auto second = d.insert(delivery("ana", 77));
    const auto other = d.insert(delivery("ana", 78));
    EXPECT_EQ(ready("ana"), (std::vector<DeliveryId>{first, other}));
    EXPECT_EQ(d.advance_lane(77), std::nullopt) << "the head is still Ready";

    auto row = *d.find(first);
    row.state = State::Sent;
    d.update(row);
    EXPECT_EQ(d.advance_lane(77), "email");
    EXPECT_EQ(ready("ana"), (std::vector<DeliveryId>{second, other}));
    EXPECT_EQ(d.advance_lane(77), std::nullopt);
    EXPECT_EQ(d.advance_lane(0), std::nullopt) << "lane 0 is no lane";
}

TEST_F(TablesTest, DeferredOnesWakeByTimeOrByName) {
    auto& d = tables_->deliveries;
    auto row = delivery("ana");
    row.state = State::Deferred;
    row.due_box_ms = 5000;
    d.insert(row);
    row.due_box_ms = 9000;
    row.recipient = person("ana");
    row.attempts = 1;
    d.insert(row);
    EXPECT_EQ(d.next_due(), 5000);
    EXPECT_TRUE(d.wake_due(4999).empty());
    EXPECT_EQ(d.wake_due(5000), (std::vector<std::string>{"email"}));
    EXPECT_EQ(d.next_due(), 9000);
    EXPECT_EQ(d.deferred_recipients("email"), (std::vector<std::string>{"person:ana"}));
    EXPECT_EQ(d.wake_recipient("email", "person:ana", 6000), 1u);
    EXPECT_EQ(d.next_due(), std::nullopt);
    EXPECT_EQ(ready("ana").size(), 2u);
}

TEST_F(TablesTest, OnlyWhatWasTriedOrCouldNotBeIsWokenByItsRecipient) {
    auto& d = tables_->deliveries;
    auto row = delivery("ana");
    row.state = State::Deferred;
    row.recipient = person("ana");
    row.due_box_ms = 9000;
    d.insert(row);  // waits for its own time
    EXPECT_EQ(d.wake_recipient("email", "person:ana", 6000), 0u);
    row.code = "line";
    d.insert(row);
    row.code.clear();
    row.attempts = 1;
    d.insert(row);
    EXPECT_EQ(d.wake_recipient("email", "person:ana", 6000), 2u);
    EXPECT_EQ(d.next_due(), 9000);
}

TEST_F(TablesTest, AttemptsAreFoundByTheirWireIdAndResumeAfterARestart) {
    auto& d = tables_->deliveries;
    const auto id = d.insert(delivery("ana"));
    auto row = *d.find(id);
    row.state = State::Sending;
    row.attempts = 1;
    row.wire_id = "0badcafe";
    row.transport = "meshtastic.roof";
    d.begin_attempt(row, 10);
    d.update(row);
    EXPECT_TRUE(ready("ana").empty());
    EXPECT_EQ(d.by_wire_id("0badcafe"), id);
    EXPECT_EQ(d.by_wire_id("nobody"), std::nullopt);
    EXPECT_EQ(d.resume_sending(), 1u);
    ASSERT_EQ(ready("ana").size(), 1u);
    EXPECT_TRUE(d.find(id)->resume);
    EXPECT_EQ(d.find(id)->wire_id, "0badcafe");
    d.end_attempt({id, 1}, "sent", 20);
}

TEST_F(TablesTest, ExpiryHeldAndCounts) {
    auto& d = tables_->deliveries;
    auto row = delivery("ana");
    row.state = State::Held;
    const auto held = d.insert(row);
    d.insert(delivery("ben"));
    EXPECT_EQ(d.held_of("ana", 0, 5).at(0).id, held);
    EXPECT_EQ(d.expired(1000, 10).size(), 0u);
    EXPECT_EQ(d.expired(1001, 10).size(), 2u);
    EXPECT_EQ(d.counts().size(), 2u);
    EXPECT_EQ(d.list(State::Held, 0, 10).size(), 1u);
    EXPECT_EQ(d.list(std::nullopt, held, 10).size(), 1u);
    EXPECT_FALSE(d.all_ended(1));
}

TEST_F(TablesTest, EventsKeepTheirOrder) {
    for (const char* kind : {"accepted", "ready", "begun", "sent"}) {
        tables_->events.add({9, 3, 55, kind, ProofClass::Reported, "email", "250", "d"});
    }
    const auto events = tables_->events.of_message(9);
    ASSERT_EQ(events.size(), 4u);
    EXPECT_EQ(events[0].kind, "accepted");
    EXPECT_EQ(events[3].kind, "sent");
    EXPECT_EQ(events[3].proof, ProofClass::Reported);
    EXPECT_EQ(events[3].privacy, std::nullopt);
    tables_->events.add({9, 3, 55, "sent", ProofClass::Reported, "", "", "", Privacy::EndToEnd});
    tables_->events.add({9, 3, 55, "sent", ProofClass::Reported, "", "", "", Privacy::Here});
    EXPECT_EQ(tables_->events.of_message(9).at(4).privacy, Privacy::EndToEnd);
    EXPECT_EQ(tables_->events.of_message(9).at(5).privacy, Privacy::Here);
    tables_->events.forget_names(9);
    EXPECT_EQ(tables_->events.of_message(9)[0].detail, "");
}

TEST_F(TablesTest, ItemNumbersStaySmallAndAreReusedOnlyWhenLongDone) {
    ItemRow row;
    row.owner = "ana";
    row.peer = *parse_address("bob@example.org");
    for (int i = 1; i <= 99; ++i) {
        row.message = i;
        row.changed_ms = 100;
        EXPECT_EQ(tables_->items.add(row, 1000), i);
    }
    row.message = 100;
    EXPECT_EQ(tables_->items.add(row, 1000), 100) << "nothing is done: it grows";
    tables_->items.set_done("ana", 5, 200);
    row.message = 101;
    EXPECT_EQ(tables_->items.add(row, 150), 101) << "done, but not long ago";
    row.message = 102;
    EXPECT_EQ(tables_->items.add(row, 1000), 5);
    EXPECT_EQ(tables_->items.find("ana", 5)->message, 102);
    EXPECT_EQ(tables_->items.newest("ana", 1, false).at(0).number, 5);
    EXPECT_EQ(tables_->items.by_message("ana", 102)->number, 5);
    EXPECT_EQ(tables_->items.find("ben", 5), std::nullopt);
    EXPECT_TRUE(tables_->items.newest("ana", 5, true).empty());
}

TEST_F(TablesTest, ItemNumbersFillTheGapsThatRetentionLeaves) {
    ItemRow row;
    row.owner = "ana";
    for (int i = 1; i <= 120; ++i) {
        row.message = i;
        tables_->items.add(row, 0);
    }
    for (int i = 7; i <= 60; ++i) tables_->items.forget(i);
    row.message = 121;
    EXPECT_EQ(tables_->items.add(row, 0), 7);
    row.message = 122;
    EXPECT_EQ(tables_->items.add(row, 0), 8);
    EXPECT_EQ(tables_->items.all("ana").size(), 68u);
    tables_->items.clear("ana");
    EXPECT_EQ(tables_->items.add(row, 0), 1);
}

TEST_F(TablesTest, PeopleEndpointsAndContacts) {
    auto& p = tables_->people;
    p.put_person({"ana", "Ana", "en", "operator", true, false, 1});
    p.put_person({"ana", "Ana B", "es", "operator", true, true, 1, false, "22:00-06:00"});
    EXPECT_EQ(p.persons().at(0).quiet, "22:00-06:00");
    ASSERT_EQ(p.persons().size(), 1u);
    EXPECT_EQ(p.persons()[0].language, "es");
    EXPECT_TRUE(p.persons()[0].paused);
    const Address radio = *parse_address("meshtastic:!a1b2c3d4");
    p.put_endpoint({radio, "ana", "Ana radio", "00ff", "", 5, "meshtastic.roof"});
    ASSERT_EQ(p.endpoints().size(), 1u);
    EXPECT_EQ(p.endpoints()[0].address, radio);
    EXPECT_FALSE(p.endpoints()[0].suspended);
    p.put_endpoint({radio, "ana", "Ana radio", "00ff", "", 5, "meshtastic.roof", true, 77});
    EXPECT_TRUE(p.endpoint(radio)->suspended);
    EXPECT_EQ(p.endpoint(radio)->bound_ms, 77);
    EXPECT_FALSE(p.persons()[0].minor);
    p.put_person({"ana", "Ana B", "es", "operator", true, true, 1, true});
    EXPECT_TRUE(p.persons()[0].minor);

    const Address bob = *parse_address("bob@example.org");
    p.put_contact({radio.uri(), bob, "bob", ContactState::Known, 1});
    EXPECT_EQ(p.by_nick(radio.uri(), "bob")->address, bob);
    EXPECT_EQ(p.by_nick(radio.uri(), ""), std::nullopt);
    p.move_owner(radio.uri(), "ana");
    EXPECT_TRUE(p.contacts(radio.uri()).empty());
    EXPECT_EQ(p.contact("ana", bob)->nick, "bob");
    EXPECT_TRUE(p.remove_contact("ana", bob.uri()));
    EXPECT_TRUE(p.remove_person("ana"));
    EXPECT_FALSE(p.remove_person("ana"));
    EXPECT_EQ(p.endpoints()[0].person, "");
    EXPECT_FALSE(p.endpoints()[0].suspended);
}

TEST_F(TablesTest, StateDuplicatesAndUse) {
    auto& s = tables_->state;
    s.remember({1700000000, -5, 6}, 42, 100);
    EXPECT_EQ(s.duplicate({1700000000, -5, 6}), 42);
    EXPECT_EQ(s.duplicate({1700000000, -5, 7}), std::nullopt);
    EXPECT_EQ(s.duplicate({1700000001, -5, 6}), std::nullopt);
    EXPECT_EQ(s.forget_duplicates(100), 0u);
    EXPECT_EQ(s.forget_duplicates(101), 1u);
    EXPECT_EQ(s.use("ana", 3, "mail"), 1);
    EXPECT_EQ(s.use("ana", 3, "mail"), 2);
    EXPECT_EQ(s.used("ana", 4, "mail"), 0);
    const std::string bytes("\0\xff'x", 4);
    s.put("meshtastic.roof", "ledger", bytes);
    s.put("meshtastic.roof", "ledger", bytes + "2");
    EXPECT_EQ(s.get("meshtastic.roof", "ledger"), bytes + "2");
    s.put("meshtastic.roof", "empty", "");
    EXPECT_EQ(s.get("meshtastic.roof", "empty"), "");
    s.erase("meshtastic.roof", "ledger");
    EXPECT_EQ(s.get("meshtastic.roof", "ledger"), std::nullopt);
}

TEST_F(TablesTest, APrefixOfStateIsTakenByItsBytes) {
    for (const char* name : {"out", "out/", "out/1", "out/B", "out/a \xd0\x96",
                             "out/\xf0\x9f\x91\x8d", "out0", "Out/1", "ou/1", "in/1"})
        tables_->state.put("roof", name, name);
    tables_->state.put("yard", "out/2", "");
    std::vector<std::string> names;
    for (const auto& each : tables_->state.with_prefix("roof", "out/")) names.push_back(each.first);
    EXPECT_EQ(names, (std::vector<std::string>{"out/", "out/1", "out/B", "out/a \xd0\x96",
                                               "out/\xf0\x9f\x91\x8d"}));
    EXPECT_EQ(tables_->state.with_prefix("roof", "").size(), 10u);
}

TEST_F(TablesTest, RetentionForgetsTextAndNamesButNotThatItWas) {
    MessageRow row;
    row.message.text = "secret";
    row.message.body.file = "00aa";
    const auto id = tables_->messages.insert(row);
    tables_->messages.set_ended(id, 500);
    EXPECT_TRUE(tables_->messages.forget_ended(500, 10).empty());
    EXPECT_EQ(tables_->messages.body_files(), (std::vector<std::string>{"00aa"}));
    const auto forgotten = tables_->messages.forget_ended(501, 10);
    ASSERT_EQ(forgotten.size(), 1u);
    EXPECT_EQ(forgotten[0].message, id);
    EXPECT_EQ(forgotten[0].body_file, "00aa");
    EXPECT_EQ(tables_->messages.find(id)->message.text, "");
    EXPECT_TRUE(tables_->messages.body_files().empty());
    EXPECT_TRUE(tables_->messages.forget_ended(501, 10).empty()) << "once is enough";
}

TEST_F(TablesTest, AJumpOfTheClockMovesWhatIsOnRecord) {
    tables_->deliveries.insert(delivery("ana"));  // expires at 1000
    MessageRow row;
    row.message.text = "secret";
    const auto id = tables_->messages.insert(row);
    tables_->messages.set_ended(id, 500);
    tables_->state.shift_times(-700);  // before the beginning of time: it has ended all the same
    EXPECT_EQ(tables_->deliveries.expired(301, 10).size(), 1u);
    tables_->state.shift_times(700);
    EXPECT_EQ(tables_->deliveries.expired(1000, 10).size(), 0u);
    EXPECT_EQ(tables_->deliveries.expired(1001, 10).size(), 1u);
    tables_->messages.forget_ended(700, 10);
    EXPECT_EQ(tables_->messages.find(id)->message.text, "secret");
    tables_->messages.forget_ended(702, 10);
    EXPECT_EQ(tables_->messages.find(id)->message.text, "");
}

TEST_F(TablesTest, WhatIsKeptCountsForEachPersonAndGoesOldestFirst) {
    auto& kept = tables_->kept;
    EXPECT_EQ(kept.total("ana"), 0);
    MessageRow row;
    row.message.text = "see this";
    row.message.body.file = "00aa";
    const auto first = tables_->messages.insert(row);
    const auto second = tables_->messages.insert(row);
    const auto waiting = tables_->messages.insert(row);
    kept.add("ana", first, 300, true);
    kept.add("ana", second, 200, true);
    kept.add("ben", second, 200, true);
    kept.add("ana", waiting, 70, false);
    EXPECT_EQ(kept.total("ana"), 570);
    using Droppable = KeptTable::Droppable;
    EXPECT_TRUE(kept.oldest("ana", Droppable::Ended, 0, 10).empty());
    tables_->messages.set_ended(first, 500);
    tables_->messages.set_ended(second, 400);
    const auto oldest = kept.oldest("ana", Droppable::Ended, 0, 10);
    ASSERT_EQ(oldest.size(), 2u);
    EXPECT_EQ(oldest[0].message, first);
    EXPECT_EQ(oldest[0].bytes, 300);
    EXPECT_EQ(kept.oldest("ana", Droppable::Ended, first, 10).size(), 1u);
    EXPECT_EQ(kept.oldest("ana", Droppable::Ended, 0, 1).size(), 1u);
    EXPECT_TRUE(kept.oldest("ana", Droppable::Unasked, 0, 10).empty());
    DeliveryRow held = delivery("ana");
    held.message = waiting;
    held.state = State::Held;
    tables_->deliveries.insert(held);
    EXPECT_EQ(kept.oldest("ana", Droppable::Unasked, 0, 10).size(), 1u);
    EXPECT_TRUE(kept.oldest("ben", Droppable::Unasked, 0, 10).empty());
    kept.remove("ana", second);
    kept.remove("ana", second);
    EXPECT_EQ(kept.total("ana"), 370);
    EXPECT_TRUE(kept.has(second)) << "ben's";
    tables_->people.move_owner("ben", "cleo");
    EXPECT_EQ(kept.total("cleo"), 200);
    kept.forget(second);
    EXPECT_FALSE(kept.has(second));
    EXPECT_EQ(kept.total("cleo"), 0);
    tables_->people.remove_person("ana");
    EXPECT_EQ(kept.total("ana"), 0);
    EXPECT_EQ(tables_->messages.drop_body(first), "00aa");
    EXPECT_EQ(tables_->messages.drop_body(first), "");
    EXPECT_EQ(tables_->messages.find(first)->message.text, "see this");
}

}  // namespace
}  // namespace waypost::store

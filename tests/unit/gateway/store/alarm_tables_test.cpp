// SPDX-License-Identifier: Apache-2.0
// Alarms and their callers, places, check-ins.
#include "open_tables.h"

namespace waypost::store {
namespace {

class AlarmTables : public OpenTables {};

TEST_F(AlarmTables, AnAlarmComesBackAsItWasStoredAndIsFoundByAllItsNames) {
    auto& alarms = tables_->alarms;
    AlarmRow row;
    row.message = 7;
    row.state = AlarmState::Acknowledged;
    row.proven = true;
    row.owner = "ana";
    row.caller = *parse_address("meshtastic:!0000000a");
    row.who = "ana";
    row.text = "it's \xd0\x96";
    row.told = 3;
    row.repeats = 4;
    row.since_box_ms = 5;
    row.words = 2;
    row.acknowledged_by = "ben carl";
    row.answer = "coming";
    row.acknowledged_ms = row.cleared_ms = row.closed_ms = 123456789012345;
    row.closed_by = "ben";
    const AlarmId id = alarms.add(row);
    const AlarmId other = alarms.add({});
    EXPECT_NE(id, other);
    const auto got = alarms.find(id);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->caller, row.caller);
    EXPECT_EQ(got->text, row.text);
    EXPECT_TRUE(got->proven);
    EXPECT_EQ(got->told, 3);
    EXPECT_EQ(got->repeats, 4);
    EXPECT_EQ(got->words, 2);
    EXPECT_EQ(got->acknowledged_by, "ben carl");
    EXPECT_EQ(got->answer, "coming");
    EXPECT_EQ(got->cleared_ms, 123456789012345);
    EXPECT_EQ(got->closed_by, "ben");
    EXPECT_EQ(alarms.by_message(7)->id, id);
    EXPECT_FALSE(alarms.by_message(0)) << "what was only asked has none";
    EXPECT_EQ(alarms.proven_of("ana", 5).size(), 1u);
    EXPECT_EQ(alarms.unproven(5).at(0).id, other);
    EXPECT_EQ(alarms.list(false, 5).size(), 2u);

    alarms.put_caller({id, "ana", row.caller, 1, 10, 0});
    alarms.put_caller(
        {id, "meshtastic:!0000000d", *parse_address("meshtastic:!0000000d"), 2, 0, 0});
    EXPECT_EQ(alarms.of_caller("dora", "meshtastic:!0000000d")->id, id);
    EXPECT_FALSE(alarms.of_caller("eva", "meshtastic:!0000000e"));
    EXPECT_EQ(alarms.callers(id, 5).at(1).owner, "meshtastic:!0000000d");
    EXPECT_EQ(alarms.callers(id, 1).size(), 1u);
    EXPECT_EQ(alarms.count_callers(id), 2);
    EXPECT_EQ(alarms.caller(id, "ana")->answered_box_ms, 10);
    alarms.forget(7);
    EXPECT_FALSE(alarms.find(id));
    EXPECT_EQ(alarms.count_callers(id), 0);
}

TEST_F(AlarmTables, AnAlarmIsDueAtTheNearerOfItsTwoTimes) {
    auto& alarms = tables_->alarms;
    EXPECT_FALSE(alarms.next_due());
    AlarmRow row;
    row.next_box_ms = 200;
    row.unheard_box_ms = 100;
    row.id = alarms.add(row);
    EXPECT_EQ(alarms.next_due(), 100);
    row.unheard_box_ms = 0;
    alarms.put(row);
    EXPECT_EQ(alarms.next_due(), 200);
    EXPECT_TRUE(alarms.due(199, 5).empty());
    EXPECT_EQ(alarms.due(200, 5).size(), 1u);
    row.next_box_ms = 0;
    alarms.put(row);
    EXPECT_FALSE(alarms.next_due());
}

TEST_F(AlarmTables, PlacesAndCheckInsComeBackAndGo) {
    const Address radio = *parse_address("meshtastic:!0000000a");
    tables_->places.put({radio, -521234567, 1801234567, 30, 50});
    tables_->places.put({radio, -521234568, 1801234567, 2900, 60});
    const auto place = tables_->places.find(radio);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->latitude, -521234568);
    EXPECT_EQ(place->longitude, 1801234567);
    EXPECT_EQ(place->metres, 2900);
    tables_->places.forget(60);
    EXPECT_TRUE(tables_->places.find(radio));
    tables_->places.forget(61);
    EXPECT_FALSE(tables_->places.find(radio));

    auto& checks = tables_->check_ins;
    CheckInRow row{"ana", radio, {*parse_address("mailto:mama@x.org"), person("ben")},
                   3600,  7,     900,
                   800,   true,  1};
    checks.put(row);
    checks.put(row);
    ASSERT_EQ(checks.list().size(), 1u);
    const auto got = checks.find("ana");
    EXPECT_EQ(got->contacts, row.contacts);
    EXPECT_EQ(got->radio, radio);
    EXPECT_EQ(got->after_ms, 3600);
    EXPECT_EQ(got->end_box_ms, 900);
    EXPECT_TRUE(got->asked);
    EXPECT_EQ(got->told, 1);
    EXPECT_EQ(checks.next_due(), 800);
    EXPECT_TRUE(checks.due(799, 5).empty());
    EXPECT_EQ(checks.due(800, 5).size(), 1u);
    EXPECT_TRUE(checks.remove("ana"));
    EXPECT_FALSE(checks.remove("ana"));
}

TEST(Migration, WhatAnOlderReleaseKeptCounts) {
    using namespace Poco::Data::Keywords;
    const auto database = fresh_database();
    Poco::Data::Session session = database->open_writer();
    migrate(session, database->engine(), 3);
    const auto message = [&](int id, const std::string& attachments, const std::string& file) {
        session << "INSERT INTO messages (id, kind, network, transport, origin_id, sender, owner,"
                   " from_name, subject, text, attachments, refs, message_id, answers, flags,"
                   " privacy, priority, created, ended, body_file, body_size) VALUES (" +
                       std::to_string(id) + ", 0, '', '', '', '', '', '', '', '', '" + attachments +
                       "', '', '', 0, 0, 0, 0, 0, 0, '" + file + "', 500)",
            now;
        session << "INSERT INTO deliveries (id, message, owner, recipient, network, lane, state,"
                   " priority, due, expires, first_try, attempts, resume, wire_id, transport, item,"
                   " code, detail, created, changed) VALUES (" +
                       std::to_string(id) + ", " + std::to_string(id) +
                       ", 'ana', '', '', 0, 6, 2, 0, 0, 0, 0, 0, '', '', 0, '', '', 0, 0)",
            now;
    };
    message(1, "[]", "00aa");
    message(2, "", "");    // a text
    message(3, "[]", "");  // retention has been here
    migrate(session, database->engine());
    Ids ids;
    Tables tables(session, ids);
    EXPECT_EQ(tables.kept.total("ana"), 500);
    EXPECT_TRUE(tables.kept.has(1));
    EXPECT_FALSE(tables.kept.has(2));
    EXPECT_FALSE(tables.kept.has(3));
}

TEST(Migration, ARepeatOfWhatAnOlderReleaseTookIsStillKnown) {
    using namespace Poco::Data::Keywords;
    const auto database = fresh_database();
    Poco::Data::Session session = database->open_writer();
    migrate(session, database->engine(), 2);
    session << "INSERT INTO duplicates (hash1, hash2, message, at) VALUES (-5, 6, 42, 100)", now;
    migrate(session, database->engine());
    Ids ids;
    Tables tables(session, ids);
    EXPECT_EQ(tables.state.duplicate({1700000000, -5, 6}), 42);
    EXPECT_EQ(tables.state.duplicate({1700000000, -5, 7}), std::nullopt);
    EXPECT_EQ(tables.state.forget_duplicates(101), 1u);
}

}  // namespace
}  // namespace waypost::store

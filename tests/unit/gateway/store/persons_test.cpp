// SPDX-License-Identifier: Apache-2.0
// Whose radio is whose, what is asked for in a name, and who is forgotten.
#include "open_tables.h"

namespace waypost::store {
namespace {

class PersonTables : public OpenTables {};

TEST_F(PersonTables, CodesMattersAndWhoIsForgotten) {
    tables_->codes.put({"ana", "hash", 500, 7});
    tables_->codes.put({"ana", "other", 600, 8});
    EXPECT_EQ(tables_->codes.find("ana")->hash, "other");
    EXPECT_EQ(tables_->codes.find("ben"), std::nullopt);
    EXPECT_TRUE(tables_->codes.over(599).empty());
    EXPECT_EQ(tables_->codes.over(600).at(0).message, 8);
    tables_->codes.erase("ana");
    EXPECT_EQ(tables_->codes.find("ana"), std::nullopt);

    MatterRow move;
    move.message = 9;
    move.kind = MatterRow::Kind::Move;
    move.handle = "ana";
    move.radio = *parse_address("meshtastic:!a1b2c3d4");
    move.due_box_ms = 1000;
    tables_->matters.put(move);
    move.vouched = {"ben", "eva"};
    tables_->matters.put(move);
    EXPECT_EQ(tables_->matters.find(9)->vouched, move.vouched);
    EXPECT_EQ(tables_->matters.of_handle("ana")->message, 9);
    EXPECT_EQ(tables_->matters.of_radio(move.radio)->handle, "ana");
    EXPECT_TRUE(tables_->matters.due(999).empty());
    EXPECT_EQ(tables_->matters.due(1000).size(), 1u);
    MatterRow name;
    name.message = 10;
    name.handle = "zoe";
    name.radio = *parse_address("meshtastic:!a1b2c3d5");
    tables_->matters.put(name);
    EXPECT_EQ(tables_->matters.due(100000).size(), 1u) << "a name waits for a word";
    EXPECT_EQ(tables_->matters.all().size(), 2u);
    EXPECT_EQ(tables_->matters.count(MatterRow::Kind::Approval), 1);
    MatterRow key;
    key.message = 11;
    key.kind = MatterRow::Kind::Key;
    key.handle = "ana";
    key.radio = *parse_address("meshtastic:!a1b2c3d6");
    key.new_key = "ff";
    tables_->matters.put(key);
    EXPECT_EQ(tables_->matters.find(11)->handle, "ana") << "beside a move of the same name";
    EXPECT_EQ(tables_->matters.find(11)->new_key, "ff");
    EXPECT_EQ(tables_->matters.of_handle("ana")->message, 9);
    EXPECT_EQ(tables_->matters.of_handle(key.radio.uri())->message, 11);
    EXPECT_EQ(tables_->matters.of_radio(key.radio)->message, 11);
    EXPECT_EQ(tables_->matters.find(9)->new_key, "");
    tables_->matters.erase(11);
    tables_->matters.erase(9);
    EXPECT_EQ(tables_->matters.find(9), std::nullopt);

    tables_->forgotten.put({forgotten_hash("ana"), 50, false});
    tables_->forgotten.put({forgotten_hash("ana"), 40, false});
    EXPECT_EQ(tables_->forgotten.find(forgotten_hash("ana"))->at_ms, 50) << "the later one";
    EXPECT_EQ(tables_->forgotten.find(forgotten_hash("ben")), std::nullopt);
    EXPECT_EQ(tables_->forgotten.all().size(), 1u);
}

TEST_F(PersonTables, ASecondRadioOfAPersonBringsWhatItHad) {
    auto& t = *tables_;
    const std::string radio = "meshtastic:!a1b2c3d4";
    const Address bob = *parse_address("bob@example.org");
    const Address eve = *parse_address("eve@example.org");
    t.people.put_contact({"ana", bob, "bob", ContactState::Known, 1});
    t.people.put_contact({radio, bob, "robert", ContactState::Blocked, 1});
    t.people.put_contact({radio, eve, "eve", ContactState::Known, 1});
    t.kept.add("ana", 1, 10, true);
    t.kept.add(radio, 1, 10, true);
    t.kept.add(radio, 2, 5, true);
    t.people.join_owner(radio, "ana");
    EXPECT_EQ(t.people.contact("ana", bob)->nick, "bob") << "hers stays";
    EXPECT_EQ(t.people.contact("ana", eve)->nick, "eve");
    EXPECT_TRUE(t.people.contacts(radio).empty());
    EXPECT_EQ(t.kept.total("ana"), 15);
    EXPECT_EQ(t.kept.total(radio), 0);
    EXPECT_EQ(t.people.count_nicks("ana"), 2);
    EXPECT_EQ(t.people.nicks("ana", "bob", 5).at(0).nick, "eve");
}

TEST_F(PersonTables, WhoIsForgottenLeavesNoNameInWhatHeSent) {
    MessageRow row;
    row.owner = "ana";
    row.message.text = "secret";
    row.message.from = *parse_address("meshtastic:!a1b2c3d4");
    const MessageId id = tables_->messages.insert(row);
    DeliveryRow delivery;
    delivery.message = id;
    delivery.owner = "ana";
    delivery.recipient = *parse_address("bob@example.org");
    delivery.state = State::Sent;
    tables_->deliveries.insert(delivery);
    EXPECT_EQ(tables_->messages.of_owner("ana"), std::vector<MessageId>{id});
    EXPECT_EQ(tables_->deliveries.messages_of("ana"), std::vector<MessageId>{id});
    tables_->messages.forget(id);
    tables_->deliveries.disown(id, "ana");
    tables_->state.use("ana", 3, "mail");
    tables_->state.forget_use_of("ana");
    EXPECT_EQ(tables_->messages.find(id)->message.text, "");
    EXPECT_TRUE(tables_->messages.of_owner("ana").empty());
    EXPECT_TRUE(tables_->deliveries.of_message(id).at(0).recipient.empty());
    EXPECT_TRUE(tables_->deliveries.messages_of("ana").empty());
    EXPECT_EQ(tables_->state.used("ana", 3, "mail"), 0);
}

}  // namespace
}  // namespace waypost::store

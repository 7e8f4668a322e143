// SPDX-License-Identifier: Apache-2.0
// What is held from outside, and radios without a name.
#include "open_tables.h"

namespace waypost::store {
namespace {

class HeldTables : public OpenTables {
  protected:
    DeliveryId hold(const std::string& owner, const std::string& from, Asked asked,
                    const std::string& detail = {}) {
        DeliveryRow row;
        row.message = ++messages_;
        row.owner = row.turn = owner;
        row.recipient = {"person", owner};
        row.state = State::Held;
        row.item = static_cast<int>(messages_);
        row.detail = detail;
        const DeliveryId id = tables_->deliveries.insert(row);
        tables_->held.note(id, from, asked);
        return id;
    }
    void hear(const std::string& radio, Ms at, const std::string& person = {}) {
        EndpointRow row;
        row.address = {"meshtastic", radio};
        row.person = person;
        row.heard_ms = at;
        tables_->people.put_endpoint(row);
    }
    MessageId messages_ = 0;
};

TEST_F(HeldTables, WhoWroteAndWhoseTurnItWasGoWithTheNames) {
    using namespace Poco::Data::Keywords;
    for (const bool all : {true, false}) {
        hold("ana", "mailto:bob@x.org", Asked::NotTold);
        auto row = *tables_->deliveries.of_message(messages_).begin();
        row.state = State::Cancelled;
        tables_->deliveries.update(row);
        if (all) {
            tables_->deliveries.forget_names(messages_);
        } else {
            tables_->deliveries.disown(messages_, "ana");
        }
    }
    std::string left;
    session_ << "SELECT MAX(held_from) || MAX(turn) || MAX(recipient) FROM deliveries", into(left),
        now;
    EXPECT_EQ(left, "");
}

TEST_F(HeldTables, WhoWaitsAndWhoWasTold) {
    auto& held = tables_->held;
    const auto first = hold("ana", "mailto:bob@x.org", Asked::NotTold);
    const auto second = hold("ana", "mailto:eve@x.org", Asked::NotTold);
    hold("ana", "mailto:bob@x.org", Asked::NothingToTell);
    hold("ana", "mailto:bob@x.org", Asked::Yes);
    hold("ana", "mailto:bob@x.org", Asked::NotTold, "held by an operator");
    hold("ben", "mailto:bob@x.org", Asked::NotTold);
    hold("zoe", "mailto:bob@x.org", Asked::NothingToTell);
    EXPECT_EQ(held.from("ana", "mailto:bob@x.org").size(), 3u) << "not what an operator holds";
    EXPECT_EQ(held.from("ana", "mailto:eve@x.org"), std::vector<DeliveryId>{second});
    EXPECT_EQ(held.count_unasked("ana"), 3);
    EXPECT_EQ(held.oldest_unasked("ana"), first);
    EXPECT_EQ(held.next_not_told(""), "ana");
    EXPECT_EQ(held.next_not_told("ana"), "ben");
    EXPECT_EQ(held.next_not_told("ben"), std::nullopt);
    const auto rows = held.not_told("ana", 10);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[1].from, "mailto:eve@x.org");
    EXPECT_EQ(rows[1].item, 2);
    EXPECT_EQ(held.not_told("ana", 1).size(), 1u);
    held.set_told("ana");
    EXPECT_TRUE(held.not_told("ana", 10).empty());
    EXPECT_EQ(held.next_not_told(""), "ben");
    EXPECT_EQ(held.count_unasked("ana"), 3) << "told is not taken";

    auto row = *tables_->deliveries.find(first);
    row.state = State::Cancelled;
    tables_->deliveries.update(row);
    EXPECT_EQ(held.count_unasked("ana"), 2);
    EXPECT_EQ(held.from("ana", "mailto:bob@x.org").size(), 2u);
    EXPECT_EQ(held.oldest_unasked("nobody"), std::nullopt);
}

TEST_F(HeldTables, StrangersAreForgottenByWhenTheyWereHeard) {
    auto& strangers = tables_->strangers;
    for (int i = 1; i <= 5; ++i) hear("!0000000" + std::to_string(i), i * 100);
    hear("!000000aa", 50, "ana");
    const Address bob = *parse_address("bob@x.org");
    tables_->people.put_contact({"meshtastic:!00000001", bob, "", ContactState::Known, 1});
    ItemRow item;
    item.owner = "meshtastic:!00000002";
    tables_->items.add(item, 0);
    EXPECT_EQ(strangers.count(), 5);
    EXPECT_EQ(strangers.heard_after(0), 500);
    EXPECT_EQ(strangers.heard_after(2), 300);
    EXPECT_EQ(strangers.heard_after(5), std::nullopt);
    EXPECT_EQ(strangers.unheard(301, 10),
              (std::vector<std::string>{"meshtastic:!00000001", "meshtastic:!00000003"}))
        << "the second has a message";
    EXPECT_EQ(strangers.unheard(301, 1).size(), 1u);
    strangers.forget("meshtastic:!00000001");
    strangers.forget("meshtastic:!000000aa");
    EXPECT_EQ(strangers.count(), 4);
    EXPECT_TRUE(tables_->people.contacts("meshtastic:!00000001").empty());
    EXPECT_TRUE(tables_->people.endpoint({"meshtastic", "!000000aa"})) << "a person's";
}

}  // namespace
}  // namespace waypost::store

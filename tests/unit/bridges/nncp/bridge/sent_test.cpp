// SPDX-License-Identifier: Apache-2.0
// What was sent is on record before anybody can take it.
#include <filesystem>

#include "two_boxes.h"

namespace waypost::nncp {
namespace {

class Sent : public TwoBoxes {
  protected:
    Sent() {
        hill_.options.acks = {"relay"};
        hill_.options.resend_after = std::chrono::hours(24);
        hill_.open();
    }
    // A packet for Ben is noted, and made unless `dies`; it is not said that it was kept.
    Delivery note_and_crash(bool dies) {
        const Delivery delivery = letter(hill_, "ben@dale.example", "Hello");
        const Node& relay = *hill_.config.find("relay");
        const Parcel parcel =
            exec_parcel(relay, {"sendmail", "ben@dale.example"}, "From: a@hill.example\n\nHello\n");
        const auto before = [&](const auto& named, const auto& made) -> Result<void> {
            SentPacket packet;
            packet.name = name_ = named[0].name;
            packet.inner = named[0].inner;
            packet.first_hop = packet.to = relay.id;
            packet.copies = {{delivery.message_id, delivery.to}};
            const auto noted = hill_.sent->note(packet, made[0].packet.get());
            if (!noted.ok() || dies) return Error{Code::Internal, "killed", true};
            return hill_.sent->sync();
        };
        const auto queued = Outbox(hill_.config, *hill_.spool).send({parcel}, before);
        EXPECT_EQ(queued.ok(), !dies);
        return delivery;
    }
    std::filesystem::path new_link() const {
        return hill_.spool->directory() / "waypost" / "sent" / to_base32(dale_.config.self->id) /
               (to_base32(name_) + ".new");
    }

    Mth name_{};
};

// A session takes a packet as soon as it has its name.
TEST_F(Sent, WhatIsTakenAtOnceIsKnownAsSent) {
    const Delivery delivery = note_and_crash(false);
    EXPECT_EQ(carry(hill_, dale_), 1u);
    dale_.round();
    hill_.sent->keep(name_);
    hill_.open();
    EXPECT_TRUE(hill_.sent->has({delivery.message_id, delivery.to}));
    EXPECT_EQ(carry(hill_, dale_), 0u);
    hill_.office.time().advance(std::chrono::hours(25));
    hill_.round();
    EXPECT_EQ(carry(hill_, dale_), 1u) << "it is kept until its ACK";
}

TEST_F(Sent, WhatIsTakenBeforeACrashIsKnownAsSent) {
    Delivery delivery = note_and_crash(false);
    EXPECT_EQ(carry(hill_, dale_), 1u);
    dale_.round();
    hill_.open();
    EXPECT_EQ(carry(hill_, dale_), 1u) << "it is not known that anybody has it";
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 1u) << "dale knows the name";
    delivery.wire_id = delivery.message_id;
    hill_.sender->carry({delivery});
    EXPECT_EQ(carry(hill_, dale_), 0u) << "no other packet is made";
}

TEST_F(Sent, WhatACrashKeptFromBeingPublishedIsPublishedOnce) {
    Delivery delivery = note_and_crash(true);
    EXPECT_EQ(carry(hill_, dale_), 0u);
    hill_.open();
    delivery.wire_id = delivery.message_id;
    hill_.sender->carry({delivery});
    EXPECT_EQ(carry(hill_, dale_), 1u);
    hill_.open();
    EXPECT_EQ(carry(hill_, dale_), 0u);
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 1u);
}

TEST_F(Sent, WhatAPowerCutLeftOfAPacketIsNotPublished) {
    const Delivery delivery = note_and_crash(true);
    std::filesystem::resize_file(new_link(), 100);
    hill_.open();
    EXPECT_FALSE(hill_.sent->has({delivery.message_id, delivery.to}));
    EXPECT_EQ(carry(hill_, dale_), 0u);
    EXPECT_FALSE(std::filesystem::exists(new_link()));
}

}  // namespace
}  // namespace waypost::nncp

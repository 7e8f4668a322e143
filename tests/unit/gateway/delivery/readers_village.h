// SPDX-License-Identifier: Apache-2.0
// A village with a network of readers: letters and posts to accounts of social servers.
#pragma once

#include "group_village.h"

namespace waypost {

class ReadersVillage : public GroupVillage {
  protected:
    ReadersVillage() {
        world_->takes_back = true;
        join_world();
    }
    void join_world() {
        box_->router.carries("acct", "activitypub", false);
        if (world_->takes_back) box_->router.can_take_back("activitypub.main");
        world_->start(*office_);
        office_->transports().add(world_);
    }
    // As after a kill: what was in the transport's hands is nobody's.
    void begin_again() {
        close();
        open();
        join_world();
    }
    Message note(const std::string& from, const Address& to, const std::string& text) {
        Message message;
        message.from = {"acct", from};
        message.to = {to};
        message.network = "activitypub";
        message.transport = "activitypub.main";
        message.origin_id = "https://x/" + std::to_string(++notes_);
        message.text = text;
        message.verified_sender = true;
        return message;
    }
    // The next attempts end so.
    void next(Outcome::Kind kind, const std::string& code) {
        world_->outcomes.push_back({kind, ProofClass::Reported, code, {}, {}, {}});
    }
    // Wishes that something is deleted.
    std::vector<Delivery> wishes() const {
        std::vector<Delivery> all;
        for (const Delivery& d : world_->sent)
            if (!d.takes_back.empty()) all.push_back(d);
        return all;
    }

    std::shared_ptr<FakeTransport> world_ = std::make_shared<FakeTransport>(
        "activitypub.main", "activitypub", "acct", Limits{0, 10, false});
    int notes_ = 0;
};

}  // namespace waypost

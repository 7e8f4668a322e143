// SPDX-License-Identifier: Apache-2.0
// The quota for attachments: a text is always taken, and room is made by what is oldest.
#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/delivery/desk.h"
#include "village.h"

namespace waypost {
namespace {

constexpr std::size_t kQuota = 1'000'000;

class KeptTest : public Village {
  protected:
    KeptTest() {
        close();
        settings_.attachment_quota_bytes = kQuota;
        open();
        name("ana", kAna);
        name("ben", kBen);
    }

    // A mail with a photo, `bytes` in all, in a file of the store's as large ones are.
    std::vector<Verdict> photo(std::size_t bytes, std::vector<std::string> to,
                               const std::string& from = "mailto:bob@x.org") {
        Message message;
        for (const std::string& each : to) message.to.push_back(*parse_address(each));
        message.from = *parse_address(from);
        message.network = "email";
        message.transport = "email";
        message.origin_id = "<" + std::to_string(++mails_) + "@x.org>";
        message.text = "see this";
        message.attachments = {{"ford.jpg", "image/jpeg", bytes - 100}};
        message.verified_sender = true;
        auto body = office_->new_body();
        EXPECT_TRUE(body->write(std::string(bytes, 'x')).ok());
        message.body = *body->finish();
        std::vector<Verdict> verdicts;
        office_->accept(message, [&](const std::vector<Verdict>& v) { verdicts = v; });
        settle();
        return verdicts;
    }
    MessageId photo_to_ana(std::size_t bytes, const std::string& from = "mailto:bob@x.org") {
        const auto verdicts = photo(bytes, {"mailto:ana@hill.example"}, from);
        EXPECT_TRUE(verdicts.at(0).kept()) << verdicts.at(0).text;
        return verdicts.at(0).message;
    }
    // Ana wants bob's mail, and what he sends to her radio has ended when it is sent.
    void admit_bob() {
        ASSERT_TRUE(ask([](Desk& desk) {
                        auto put = desk.put_contact("ana", "mailto:bob@x.org", "bob",
                                                    store::ContactState::Known);
                        if (!put.ok()) return put;
                        return desk.put_contact("ben", "mailto:bob@x.org", "bob",
                                                store::ContactState::Known);
                    }).ok());
    }
    AttachmentList attachments(MessageId id) { return *Desk(*office_).attachments(id); }
    bool was_dropped(MessageId id) {
        const auto events = events_of(id);
        return std::find(events.begin(), events.end(), "dropped") != events.end();
    }
    std::size_t files() const {
        const std::filesystem::directory_iterator all(folder_ + "/bodies");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
    std::int64_t total(const std::string& owner) {
        return *store_->read([&](store::Tables& t) { return t.kept.total(owner); });
    }
};

TEST_F(KeptTest, TheOldestMakeRoomAndTheirTextAndListStay) {
    admit_bob();
    const MessageId first = photo_to_ana(400'000);
    const MessageId second = photo_to_ana(400'000);
    ASSERT_EQ(state_of(first), State::Sent);
    EXPECT_EQ(total("ana"), 800'000);
    const MessageId third = photo_to_ana(500'000);
    EXPECT_TRUE(was_dropped(first));
    EXPECT_FALSE(was_dropped(second)) << "no more than is needed";
    const auto gone = attachments(first);
    EXPECT_FALSE(gone.kept);
    EXPECT_NE(gone.why_not.find("dropped for room"), std::string::npos) << gone.why_not;
    EXPECT_EQ(gone.all.at(0).name, "ford.jpg");
    EXPECT_EQ(gone.all.at(0).bytes, 399'900u);
    EXPECT_TRUE(attachments(second).kept);
    EXPECT_TRUE(attachments(third).kept);
    EXPECT_EQ(total("ana"), 900'000);
    EXPECT_EQ(files(), 2u) << "the file went with the commit";
    const auto row = store_->read([&](store::Tables& t) { return t.messages.find(first); });
    EXPECT_EQ((*row)->message.text, "see this");
}

TEST_F(KeptTest, OnlyAMailLargerThanTheWholeQuotaIsRefusedInWords) {
    const auto verdicts = photo(kQuota + 1, {"mailto:ana@hill.example"});
    EXPECT_EQ(verdicts.at(0).kind, Verdict::Kind::Refused);
    EXPECT_EQ(verdicts.at(0).reason, Verdict::Reason::TooLarge);
    EXPECT_NE(verdicts.at(0).text.find("kept here for one person"), std::string::npos);
    EXPECT_EQ(files(), 0u);
    photo_to_ana(kQuota);
    EXPECT_EQ(mail("mailto:bob@x.org", "mailto:ana@hill.example", "words alone", "<w@x>").kind,
              Verdict::Kind::Accepted);
}

TEST_F(KeptTest, WhereNothingMayGoTheTextIsTakenWithoutItsAttachments) {
    admit_bob();
    radio_->answer_by_itself = false;  // nothing ends
    const MessageId first = photo_to_ana(700'000);
    const MessageId second = photo_to_ana(700'000);
    EXPECT_FALSE(was_dropped(first)) << "it is still on its way";
    EXPECT_TRUE(attachments(first).kept);
    EXPECT_TRUE(was_dropped(second));
    EXPECT_FALSE(attachments(second).kept);
    EXPECT_EQ(total("ana"), 700'000);
    EXPECT_EQ(files(), 1u);
}

TEST_F(KeptTest, WhatNobodyAskedForMakesRoomForWhatIsWantedNeverTheOtherWay) {
    admit_bob();
    const MessageId wanted = photo_to_ana(600'000);
    const MessageId unasked = photo_to_ana(600'000, "mailto:mallory@y.org");
    ASSERT_EQ(state_of(unasked), State::Held);
    EXPECT_TRUE(attachments(wanted).kept);
    EXPECT_FALSE(attachments(unasked).kept);
    const MessageId small = photo_to_ana(300'000, "mailto:mallory@y.org");
    EXPECT_TRUE(attachments(small).kept) << "it has room";
    radio_->answer_by_itself = false;
    const MessageId next = photo_to_ana(400'000);
    EXPECT_FALSE(attachments(wanted).kept) << "what has ended goes first";
    EXPECT_TRUE(attachments(small).kept);
    const MessageId last = photo_to_ana(500'000);
    EXPECT_FALSE(attachments(small).kept);
    EXPECT_TRUE(attachments(next).kept);
    EXPECT_TRUE(attachments(last).kept);
}

TEST_F(KeptTest, SeveralRecipientsShareOneFileUntilTheLastLetsGo) {
    admit_bob();
    const auto both = photo(600'000, {"mailto:ana@hill.example", "mailto:ben@hill.example"});
    const MessageId shared = both.at(0).message;
    EXPECT_EQ(files(), 1u);
    EXPECT_EQ(total("ana"), 600'000);
    EXPECT_EQ(total("ben"), 600'000);
    photo_to_ana(600'000);
    EXPECT_EQ(total("ana"), 600'000);
    EXPECT_TRUE(attachments(shared).kept) << "ben has it still";
    photo(600'000, {"mailto:ben@hill.example"});
    EXPECT_FALSE(attachments(shared).kept);
    EXPECT_EQ(files(), 2u);
}

TEST_F(KeptTest, WhatHasToBePassedOnWholeIsToldToComeAgain) {
    relay_->answer_by_itself = false;
    const auto send = [&](std::size_t bytes) {
        Message message = letter("ana@hill.example", "bob@x.org", {});
        message.submitted = message.trusted = true;
        message.attachments = {{"a.jpg", "image/jpeg", bytes}};
        message.body.bytes = std::string(bytes, 'x');
        message.body.size = bytes;
        return hand(message);
    };
    EXPECT_EQ(send(600'000).kind, Verdict::Kind::Accepted);
    const Verdict later = send(600'000);
    EXPECT_EQ(later.kind, Verdict::Kind::Later) << "its sender still has it whole";
    EXPECT_EQ(later.reason, Verdict::Reason::QuotaFull);
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent.at(0).body.size, 600'000u);
    EXPECT_EQ(relay_->sent.at(0).body_network, "email");
}

TEST_F(KeptTest, RetentionGivesTheRoomBack) {
    admit_bob();
    photo_to_ana(400'000);
    pass(settings_.retention + std::chrono::hours(2));
    EXPECT_EQ(total("ana"), 0);
    EXPECT_EQ(files(), 0u);
}

TEST_F(KeptTest, AStrangersAttachmentsCountForTheNameHeTakes) {
    hear(kCarl);
    EXPECT_TRUE(photo(300'000, {"mailto:0000000c@hill.example"}).at(0).kept());
    EXPECT_EQ(total("meshtastic:!0000000c"), 300'000);
    dm(kCarl, "name cleo");
    dm(kCarl, "1");
    EXPECT_EQ(total("cleo"), 300'000);
    EXPECT_EQ(total("meshtastic:!0000000c"), 0);
}

TEST_F(KeptTest, ACourierTakesTheOriginalWhole) {
    close();
    auto courier =
        std::make_shared<FakeTransport>("nncp.usb", "nncp", "nncp", Limits{0, 10, false, true});
    open();
    box_->router.carries("nncp", "nncp", false);
    courier->start(*office_);
    office_->transports().add(courier);
    EXPECT_TRUE(photo(300'000, {"nncp:upstream"}).at(0).kind == Verdict::Kind::Refused)
        << "not for strangers";
    Message message = letter("ana@hill.example", "nncp:upstream", {});
    message.trusted = message.submitted = true;
    message.attachments = {{"a.jpg", "image/jpeg", 9000}};
    message.body.bytes = std::string(9000, 'x');
    message.body.size = 9000;
    EXPECT_TRUE(hand(message).kept());
    ASSERT_EQ(courier->sent.size(), 1u);
    EXPECT_EQ(courier->sent.at(0).body.bytes.size(), 9000u);
    EXPECT_EQ(courier->sent.at(0).body_network, "email");
}

}  // namespace
}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// What other transports have carried over a link, whatever happens to either box.
#include "radio/trunk/transport/freight.h"

#include "tests/unit/radio/trunk/transport/two_posts.h"

namespace waypost::trunk {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Verdict = ParcelVerdict;

// Outlives the box, as a spool does.
struct FakeOwner : ParcelOwner {
    void next(const TransportId&, std::set<std::string> in_hand, OnNext on_next) override {
        ++asked;
        for (const Parcel& each : queue)
            if (in_hand.count(each.name) == 0) return on_next(each);
        on_next(std::nullopt);
    }
    void delivered(const TransportId&, const std::string& name, OnNoted on_noted) override {
        if (busy) return on_noted(false);
        std::erase_if(queue, [&](const Parcel& each) { return each.name == name; });
        gone.push_back(name);
        on_noted(true);
    }
    void cannot_go(const TransportId&, const std::string& name, const std::string& why,
                   OnNoted on_noted) override {
        std::erase_if(queue, [&](const Parcel& each) { return each.name == name; });
        failed.push_back(name + ": " + why);
        on_noted(true);
    }
    void came(const TransportId&, std::string bytes, OnVerdict on_verdict) override {
        const Verdict verdict = judge ? judge(bytes) : Verdict{};
        arrivals.push_back(std::move(bytes));
        on_verdict(verdict);
    }

    using Parcel = waypost::Parcel;
    std::vector<Parcel> queue;
    std::function<Verdict(const std::string&)> judge;
    bool busy = false;
    int asked = 0;
    std::vector<std::string> gone, failed, arrivals;
};

class TwoFreights : public TwoPosts {
  protected:
    TwoFreights() {
        for (PostBox* box : {hill_.get(), dale_.get()})
            box->desk.serve("trunk.other", box == hill_.get() ? hills_ : dales_);
        run(std::chrono::minutes(1));
    }
    std::string packet(std::size_t bytes, char letter = 'p') const {
        return std::string(bytes, letter);
    }
    const std::shared_ptr<FakeOwner> hills_ = std::make_shared<FakeOwner>();
    const std::shared_ptr<FakeOwner> dales_ = std::make_shared<FakeOwner>();
};

TEST_F(TwoFreights, AParcelComesOutAsItWasAndLeavesItsOwnerOnceItIsThere) {
    hills_->queue = {{"one", packet(1200), 96}};
    run();
    EXPECT_THAT(dales_->arrivals, ElementsAre(packet(1200)));
    EXPECT_THAT(hills_->gone, ElementsAre("one"));
    EXPECT_THAT(hills_->failed, IsEmpty());
    EXPECT_EQ(hill_->post().freight().waiting(), 0u);
    EXPECT_TRUE(hill_->office.disk().with_prefix("freight/").empty());
}

TEST_F(TwoFreights, WhatIsLeisurelyGoesBehindMessages) {
    hills_->queue = {{"bulk", packet(20'000), 224}};
    run(std::chrono::seconds(10));
    ASSERT_THAT(hills_->gone, IsEmpty());
    hill_->post().deliver(letter("ben@dale.example", "Is the ford open?"));
    run(std::chrono::seconds(15));
    EXPECT_THAT(dale_->office.accepted, SizeIs(1)) << "between its fragments";
    EXPECT_THAT(hills_->gone, IsEmpty());
    run();
    EXPECT_THAT(hills_->gone, ElementsAre("bulk"));
}

TEST_F(TwoFreights, WhatIsPutOffStaysWithItsOwner) {
    dales_->judge = [](const std::string&) { return Verdict{Verdict::Kind::Later, {}}; };
    hills_->queue = {{"one", packet(600), 96}};
    run(std::chrono::minutes(5));
    EXPECT_GT(dales_->arrivals.size(), 1u) << "its owner is asked again";
    EXPECT_THAT(hills_->gone, IsEmpty());
    dales_->judge = nullptr;
    run();
    EXPECT_THAT(hills_->gone, ElementsAre("one"));
}

TEST_F(TwoFreights, WhatIsRefusedIsNeverTakenForDelivered) {
    dales_->judge = [](const std::string&) {
        return Verdict{Verdict::Kind::Refused, "unknown node"};
    };
    hills_->queue = {{"one", packet(600), 96}};
    run();
    EXPECT_THAT(hills_->gone, IsEmpty());
    EXPECT_THAT(hills_->failed, ElementsAre("one: unknown node"));
    hill_->post().deliver(letter("ben@dale.example", "And now?"));
    run();
    EXPECT_THAT(dale_->office.accepted, SizeIs(1)) << "the link goes on";
}

TEST_F(TwoFreights, ALockThatIsBusyIsAskedForAgain) {
    hills_->busy = true;
    hills_->queue = {{"one", packet(600), 96}};
    run(std::chrono::minutes(3));
    EXPECT_THAT(dales_->arrivals, SizeIs(1));
    EXPECT_THAT(hills_->gone, IsEmpty());
    hill_->open(now_);
    run(std::chrono::minutes(3));
    hills_->busy = false;
    run();
    EXPECT_THAT(hills_->gone, ElementsAre("one"));
    EXPECT_THAT(dales_->arrivals, SizeIs(1)) << "nothing went twice";
}

TEST_F(TwoFreights, WhereNobodyTakesParcelsNoneGoes) {
    dale_->desk.withdraw(dales_);
    run();
    hills_->queue = {{"one", packet(600), 96}};
    const std::size_t before = channel_->bytes();
    run();
    EXPECT_EQ(channel_->bytes(), before);
    EXPECT_THAT(hills_->gone, IsEmpty());
    dale_->desk.serve("trunk.other", dales_);
    run();
    EXPECT_THAT(hills_->gone, ElementsAre("one"));
}

TEST_F(TwoFreights, AServiceThatForbidsThemCarriesNone) {
    dale_->parcels = false;
    dale_->open(now_);
    run(std::chrono::minutes(1));
    const int before = dales_->asked;
    hills_->queue = {{"one", packet(600), 96}};
    dales_->queue = {{"two", packet(600), 96}};
    run();
    EXPECT_THAT(hills_->gone, IsEmpty());
    EXPECT_THAT(dales_->gone, IsEmpty());
    EXPECT_THAT(dales_->arrivals, IsEmpty());
    EXPECT_EQ(dales_->asked, before) << "nobody is asked any more";
}

TEST_F(TwoFreights, OneUnderWayToABoxThatForbidsThemFromNowOnIsRefused) {
    hills_->queue = {{"one", packet(20'000), 96}};
    run(std::chrono::seconds(10));
    dale_->parcels = false;
    dale_->open(now_);
    run();
    EXPECT_THAT(hills_->gone, IsEmpty());
    EXPECT_THAT(hills_->failed, ElementsAre("one: no parcels on this link"));
}

TEST_F(TwoFreights, WhatIsTooLongForTheLinkIsSaidToBe) {
    hills_->queue = {{"huge", packet(30'000), 96}, {"one", packet(600), 96}};
    run();
    EXPECT_THAT(hills_->failed, ElementsAre("huge: too long for this link"));
    EXPECT_THAT(hills_->gone, ElementsAre("one"));
}

TEST_F(TwoFreights, AnotherPairingLeavesThemWithTheirOwner) {
    hills_->queue = {{"one", packet(20'000), 96}};
    run(std::chrono::seconds(10));
    for (PostBox* box : {hill_.get(), dale_.get()}) {
        box->psk = 'q';
        box->open(now_);
        run(std::chrono::seconds(1));
    }
    run();
    EXPECT_THAT(hills_->gone, ElementsAre("one"));
    EXPECT_THAT(dales_->arrivals, SizeIs(1));
}

TEST(FreightForm, RefusalsAreReadStrictly) {
    const std::string object = "\xE0 a packet";
    const std::string word = encode_refusal(object, "unknown node");
    ASSERT_TRUE(decode_refusal(word));
    EXPECT_EQ(decode_refusal(word)->why, "unknown node");
    EXPECT_NE(decode_refusal(word)->print, decode_refusal(encode_refusal("b", ""))->print);
    EXPECT_FALSE(decode_refusal(word.substr(0, 8)));
    EXPECT_FALSE(decode_refusal(word.substr(0, 9) + std::string(41, 'x')));
    EXPECT_FALSE(decode_refusal(object));
    EXPECT_EQ(encode_refusal(object, std::string(100, 'x')).size(), 1u + 8 + 40);
    EXPECT_FALSE(freight_kind("\xE7"));
    EXPECT_TRUE(is_freight("\xE7"));
    EXPECT_FALSE(is_freight("\x21"));
    EXPECT_FALSE(is_freight(""));
}

// Either box ends anywhere, over a channel that loses a third.
class FreightPowerCuts : public TwoFreights, public ::testing::WithParamInterface<int> {};

TEST_P(FreightPowerCuts, TakeNothingAwayThatIsNotThere) {
    auto random = seeded_random(static_cast<std::uint64_t>(GetParam()));
    std::set<std::string> there;
    dales_->judge = [&](const std::string& bytes) {
        there.insert(bytes);
        return Verdict{};
    };
    for (int i = 0; i < 4; ++i)
        hills_->queue.push_back(
            {std::to_string(i),
             packet(600 + 300 * static_cast<std::size_t>(i), static_cast<char>('0' + i)), 96});
    for (int life = 0; life < 8; ++life) {
        run(milliseconds(static_cast<std::int64_t>(random->below(9'000))));
        (random->below(2) == 0 ? hill_ : dale_)->open(now_);
        for (const std::string& name : hills_->gone) {
            const std::size_t i = std::stoul(name);
            ASSERT_EQ(there.count(packet(600 + 300 * i, static_cast<char>('0' + i))), 1u);
        }
    }
    run();
    EXPECT_THAT(hills_->queue, IsEmpty());
    EXPECT_THAT(there, SizeIs(4));
}

INSTANTIATE_TEST_SUITE_P(Seeds, FreightPowerCuts, ::testing::Range(0, 20));

}  // namespace
}  // namespace waypost::trunk

// SPDX-License-Identifier: Apache-2.0
// Two ends of a pipe over the virtual channel.
#include "radio/trunk/tools/pipe_end.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/trunk/channel.h"

namespace waypost::trunk {
namespace {

using std::chrono::seconds;
using State = PipeEnd::State;

// A program with something to say and a place for what it hears.
class Program : public Air {
  public:
    Program(Channel& channel, bool second, std::uint64_t seed, std::string says)
        : channel_(channel), random_(seeded_random(seed)), says_(std::move(says)) {
        number_ = channel.join([this](const std::string& packet, BoxTime now) {
            if (alive) end->heard({packet, {}, -90, 5.0F}, now);
        });
        LinkSettings link;
        link.psk = Secret(std::string(kKey, 'k'));
        link.second = second;
        end =
            std::make_unique<PipeEnd>(PipeSettings{std::move(link), seconds(60)}, *this, *random_);
        end->start({});
    }
    FrameLimits limits() const override {
        FrameLimits limits;
        limits.payload = 255;
        return limits;
    }
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return channel_.airtime(bytes);
    }
    BoxTime may_send(BoxTime now, std::chrono::microseconds, bool) const override { return now; }

    void run(BoxTime now) {
        if (!alive) return;
        ByteStream& stream = end->stream();
        const std::size_t n = std::min(stream.room(), says_.size() - said_);
        stream.put(std::string_view(says_).substr(said_, n));
        said_ += n;
        if (said_ == says_.size() && ends) stream.end();
        if (reads) {
            heard += stream.readable();
            stream.read(stream.readable().size());
        }
        end->tick(now);
        const auto frame = in_air_ ? std::nullopt : end->frame();
        if (!frame) return;
        in_air_ = true;
        ++frames;
        channel_.send(number_, frame->bytes, now, [this, id = frame->id](BoxTime at) {
            in_air_ = false;
            if (alive) end->fate({id, FrameFate::Sent, 0}, at);
        });
    }
    bool over() const { return !alive || end->state() != State::Open; }

    std::unique_ptr<PipeEnd> end;
    std::string heard;
    bool alive = true, ends = true, reads = true;
    int frames = 0;

  private:
    Channel& channel_;
    std::unique_ptr<Random> random_;
    std::string says_;
    std::size_t said_ = 0;
    int number_ = 0;
    bool in_air_ = false;
};

std::string text(std::uint64_t seed, std::size_t bytes) {
    const auto random = seeded_random(seed);
    return random_bytes(*random, bytes);
}

struct Pair {
    explicit Pair(double loss = 0) : channel(options(loss)) {}
    static ChannelOptions options(double loss) {
        ChannelOptions options;
        options.loss = loss;
        options.lora.spreading_factor = 7;
        return options;
    }
    void begin(std::string from_a, std::string from_b) {
        a = std::make_unique<Program>(channel, false, 1, std::move(from_a));
        b = std::make_unique<Program>(channel, true, 2, std::move(from_b));
    }
    // A look every 20 ms, as the program does.
    void run(milliseconds time) {
        for (const BoxTime until = now + time; now < until && !(a->over() && b->over());
             now += milliseconds(20)) {
            while (channel.next() <= now) channel.run(now);
            a->run(now);
            b->run(now);
        }
    }
    Channel channel;
    BoxTime now{};
    std::unique_ptr<Program> a, b;
};

TEST(Pipe, BytesOfBothArriveInOrderOverALossyLink) {
    for (const double loss : {0.0, 0.1, 0.3}) {
        SCOPED_TRACE(loss);
        Pair pair(loss);
        const std::string from_a = text(3, 5000), from_b = text(4, 5000);
        pair.begin(from_a, from_b);
        pair.run(seconds(300));
        EXPECT_EQ(pair.a->end->state(), State::Done) << pair.a->end->why();
        EXPECT_EQ(pair.b->end->state(), State::Done) << pair.b->end->why();
        EXPECT_TRUE(pair.b->heard == from_a);
        EXPECT_TRUE(pair.a->heard == from_b);
        EXPECT_LT(pair.now, BoxTime{} + seconds(60));
    }
}

struct Met : testing::Test {
    // Both are there, and a has said something.
    void meet(std::string from_a, std::string from_b, bool ends = false) {
        pair.begin(std::move(from_a), std::move(from_b));
        pair.a->ends = pair.b->ends = ends;
        pair.run(seconds(40));
        ASSERT_TRUE(pair.a->end->met() && pair.b->end->met());
    }
    Pair pair;
};

TEST_F(Met, AnOpenPipeStaysOpenAndASecondWordArrivesToo) {
    meet("hello", "");
    EXPECT_EQ(pair.b->heard, "hello");
    EXPECT_EQ(pair.a->end->state(), State::Open);
    pair.run(seconds(600));
    EXPECT_EQ(pair.a->end->state(), State::Open) << pair.a->end->why();
    EXPECT_EQ(pair.b->end->state(), State::Open) << pair.b->end->why();
    EXPECT_LT(pair.a->frames + pair.b->frames, 100);  // it asks now and then, and not more
}

TEST_F(Met, WhoIsKilledIsMissedByWhoHasSomethingForHim) {
    meet("hello", "");
    pair.b->alive = false;
    pair.a->end->stream().put("more");
    pair.run(seconds(120));
    EXPECT_EQ(pair.a->end->state(), State::Broken);
    EXPECT_EQ(pair.a->end->why(), "no answer from the other end any more");
}

TEST_F(Met, WhoOnlyListensMissesHimToo) {
    meet("hello", "");
    pair.a->alive = false;
    pair.run(seconds(120));
    EXPECT_EQ(pair.b->end->state(), State::Broken);
    EXPECT_EQ(pair.b->heard, "hello");
}

TEST_F(Met, WhatNobodyReadsIsNotConfirmed) {
    pair.begin(text(3, 200'000), "");
    pair.b->reads = false;
    pair.run(seconds(150));
    const std::size_t unread = pair.b->end->stream().readable().size();
    EXPECT_GE(unread, ByteStream::kUnread);
    EXPECT_LE(unread, ByteStream::kUnread + ByteStream::kWindow * ByteStream::kObject);
    EXPECT_EQ(pair.a->end->state(), State::Open);
    pair.b->reads = true;
    pair.run(seconds(600));
    EXPECT_TRUE(pair.b->heard == text(3, 200'000));
    EXPECT_EQ(pair.a->end->state(), State::Done) << pair.a->end->why();
}

TEST_F(Met, TheEndIsConfirmedOnlyOnceAllWasRead) {
    pair.begin("the last words", "");
    pair.b->reads = false;
    pair.run(seconds(40));
    EXPECT_FALSE(pair.a->end->stream().all_delivered());
    pair.b->reads = true;
    pair.run(seconds(200));
    EXPECT_EQ(pair.a->end->state(), State::Done);
    EXPECT_EQ(pair.b->heard, "the last words");
}

TEST_F(Met, WhoStopsTellsTheOther) {
    meet(text(5, 500), "");
    pair.a->end->stop(pair.now + seconds(10));
    pair.run(seconds(15));
    EXPECT_EQ(pair.a->end->why(), "stopped before all had arrived");
    EXPECT_EQ(pair.b->end->why(), "the other end gave up");
}

TEST_F(Met, WhoWasStartedAnewGetsNothingOfTheStreamBefore) {
    meet("hello", "");
    pair.b->alive = false;
    pair.a->end->stream().put("for the one before");
    pair.run(seconds(2));
    const auto dead = std::move(pair.b);  // the channel still has it
    pair.b = std::make_unique<Program>(pair.channel, true, 77, "anew");
    pair.run(seconds(60));
    EXPECT_EQ(pair.a->end->why(), "the other end was started anew: what was under way is lost");
    EXPECT_EQ(pair.b->heard, "");
    EXPECT_EQ(pair.a->heard, "");
}

TEST(PipeFacts, AGatewayWithTheSameCodeIsNoPipe) {
    Pair pair;
    pair.begin("hello", "");
    pair.b->alive = false;
    const auto random = seeded_random(5);
    LinkSettings settings;
    settings.psk = Secret(std::string(kKey, 'k'));
    settings.second = true;
    settings.facts = "dale.example";
    Link gateway(std::move(settings), *pair.b, *random, {});
    const LinkActions hello = gateway.start(pair.now);
    std::string answer;
    pair.channel.join([&](const std::string& packet, BoxTime now) {
        gateway.fate({1, FrameFate::Sent, 0}, now);
        LinkActions actions = gateway.heard(packet, {}, now);
        for (int i = 0; i < 100 && !actions.send; ++i)
            actions = gateway.tick(std::max(now, gateway.next_tick()));
        if (actions.send) answer = actions.send->bytes;
    });
    ASSERT_TRUE(hello.send);
    for (int i = 0; i < 60 && !pair.a->over(); ++i) {
        pair.run(milliseconds(500));
        if (!answer.empty()) pair.a->end->heard({std::exchange(answer, {}), {}, {}, {}}, pair.now);
    }
    EXPECT_EQ(pair.a->end->state(), State::Broken);
    EXPECT_NE(pair.a->end->why().find("is no pipe"), std::string::npos) << pair.a->end->why();
}

}  // namespace
}  // namespace waypost::trunk

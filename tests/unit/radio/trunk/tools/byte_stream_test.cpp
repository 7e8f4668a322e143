// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/byte_stream.h"

#include <gtest/gtest.h>

namespace waypost::trunk {
namespace {

std::string object(unsigned kind, unsigned number, const std::string& bytes = {}) {
    return static_cast<char>(kind << 6 | number) + bytes;
}

Received received(std::uint64_t number, std::vector<std::string> objects) {
    return {number, std::move(objects), {}};
}

TEST(ByteStream, WhatComesInAnyOrderIsReadInOrder) {
    ByteStream stream;
    EXPECT_TRUE(stream.received(received(5, {object(0, 1, "de"), object(0, 2, "f")})).ok());
    EXPECT_EQ(stream.readable(), "");
    EXPECT_TRUE(stream.received(received(4, {object(0, 0, "abc")})).ok());
    EXPECT_EQ(stream.readable(), "abcdef");
    EXPECT_EQ(stream.take_confirmable(), (std::vector<std::uint64_t>{5, 4}));
    EXPECT_TRUE(stream.take_confirmable().empty());
}

TEST(ByteStream, TheLastIsConfirmedOnceAllIsRead) {
    ByteStream stream;
    EXPECT_TRUE(stream.received(received(0, {object(1, 0, "end")})).ok());
    EXPECT_FALSE(stream.at_end());
    EXPECT_TRUE(stream.take_confirmable().empty());
    stream.read(3);
    EXPECT_TRUE(stream.at_end());
    EXPECT_EQ(stream.take_confirmable(), std::vector<std::uint64_t>{0});
}

TEST(ByteStream, SmallPiecesGatherWhileSomethingIsUnderWay) {
    ByteStream stream;
    stream.put("a");
    const auto first = stream.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->bytes, object(0, 0, "a"));
    stream.put("b");
    stream.put("c");
    EXPECT_FALSE(stream.next());
    stream.delivered(first->id);
    EXPECT_EQ(stream.next()->bytes, object(0, 1, "bc"));
}

TEST(ByteStream, TheLastBytesGoWithTheEnd) {
    ByteStream stream;
    stream.put("all");
    stream.end();
    const auto last = stream.next();
    ASSERT_TRUE(last);
    EXPECT_EQ(last->bytes, object(1, 0, "all"));
    EXPECT_EQ(stream.room(), 0U);
    EXPECT_FALSE(stream.next());
    EXPECT_FALSE(stream.all_delivered());
    stream.delivered(last->id);
    EXPECT_TRUE(stream.all_delivered());
}

// With number 0 under way no number beyond the window is used, whatever else has arrived.
TEST(ByteStream, NoNumberIsUsedBeyondTheWindow) {
    ByteStream stream;
    ObjectId oldest = 0;
    std::size_t objects = 0;
    for (int i = 0; i < 200; ++i) {
        stream.put(std::string(stream.room(), 'x'));
        const auto next = stream.next();
        if (!next) break;
        ++objects;
        if (oldest == 0) oldest = next->id;
        if (next->id != oldest) stream.delivered(next->id);
    }
    EXPECT_EQ(objects, ByteStream::kWindow);
    EXPECT_EQ(stream.room(), 0U);  // and nothing more is read for it
    stream.delivered(oldest);
    EXPECT_TRUE(stream.next());
}

TEST(ByteStream, AQuestionIsNoPartOfTheStream) {
    ByteStream stream, other;
    stream.ask();
    const auto question = stream.next();
    ASSERT_TRUE(question);
    EXPECT_EQ(question->bytes, object(3, 0));
    EXPECT_TRUE(other.received(received(9, {question->bytes})).ok());
    EXPECT_EQ(other.take_confirmable(), std::vector<std::uint64_t>{9});
    stream.ask();
    EXPECT_FALSE(stream.next());  // the first still asks
    // After its end as well.
    stream.delivered(question->id);
    stream.end();
    stream.delivered(stream.next()->id);
    stream.ask();
    EXPECT_TRUE(stream.next());
}

TEST(ByteStream, WhatNobodyWouldSendIsRefused) {
    for (const std::string& bad :
         {std::string(), object(3, 0, "x"), object(2, 0, "x"), object(0, 30, "too far ahead"),
          object(0, 60, "behind"), object(0, 0, std::string(ByteStream::kObject + 1, 'x'))}) {
        ByteStream stream;
        EXPECT_FALSE(stream.received(received(0, {bad})).ok());
    }
    ByteStream stream;
    EXPECT_TRUE(stream.received(received(0, {object(1, 0, "end")})).ok());
    EXPECT_FALSE(stream.received(received(1, {object(0, 1, "after the end")})).ok());
    ByteStream twice;
    EXPECT_FALSE(twice.received(received(0, {object(0, 1, "a"), object(0, 1, "b")})).ok());
}

// Who does not keep to the window is cut off before memory runs out.
TEST(ByteStream, MemoryIsBoundedWhateverComes) {
    ByteStream stream;
    const std::string full(ByteStream::kObject, 'x');
    bool taken = true;
    for (unsigned i = 0; i < 1000 && taken; ++i)
        taken = stream.received(received(i, {object(0, i % 64, full)})).ok();
    EXPECT_FALSE(taken);
    EXPECT_LE(stream.readable().size(),
              ByteStream::kUnread + (ByteStream::kWindow + 1) * ByteStream::kObject);
}

}  // namespace
}  // namespace waypost::trunk

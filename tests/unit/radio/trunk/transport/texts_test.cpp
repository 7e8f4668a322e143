// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/texts.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace waypost::trunk {
namespace {

// One model, that learned from so many repeats of a line.
Texts that_learned(const std::string& line) {
    const pack::ModelKind& kind = pack::kModelKinds.front();
    const auto file = std::filesystem::path(::testing::TempDir()) / ("texts_test_" + line);
    std::string training;
    for (int i = 0; i < 400; ++i) training += line + " and the bridge is open again today" + "\x1e";
    const pack::Digest source = pack::digest_of(training);
    EXPECT_TRUE(pack::Model::build(kind, training, source, file).ok());
    std::vector<std::unique_ptr<pack::Model>> models;
    auto opened = pack::Model::open(kind, source, file);
    models.push_back(std::move(*opened));
    std::filesystem::remove(file);
    Texts texts(std::move(models));
    texts.other_has(texts.facts());
    return texts;
}

TEST(Texts, WhatAnotherModelOfTheSameNumberMakesIsNoText) {
    const std::string text = "the river is high and the bridge is open again today";
    Texts one = that_learned("the river is high");
    const std::string packed = one.pack()(text);
    ASSERT_TRUE(pack::Packer::by_model(packed));
    const auto back = one.unpack()(packed, text.size());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, text);
    Texts other = that_learned("zwei boote am ufer");
    EXPECT_FALSE(other.unpack()(packed, text.size()).ok());
    std::string damaged = packed;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    EXPECT_FALSE(one.unpack()(damaged, text.size()).ok());
}

TEST(Texts, WhatIsStoredIsReadAsItIs) {
    Texts other({});
    const std::string text(300, 'a');
    const std::string stored = pack::Packer::store(text);
    EXPECT_EQ(stored.substr(1), text);
    const auto read = other.unpack()(stored, 1000);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, text);
}

}  // namespace
}  // namespace waypost::trunk

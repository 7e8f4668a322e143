// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/carrier/bundle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/tar_block.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

std::string packet(const std::string& body) {
    PacketHeader header;
    return encode(header) + body;
}

Mth name_of(const std::string& text) {
    MemorySource source(text);
    return mth_of(source).value();
}

std::string bundle_of(const std::vector<std::string>& packets, bool end = true) {
    MemorySink sink(100'000'000);
    BundleWriter writer(sink);
    for (const std::string& each : packets) {
        MemorySource source(each);
        EXPECT_TRUE(writer.add({}, {}, name_of(each), each.size(), source).ok());
    }
    EXPECT_TRUE(!end || writer.finish().ok());
    return sink.take();
}

struct Found {
    std::vector<std::string> good;
    int damaged = 0;
};

Found read_all(const std::string& bundle, bool go_back = true) {
    Found found;
    MemorySource source(bundle);
    BundleReader reader(source);
    while (true) {
        const auto next = reader.next();
        EXPECT_TRUE(next.ok());
        if (!next.ok() || !*next) return found;
        MemorySink sink(100'000'000);
        struct Copy : Source {
            explicit Copy(std::string owned) : text(std::move(owned)), source(text) {}
            Result<std::size_t> read(std::span<std::uint8_t> into) override {
                return source.read(into);
            }
            std::string text;
            MemorySource source;
        };
        BundleReader::Again again;
        if (go_back)
            again = [&sink] {
                return Result<std::unique_ptr<Source>>(std::make_unique<Copy>(sink.bytes()));
            };
        const auto read = reader.read(sink, again);
        if (read.ok())
            found.good.push_back(sink.take());
        else
            ++found.damaged;
    }
}

const std::string kOne = packet(std::string(300'000, '1'));
const std::string kTwo = packet("two");
const std::string kThree = packet(std::string(340, '3'));  // fills its block
const std::vector<std::string> kAll{kOne, kTwo, kThree};

TEST(BundleTest, ReadsWhatTheRealToolWrote) {
    const auto found = read_all(vector_file("bundle.tar"));
    EXPECT_EQ(found.damaged, 0);
    ASSERT_EQ(found.good.size(), 2u);
    for (const std::string& each : found.good) {
        const auto& all = good_vectors();
        EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                                [&](const Vector& one) { return one.bytes == each; }));
    }
}

TEST(BundleTest, ReadsWhatItWrites) {
    EXPECT_EQ(read_all(bundle_of(kAll)).good, kAll);
    EXPECT_TRUE(read_all(bundle_of({})).good.empty());
    EXPECT_TRUE(read_all("").good.empty());
    EXPECT_TRUE(read_all("NNC").good.empty());
}

TEST(BundleTest, MayStandAnywhere) {
    const std::string junk = "junk NNCP NNCNNCP" + std::string(1000, '\7');
    EXPECT_EQ(read_all(junk + bundle_of({kTwo}) + junk + bundle_of({kThree}, false) + junk).good,
              (std::vector{kTwo, kThree}));
    EXPECT_EQ(read_all("NNCP" + bundle_of(kAll)).good, kAll);
    EXPECT_EQ(read_all(std::string(128 * 1024 - 2, 'x') + bundle_of({kTwo})).good,
              std::vector{kTwo})
        << "across the edge of what is in hand";
}

TEST(BundleTest, WhatIsCutLosesOnlyWhatIsCut) {
    const std::string whole = bundle_of(kAll);
    const std::string last_cut = whole.substr(0, whole.size() - 1024 - 100);
    EXPECT_EQ(read_all(last_cut).good, (std::vector{kOne, kTwo}));
    const std::string first_cut = whole.substr(600);
    EXPECT_EQ(read_all(first_cut).good, (std::vector{kTwo, kThree}));
}

TEST(BundleTest, DamageLosesOnlyWhatItHits) {
    const std::string whole = bundle_of(kAll);
    for (const std::size_t at : {0u, 100u, 300u, 600u, 1024u, 1100u, 200'000u}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        EXPECT_EQ(read_all(damaged).good, (std::vector{kTwo, kThree})) << at;
    }
}

// The length of the first one spans what follows it.
TEST(BundleTest, BytesLostInsideAPacketDoNotTakeTheNextOnesAlong) {
    std::string shorter = bundle_of(kAll);
    shorter.erase(150'000, 5'000);
    EXPECT_EQ(read_all(shorter).good, (std::vector{kTwo, kThree}));
    EXPECT_LT(read_all(shorter, false).good.size(), 2u) << "so it has to go back";
    std::string cut_and_rejoined = bundle_of({kOne}).substr(0, 100'000) + bundle_of(kAll);
    EXPECT_EQ(read_all(cut_and_rejoined).good, kAll);
}

TEST(BundleTest, ALyingSizeTakesNothingAlong) {
    const std::string file =
        encode(TarEntry{"NNCP/" + to_base32(name_of(kTwo)), std::uint64_t{1} << 60, '0'}).value();
    const std::string lie = encode(TarEntry{"NNCP", 0, '5'}).value() + file + kTwo;
    std::string lies;
    for (int i = 0; i < 20; ++i) lies += lie;
    EXPECT_EQ(read_all(lies + bundle_of({kThree})).good, std::vector{kThree});
}

TEST(BundleTest, WhatIsPassedOverIsSearched) {
    const std::string whole = bundle_of(kAll);
    MemorySource source(whole);
    BundleReader reader(source);
    for (const std::string& each : kAll) EXPECT_EQ((*reader.next())->name, name_of(each));
    EXPECT_FALSE(*reader.next());
    EXPECT_EQ(reader.bytes(), whole.size());
    MemorySink sink(10);
    EXPECT_EQ(reader.read(sink).error().code, Code::Conflict);
}

TEST(BundleTest, APaxHeaderMayStandBefore) {
    const std::string path = "NNCP/A/B/" + to_base32(name_of(kTwo));
    std::string record = " path=" + path + "\n";
    record = std::to_string(record.size() + 2) + record;
    std::string stream = *encode(TarEntry{"NNCP", 0, '5'});
    stream += *encode(TarEntry{"PaxHeaders.0/x", record.size(), 'x'});
    stream += record + std::string(tar_filler(record.size()), '\0');
    stream += *encode(TarEntry{"cut", kTwo.size(), '0'}) + kTwo;
    EXPECT_EQ(read_all(stream).good, std::vector{kTwo});
}

TEST(BundleTest, APacketThatIsNotItsNameIsSaidAndDoesNoHarm) {
    MemorySink sink(1'000'000);
    BundleWriter writer(sink);
    MemorySource wrong("wrong");
    EXPECT_EQ(writer.add({}, {}, name_of(kThree), kThree.size(), wrong).error().code,
              Code::BadInput);
    MemorySource right(kTwo);
    EXPECT_TRUE(writer.add({}, {}, name_of(kTwo), kTwo.size(), right).ok());
    EXPECT_EQ(read_all(sink.take()).good, std::vector{kTwo});
    MemorySink full(100);
    MemorySource again(kTwo);
    EXPECT_EQ(BundleWriter(full).add({}, {}, name_of(kTwo), kTwo.size(), again).error().code,
              Code::TooLarge);
}

}  // namespace
}  // namespace waypost::nncp

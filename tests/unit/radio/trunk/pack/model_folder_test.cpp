// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/model_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include <fstream>

#include "radio/trunk/pack/files.h"

namespace waypost::pack {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::string zstd(std::string_view text) {
    std::string bytes(ZSTD_compressBound(text.size()), '\0');
    bytes.resize(ZSTD_compress(bytes.data(), bytes.size(), text.data(), text.size(), 3));
    return bytes;
}

class ModelFolder : public testing::Test {
  protected:
    ModelFolder() {
        fs::create_directories(state_);
        fs::create_directories(training_);
        write(training_ / "sw.txt.zst", zstd("habari za asubuhi\x1Emto umejaa maji"));
    }
    ~ModelFolder() override { fs::remove_all(root_); }

    OpenedModels open() const { return open_models(state_, {root_ / "nowhere", training_}); }
    bool rebuilt() const { return open().built == std::vector<std::string>{"sw"}; }

    fs::path root_ = fs::temp_directory_path() / ("waypost-models-" + std::to_string(::getpid()));
    fs::path state_ = root_ / "state";
    fs::path training_ = root_ / "training";
    fs::path file_ = state_ / "sw.model";
};

TEST_F(ModelFolder, BuildsOnceAndSaysWhatCannotBeHad) {
    const OpenedModels first = open();
    ASSERT_EQ(first.models.size(), 1U);
    EXPECT_EQ(first.models[0]->kind().id, ModelId::Swahili);
    EXPECT_EQ(first.missing.size(), kModelKinds.size() - 1);
    EXPECT_EQ(first.built, std::vector<std::string>{"sw"});
    EXPECT_FALSE(rebuilt());
}

TEST_F(ModelFolder, BuildsTheSameBytesEachTime) {
    (void)open();
    const std::string first = *read_file(file_);
    fs::remove(file_);
    (void)open();
    EXPECT_EQ(*read_file(file_), first);
}

TEST_F(ModelFolder, BuildsAnewWhatIsDamaged) {
    (void)open();
    const std::string good = *read_file(file_);
    for (const std::size_t at : {0UL, 8UL, 12UL, 16UL, 48UL, 5000UL, good.size() - 1}) {
        std::string damaged = good;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        write(file_, damaged);
        EXPECT_TRUE(rebuilt()) << at;
        EXPECT_EQ(*read_file(file_), good);
    }
    for (const std::string& other :
         {std::string(), std::string("no model"), good.substr(0, 70'000)}) {
        write(file_, other);
        EXPECT_TRUE(rebuilt());
    }
}

TEST_F(ModelFolder, BuildsAnewForAnotherTrainingText) {
    const Digest before = open().models[0]->digest();
    write(training_ / "sw.txt.zst", zstd("mto umejaa maji"));
    ASSERT_TRUE(rebuilt());
    EXPECT_NE(open().models[0]->digest(), before);
}

TEST_F(ModelFolder, RefusesAModelOfAnotherLanguage) {
    (void)open();
    write(training_ / "en.txt.zst", *read_file(training_ / "sw.txt.zst"));
    fs::copy_file(file_, state_ / "en.model");
    EXPECT_EQ(open().built, std::vector<std::string>{"en"});
}

TEST_F(ModelFolder, DoesWithoutATextThatIsCutOrTooLarge) {
    const std::string cut = zstd("mto umejaa maji").substr(0, 12);
    for (const std::string& bytes : {cut, std::string("text"), zstd(std::string(5'000'000, 'a'))}) {
        write(training_ / "sw.txt.zst", bytes);
        EXPECT_TRUE(open().models.empty());
        EXPECT_FALSE(fs::exists(file_));
    }
}

TEST_F(ModelFolder, MakesTheFolder) {
    state_ = root_ / "not" / "there";
    EXPECT_TRUE(rebuilt());
    EXPECT_FALSE(rebuilt());
}

TEST_F(ModelFolder, DoesWithoutWhereNothingCanBeWritten) {
    const OpenedModels opened = open_models(training_ / "sw.txt.zst", {training_});
    EXPECT_TRUE(opened.models.empty());
    EXPECT_EQ(opened.missing.size(), kModelKinds.size());
}

}  // namespace
}  // namespace waypost::pack

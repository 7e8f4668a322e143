// SPDX-License-Identifier: Apache-2.0
// Encrypted copies are opened with their key, and with nothing else; what fails leaves nothing.
#include "app/open_copy.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "app/sealed_copy.h"
#include "gateway/base/random.h"
#include "gateway/base/wake.h"
#include "tests/unit/app/sealed_folder.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

const std::string kRight = "AGE-SECRET-KEY-1" + std::string(58, 'Q');

std::string found(const std::string& text) {
    const auto key = find_key(text);
    return key.ok() ? std::string(key->reveal()) : to_string(key.error().code);
}

TEST(FindKey, InWhatIsPasted) {
    EXPECT_EQ(found(kRight), kRight + '\n');
    EXPECT_EQ(found("  " + kRight + " \r\n"), kRight + '\n');
    EXPECT_EQ(found("age-secret-key-1" + std::string(58, 'q')), kRight + '\n')
        << "a phone's small letters";
    EXPECT_EQ(found("# created: 2026-11-28\n# public key: age1x\n" + kRight + "\n\n"),
              kRight + '\n');
    EXPECT_EQ(found(kRight + '\n' + kRight), kRight + '\n' + kRight + '\n');
}

TEST(FindKey, NothingElseIsOne) {
    std::string many;
    for (int i = 0; i < 20; ++i) many += kRight + '\n';
    for (const std::string& text :
         {std::string(), std::string("\n# only a word\n"), "age1" + std::string(58, 'q'),
          kRight.substr(1), kRight + 'Q', kRight.substr(0, 73) + ';', kRight + " second",
          "AGE-PLUGIN-RUN-1" + std::string(58, 'Q'), std::string("ssh-ed25519 AAAA"),
          kRight + "\nAGE-PLUGIN-RUN-1QQQQ", many, '#' + std::string(20'000, 'x') + '\n' + kRight})
        EXPECT_EQ(found(text), "bad-input") << text.substr(0, 90);
    const auto random = system_random();
    for (int i = 0; i < 2000; ++i) EXPECT_EQ(found(random->hex(37)), "bad-input");
}

class OpenCopy : public ::testing::Test {
  protected:
    OpenCopy() {
        to_ = new_key(here_ / "key");
        new_key(here_ / "other");
        here_.make("state/waypost.db.bodies");
        here_.put("state/waypost.db", std::string(100'000, 'd'));
        here_.put("state/waypost.db.bodies/one", std::string(300'000, 'x'));
    }
    std::string seal(const std::string& state = "state") {
        const auto sealed = write_sealed_copy(here_ / state, file_, {to_});
        EXPECT_TRUE(sealed.ok()) << sealed.error().text;
        return here_.read("copy.tar.age");
    }
    // "", or the error's code; then nothing of the copy is there.
    std::string open(const std::string& key_file = "key", std::uint64_t keep_free = 0,
                     int stop = -1) {
        const auto key = find_key(here_.read(key_file));
        if (!key.ok()) return to_string(key.error().code);
        const auto done = open_sealed_copy(file_, *key, folder_, keep_free, stop);
        if (done.ok()) return {};
        EXPECT_FALSE(fs::exists(folder_)) << done.error().text;
        EXPECT_EQ(done.error().text.find("AGE-SECRET"), std::string::npos);
        return to_string(done.error().code);
    }
    const Folder here_;
    const std::string file_ = here_ / "copy.tar.age", folder_ = opened_folder(here_ / "waypost.db");
    std::string to_;
};

TEST_F(OpenCopy, WithItsKey) {
    seal();
    fs::create_directories(folder_);
    std::ofstream(folder_ + "/left") << "by one that a kill ended";
    ASSERT_EQ(open(), "");
    EXPECT_EQ(here_.names("waypost.db.opened"),
              (std::set<std::string>{"waypost.db", "waypost.db.bodies"}));
    EXPECT_EQ(here_.read("waypost.db.opened/waypost.db"), here_.read("state/waypost.db"));
    EXPECT_EQ(fs::file_size(folder_ + "/waypost.db.bodies/one"), 300'000u);
    EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
}

TEST_F(OpenCopy, AnotherKeyIsRefused) {
    seal();
    EXPECT_EQ(open("other"), "refused");
    std::string key = here_.read("key");
    key[key.size() - 2] = key[key.size() - 2] == 'Q' ? 'P' : 'Q';  // its checksum
    here_.put("mistyped", key);
    EXPECT_EQ(open("mistyped"), "bad-input");
}

// The header, a piece of 64 KiB of the content in its middle, and between two of them.
TEST_F(OpenCopy, CutOrAlteredIsRefused) {
    const std::string whole = seal();
    const std::size_t header = whole.find('\n', whole.find("\n---") + 1) + 1;
    for (const std::size_t length :
         {std::size_t{0}, std::size_t{10}, header - 5, header + 16, header + 16 + 65536 + 16,
          std::size_t{200'000}, whole.size() - 1}) {
        here_.put("copy.tar.age", whole.substr(0, length));
        EXPECT_EQ(open(), "conflict") << length;
    }
    for (const std::size_t at : {std::size_t{3}, header - 2, header + 3, header + 100'000}) {
        std::string other = whole;
        other[at] = static_cast<char>(other[at] ^ 1);
        here_.put("copy.tar.age", other);
        EXPECT_EQ(open(), "conflict") << at;
    }
    here_.put("copy.tar.age", whole + "more");
    EXPECT_EQ(open(), "conflict");
    here_.put("copy.tar.age", whole);
    EXPECT_EQ(open(), "") << "it was the copy";
}

TEST_F(OpenCopy, WhatIsNoBoxIsRefused) {
    const auto other = [&](const std::function<void(const fs::path&)>& change) {
        fs::remove_all(here_ / "strange");
        fs::copy(here_ / "state", here_ / "strange", fs::copy_options::recursive);
        change(here_ / "strange");
        seal("strange");
        return open();
    };
    EXPECT_EQ(other([](const fs::path& at) { fs::remove(at / "waypost.db"); }), "conflict");
    EXPECT_EQ(other([](const fs::path& at) { std::ofstream(at / "waypost.toml") << "x"; }),
              "conflict");
    EXPECT_EQ(other([](const fs::path& at) {
                  fs::remove(at / "waypost.db");
                  fs::create_symlink("/etc/passwd", at / "waypost.db");
              }),
              "conflict");
    EXPECT_EQ(other([](const fs::path& at) {
                  fs::create_symlink("/etc/passwd", at / "waypost.db.bodies/two");
              }),
              "conflict");
    EXPECT_EQ(other([](const fs::path& at) { fs::remove_all(at / "waypost.db.bodies"); }), "");
    fs::remove_all(folder_);
    const std::string no_tar =
        "head -c 90000 /dev/zero | tr '\\0' x | age -r " + to_ + " -o " + file_;
    ASSERT_EQ(std::system(no_tar.c_str()), 0);  // NOLINT
    EXPECT_EQ(open(), "conflict");
}

TEST_F(OpenCopy, TheDiskKeepsItsRoom) {
    seal();
    EXPECT_EQ(open("key", std::numeric_limits<std::uint64_t>::max() / 2), "full");
    // With holes: a few bytes in the copy, more than any disk beside the store.
    fs::resize_file(here_ / "state/waypost.db", std::uintmax_t{1} << 42);
    seal();
    EXPECT_EQ(open(), "full");
}

TEST_F(OpenCopy, WhatIsGoneOrStopped) {
    EXPECT_EQ(open(), "not-found");
    fs::create_symlink("/etc/passwd", file_);
    EXPECT_EQ(open(), "not-found") << "links lead nowhere";
    fs::remove(file_);
    seal();
    Wake stop;
    stop.ring();
    EXPECT_EQ(open("key", 0, stop.fd()), "busy");
}

}  // namespace
}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/file_name.h"

#include <gtest/gtest.h>

#include "gateway/message/text.h"

namespace waypost {
namespace {

TEST(FileName, IsNeverAPathNorADeviceNorHidden) {
    const struct {
        const char* given;
        const char* clean;
    } cases[] = {
        {"photo.jpg", "photo.jpg"},
        {"../../x", "x"},
        {"..\\..\\x", "x"},
        {"/etc/passwd", "passwd"},
        {"C:\\Windows\\cmd.exe", "cmd.exe"},
        {"C:evil", "C_evil"},
        {"notes.txt:hidden", "notes.txt_hidden"},
        {"..", "file"},
        {"../..", "file"},
        {"a/", "file"},
        {"", "file"},
        {".bashrc", "bashrc"},
        {"name. . ", "name"},
        {"con", "_con"},
        {"CON.txt", "_CON.txt"},
        {"aux .tar.gz", "_aux .tar.gz"},
        {"LPT1", "_LPT1"},
        {"com¹.log", "_com¹.log"},
        {"console.txt", "console.txt"},
        {"com10", "com10"},
        {"in\r\nvoice\t.pdf", "in voice .pdf"},
        {"cod\u202Egpj.exe", "codgpj.exe"},
        {"\u200Fa\u200Bb\uFEFF.txt", "ab.txt"},
        {"what?.txt", "what_.txt"},
        {"bad \xff byte", "bad \uFFFD byte"},
        {"фото с реки.jpg", "фото с реки.jpg"},
        {"نامه\u200Cها.pdf", "نامه\u200Cها.pdf"},
    };
    for (const auto& each : cases) EXPECT_EQ(clean_file_name(each.given), each.clean);
    using namespace std::string_view_literals;
    EXPECT_EQ(clean_file_name("a\0b.exe"sv), "ab.exe");
}

TEST(FileName, TooLongLosesItsMiddleAndKeepsItsEnding) {
    std::string name;
    for (int i = 0; i < 200; ++i) name += "ж";
    const std::string clean = clean_file_name(name + ".jpeg");
    EXPECT_LE(clean.size(), kFileNameBytes);
    EXPECT_GT(clean.size(), kFileNameBytes - 4);
    EXPECT_TRUE(clean.ends_with("….jpeg")) << clean;
    EXPECT_TRUE(is_utf8(clean));
    EXPECT_LE(clean_file_name(std::string(10000, '.') + std::string(10000, 'x')).size(),
              kFileNameBytes);
}

TEST(FileName, CleanOnceIsCleanForGood) {
    for (const char* name : {"con", "../../x", ". .", "a. ", "\u202E", "C:evil. "}) {
        const std::string once = clean_file_name(name);
        EXPECT_EQ(clean_file_name(once), once);
    }
}

}  // namespace
}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/grammar.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "gateway/base/random.h"
#include "gateway/commands/handle.h"
#include "gateway/commands/look_alike.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

Hints hints_of(const std::string& text) {
    Hints hints;
    hints.choice_offered = text.find('c') != std::string::npos;
    hints.reaction = text.find('t') != std::string::npos;
    if (const std::size_t r = text.find('r'); r != std::string::npos) {
        hints.reply_item = std::stoi(text.substr(r + 1));
    }
    return hints;
}

TEST(Grammar, EveryTypedLineMeansWhatTheTableSays) {
    std::ifstream file(WAYPOST_TEST_DATA "/commands/typed_lines.tsv");
    ASSERT_TRUE(file);
    int lines = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.rfind("# typed", 0) == 0) continue;
        const std::size_t first = line.find('\t');
        const std::size_t second = line.find('\t', first + 1);
        ASSERT_NE(second, std::string::npos) << "not three columns: " << line;
        const std::string typed = line.substr(0, first);
        const std::string hints = line.substr(first + 1, second - first - 1);
        EXPECT_EQ(describe(parse_command(typed, hints_of(hints))), line.substr(second + 1))
            << "typed: " << typed << "  hints: " << hints;
        ++lines;
    }
    EXPECT_GE(lines, 150);
}

TEST(Grammar, NothingTypedBreaksIt) {
    const auto random = seeded_random(11);
    static const std::string kSigns = "@*?#+-=.,:/ \n019azSO\xc3\xa9\xff\xe2\x80\x8b";
    for (int round = 0; round < 20000; ++round) {
        std::string typed;
        for (auto n = random->below(24); n > 0; --n) typed += kSigns[random->below(kSigns.size())];
        EXPECT_TRUE(is_utf8(describe(parse_command(typed, {}))));
    }
}

TEST(Grammar, AnAddressOfAnotherNetworkIsTypedWithItsScheme) {
    const std::set<std::string> schemes{"sms", "matrix"};
    Hints hints;
    hints.schemes = &schemes;
    for (const auto& [typed, command] : std::vector<std::pair<std::string, std::string>>{
             {"sms:+4917 on my way", "write sms:+4917 text='on my way'"},
             {"SMS:+4917 on my way", "write sms:+4917 text='on my way'"},
             {"sms:+4917, bob@x.org, @ana hi", "write sms:+4917 mailto:bob@x.org @ana text='hi'"},
             {"sms:+4917,sms:+4918 hi", "write sms:+4917 sms:+4918 text='hi'"},
             {"matrix:@bob:x.org hi", "write matrix:@bob:x.org text='hi'"},
             {"sms:+4917", "write sms:+4917"},
             {"sms: +4917 hi", "say text='sms: +4917 hi'"},
             {"fax:+4917 hi", "say text='fax:+4917 hi'"},
             {"note: the sms:+4917 is dead", "say text='note: the sms:+4917 is dead'"}})
        EXPECT_EQ(describe(parse_command(typed, hints)), command) << typed;
    EXPECT_EQ(describe(parse_command("sms:+4917 hi")), "say text='sms:+4917 hi'");
}

struct HandleCase {
    const char* typed;
    const char* handle;  // nullptr: refused
};

class Handles : public ::testing::TestWithParam<HandleCase> {};

TEST_P(Handles, AreNames) {
    const auto got = parse_handle(GetParam().typed);
    EXPECT_EQ(got.ok(), GetParam().handle != nullptr) << GetParam().typed;
    if (got.ok() && GetParam().handle) {
        EXPECT_EQ(*got, GetParam().handle);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Handles,
    ::testing::Values(HandleCase{"ana", "ana"}, HandleCase{"Ana", "ana"},
                      HandleCase{"ana-b2", "ana-b2"}, HandleCase{"a", nullptr},
                      HandleCase{"2ana", nullptr}, HandleCase{"ana-", nullptr},
                      HandleCase{"a--b", nullptr}, HandleCase{"ana b", nullptr},
                      HandleCase{"postmaster", nullptr}, HandleCase{"deadbeef", nullptr},
                      HandleCase{"a1b2c3d4e5f6", nullptr}, HandleCase{"a1b2c3d4e5", "a1b2c3d4e5"},
                      HandleCase{"\u0430na", nullptr},  // Cyrillic a
                      HandleCase{"abcdefghijklmnopqrstu", nullptr}, HandleCase{"", nullptr}));

TEST(Looks, AreTheSameForWhatIsMistakenForOneAnother) {
    for (const char* same : {"ana", "ANA", "\u0430na", "\u00e1na", "a-n-a", "a.n.a!",
                             "\u03b1n\u03b1", "\uff21\uff4e\uff41", "a\u200Bna", "\u202Eana"})
        EXPECT_EQ(look_of(same), look_of("ana")) << same;
    EXPECT_EQ(look_of("p0stmaster"), look_of("postmaster"));
    EXPECT_EQ(look_of("\u0440\u043es\u0442 off1ce"), look_of("Post Office"));
    for (const char* other : {"anna", "an", "ana lopez", "\u0431\u0430", ""})
        EXPECT_NE(look_of(other), look_of("ana")) << other;
    EXPECT_EQ(look_of("*** \u2603"), "");
}

}  // namespace
}  // namespace waypost

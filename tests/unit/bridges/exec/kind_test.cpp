// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "bridges/exec/exec_transport.h"

namespace waypost::exec {
namespace {

using ::testing::HasSubstr;
using Lists = std::map<std::string, std::vector<std::string>, std::less<>>;

std::string problem(const std::string& scheme, const Lists& lists) {
    const TransportKind kind = exec_kind();
    try {
        kind.make("exec.one",
                  SectionValues(kind.section, "one",
                                {{"scheme", scheme}, {"folder", "/tmp"}, {"report_within", "10m"}},
                                lists));
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return {};
}

TEST(ExecKind, TakesASchemeOfItsOwnAndNoOther) {
    for (const char* good : {"sms", "SMS", "ax25", "matrix", "a", "x-hill", "sms+2"})
        EXPECT_EQ(problem(good, {{"command", {"./sms.py"}}, {"environment", {}}}), "") << good;
    for (const char* taken : {"mailto", "email", "xmpp", "acct", "meshtastic", "person", "mailbox",
                              "group", "nncp", "sensor"})
        EXPECT_THAT(problem(taken, {{"command", {"./sms.py"}}, {"environment", {}}}),
                    HasSubstr("another part's"))
            << taken;
    for (const char* bad : {"", "7up", "with space", "a:b", "seventeen-letters"})
        EXPECT_THAT(problem(bad, {{"command", {"./sms.py"}}, {"environment", {}}}),
                    HasSubstr("the first a letter"))
            << bad;
}

TEST(ExecKind, SaysWhatIsMissing) {
    EXPECT_THAT(problem("sms", {{"command", {}}, {"environment", {}}}),
                HasSubstr("the program is missing"));
    EXPECT_THAT(problem("sms", {{"command", {""}}, {"environment", {}}}),
                HasSubstr("the program is missing"));
    EXPECT_EQ(problem("sms", {{"command", {"x"}}, {"environment", {"A=1", "B="}}}), "");
    for (const char* bad : {"A", "=1", ""})
        EXPECT_THAT(problem("sms", {{"command", {"x"}}, {"environment", {bad}}}),
                    HasSubstr("no NAME=value"));
}

}  // namespace
}  // namespace waypost::exec

// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/imap_response.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scripted_wire.h"

namespace waypost::email {
namespace {

Result<ImapResponse> first(const std::string& bytes, ImapLimits limits = {}) {
    std::string said;
    ScriptedWire wire({bytes}, said);
    ImapReader reader(wire, limits);
    reader.begin();
    return reader.next();
}

std::string shown(const std::vector<ImapToken>& tokens) {
    std::string text;
    for (const ImapToken& token : tokens) {
        text += token.kind == ImapToken::Kind::Open    ? "("
                : token.kind == ImapToken::Kind::Close ? ")"
                : token.kind == ImapToken::Kind::Text  ? '<' + token.text + '>'
                                                       : token.text;
        text += ' ';
    }
    return text;
}

struct Case {
    const char* bytes;
    const char* tokens;
};

TEST(ImapResponseTest, Tokens) {
    const std::vector<Case> cases = {
        {"* 3 EXISTS\r\n", "3 EXISTS "},
        {"* LIST (\\Sent) \"/\" \"a \\\"b\"\r\n", "LIST ( \\Sent ) </> <a \"b> "},
        {"* 1 FETCH (UID 4 BODY[]<0> {5}\r\na)\r\nb FLAGS ())\r\n",
         "1 FETCH ( UID 4 BODY[]<0> <a)\r\nb> FLAGS ( ) ) "},
        {"* X {0}\r\n\r\n", "X <> "},
        {"* X {2+}\r\nab{1}\r\nc\n", "X <ab> <c> "},
        {"* X {x}\r\n", "X {x} "},
        {"*\r\n", ""},
    };
    for (const Case& each : cases) {
        const auto response = first(each.bytes);
        ASSERT_TRUE(response.ok()) << each.bytes;
        const auto tokens = tokens_of(*response);
        ASSERT_TRUE(tokens) << each.bytes;
        EXPECT_EQ(shown(*tokens), each.tokens) << each.bytes;
    }
    EXPECT_FALSE(tokens_of(*first("* X \"open\r\n")));
    EXPECT_FALSE(tokens_of(*first("* " + std::string(30'000, '(') + "\r\n"))) << "too many";
}

TEST(ImapResponseTest, WhatIsTooMuchIsAnError) {
    ImapLimits small;
    small.line_bytes = 100;
    small.literal_bytes = 10;
    small.answer_bytes = 100'000;
    small.literals = 3;
    EXPECT_EQ(first("* X {11}\r\n", small).error().code, Code::BadInput);
    EXPECT_EQ(first("* X {99999999999999999999999}\r\n", small).error().code, Code::BadInput);
    EXPECT_EQ(first("* " + std::string(50'000, 'x'), small).error().code, Code::BadInput);
    EXPECT_EQ(first("*{0}\r\n{0}\r\n{0}\r\n{0}\r\n", small).error().code, Code::BadInput);
    small.answer_bytes = 20;
    EXPECT_EQ(first("* " + std::string(30, 'x') + "\r\n", small).error().code, Code::BadInput);
    EXPECT_EQ(first("* X {5}\r\nab").error().code, Code::Network) << "cut within a literal";
}

TEST(ImapResponseTest, CodesAndQuotes) {
    EXPECT_EQ(response_code("[UIDVALIDITY 7] x"), (std::vector<std::string>{"UIDVALIDITY", "7"}));
    EXPECT_TRUE(response_code("no code").empty());
    EXPECT_TRUE(response_code("[]").empty());
    EXPECT_EQ(response_code("[open").size(), 1u);
    EXPECT_EQ(quoted("a\"b\\"), "\"a\\\"b\\\\\"");
    EXPECT_EQ(quoted("a\r\nb"), std::nullopt);
    EXPECT_EQ(quoted("\xc3\xbc"), std::nullopt);
}

}  // namespace
}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/hjson.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

// On one line, to compare.
std::string json(std::string_view hjson) {
    const auto value = parse_hjson(hjson);
    if (!value.ok()) return value.error().text;
    std::string out;
    bool line_start = false;
    for (const char c : to_json(*value)) {
        if (c == '\n') line_start = true;
        if (c == '\n' || (line_start && c == ' ')) continue;
        line_start = false;
        out += c;
    }
    return out;
}

TEST(HjsonTest, ReadsWhatPeopleWrite) {
    const struct {
        const char* hjson;
        const char* json;
    } kCases[] = {
        {"{}", "{}"},
        {"", "{}"},
        {"{\"a\":[1,-2.5e+3,true,false,null]}", "{\"a\": [1,-2.5e+3,true,false,null]}"},
        {"{a: some text, with # all // of it }\n}",
         "{\"a\": \"some text, with # all // of it }\"}"},
        {"a: 1\nb: 2", "{\"a\": 1,\"b\": 2}"},
        {"# before\n{ a: 1 # after\n // more\n /* and\n more */ b: two\n}",
         "{\"a\": 1,\"b\": \"two\"}"},
        {"{a: 1, b: 2,}", "{\"a\": 1,\"b\": 2}"},
        {"{a: 1 b: 2}\n}", "{\"a\": \"1 b: 2}\"}"},
        {"[1 // one\n2 /* two */, 3\n]", "[1,2,3]"},
        {"[a\nb\n]", "[\"a\",\"b\"]"},
        {"{.*: 10}", "{\".*\": 10}"},
        {"{a: 10 # ten\n}", "{\"a\": 10}"},
        {"{a: 022\n}", "{\"a\": \"022\"}"},
        {"{a: 1.\n}", "{\"a\": \"1.\"}"},
        {"{a: true story\n}", "{\"a\": \"true story\"}"},
        {"{a: \"x\" b: 'y'}", "{\"a\": \"x\",\"b\": \"y\"}"},
        {"{\"a b\": ' \"q\" '}", "{\"a b\": \" \\\"q\\\" \"}"},
        {"{'a': '\\u00e9\\ud83d\\ude00\\n\\''}", "{\"a\": \"\xC3\xA9\xF0\x9F\x98\x80\\n'\"}"},
        {"{a: /path/of it  \r\n}", "{\"a\": \"/path/of it\"}"},
        {"{a: x:y\n}", "{\"a\": \"x:y\"}"},
        {"\xEF\xBB\xBF{a: 1}", "{\"a\": 1}"},
        {"{\n  a:\n    '''\n    one\n      two\n    '''\n}", "{\"a\": \"one\\n  two\"}"},
        {"{a: '''one''' b: 1}", "{\"a\": \"one\",\"b\": 1}"},
    };
    for (const auto& [hjson, expected] : kCases) EXPECT_EQ(json(hjson), expected) << hjson;
}

TEST(HjsonTest, SaysWhereAndWhatToDo) {
    const struct {
        const char* hjson;
        const char* says;
    } kCases[] = {
        {"{\n  a: [1, 2\n", "line 2, column 7: no ] ends"},
        {"{ a: 1\n  b: {c: x}\n}", "line 1, column 2: no } ends this"},
        {"{a: 1}\nmore", "line 2, column 1: something stands after the end"},
        {"{a b: 1}", "line 1, column 4: expected ':' after the key 'a'"},
        {"{a:}", "line 1, column 4: expected a value"},
        {"{: 1}", "line 1, column 2: expected a key"},
        {"{a: \"x\n\"}", "line 1, column 5: no \" ends this text"},
        {"{a: '''x\n", "line 1, column 5: no ''' ends this text"},
        {"{a: \"\\x\"}", "this \\ means nothing"},
        {"{a: \"\\u12g4\"}", "four hex digits"},
        {"{a: \"\\ud800x\"}", "no character"},
        {"{a: \"\\ud800\\u0041\"}", "half of a pair"},
        {"{a: \"\\u0000\"}", "no character"},
        {"/* x", "no */ ends this comment"},
        {"{a: 1, a: 2}", "'a' stands twice"},
        {"{a: \"\xFF\"}", "not a text in UTF-8"},
    };
    for (const auto& [hjson, says] : kCases) {
        const auto value = parse_hjson(hjson);
        ASSERT_FALSE(value.ok()) << hjson;
        EXPECT_EQ(value.error().code, Code::BadInput);
        EXPECT_NE(value.error().text.find(says), std::string::npos) << value.error().text;
    }
}

TEST(HjsonTest, ANulByteIsNoText) {
    using namespace std::string_view_literals;
    EXPECT_FALSE(parse_hjson("{a: \"x\0y\"}"sv).ok());
}

TEST(HjsonTest, KnowsWhereAValueStands) {
    const auto value = parse_hjson("{\n a: {\n  b: 1\n }\n}");
    ASSERT_TRUE(value.ok());
    const Hjson* b = value->find("a")->find("b");
    EXPECT_EQ(b->line, 3);
    EXPECT_EQ(b->column, 6);
}

TEST(HjsonTest, HasLimits) {
    HjsonLimits small;
    small.bytes = 100;
    small.depth = 3;
    small.text_bytes = 8;
    small.values = 5;
    const auto code = [&](const std::string& text) {
        const auto value = parse_hjson(text, small);
        return value.ok() ? "" : to_string(value.error().code);
    };
    EXPECT_STREQ(code("[[[]]]"), "");
    EXPECT_STREQ(code("[[[[]]]]"), "too-large");
    EXPECT_STREQ(code("{abcdefgh: 1}"), "");
    for (const char* text : {"{abcdefghi: 1}", "{a: \"123456789\"}", "{a: 123456789\n}",
                             "{a: abcdefghi\n}", "{a: '''123456789'''}", "[1,2,3,4,5]"})
        EXPECT_STREQ(code(text), "too-large") << text;
    EXPECT_STREQ(code(std::string(101, ' ')), "too-large");
    EXPECT_FALSE(parse_hjson(std::string(500'000, '[')).ok());
    EXPECT_FALSE(parse_hjson(std::string(500'000, '{')).ok());
}

TEST(HjsonTest, SettingReplacesOrAppends) {
    Hjson object = Hjson::object();
    object.set("a", Hjson::of_text("1"));
    object.set("b", Hjson::of_text("2"));
    object.set("a", Hjson::of_text("3"));
    EXPECT_EQ(to_json(object), "{\n  \"a\": \"3\",\n  \"b\": \"2\"\n}\n");
}

}  // namespace
}  // namespace waypost::nncp

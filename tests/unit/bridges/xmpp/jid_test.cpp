// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/jid.h"

#include <gtest/gtest.h>

#include "bridges/xmpp/precis.h"

namespace waypost::xmpp {
namespace {

std::string parsed(std::string_view text) {
    const auto jid = parse_jid(text);
    return jid.ok() ? jid->text() : "-";
}

TEST(Jid, ExamplesOfRfc7622) {
    for (const char* good :
         {"juliet@example.com", "juliet@example.com/foo", "juliet@example.com/foo bar",
          "juliet@example.com/foo@bar", "foo\\20bar@example.com", "fussball@example.com",
          "fu\u00DFball@example.com", "\u03C0@example.com", "\u03C3@example.com/foo",
          "\u03C2@example.com/foo", "king@example.com/\u265A", "example.com", "example.com/foobar",
          "a.example.com/b@example.net"})
        EXPECT_EQ(parsed(good), good);
    EXPECT_EQ(parsed("\u03A3@example.com/foo"), "\u03C3@example.com/foo");
    for (const char* bad : {"\"juliet\"@example.com", "foo bar@example.com", "@example.com/",
                            "henry\u2163@example.com", "\u265A@example.com", "juliet@", "/foobar"})
        EXPECT_EQ(parsed(bad), "-") << bad;
    // The table calls this one bad; the profile that section 3.4 names takes it, and so do servers.
    EXPECT_EQ(parsed("juliet@example.com/ foo"), "juliet@example.com/ foo");
}

TEST(Jid, TakesThePartsApart) {
    const auto jid = parse_jid("A.Na@Hill.Example./Phone/2");
    ASSERT_TRUE(jid.ok());
    EXPECT_EQ(jid->local(), "a.na");
    EXPECT_EQ(jid->domain(), "hill.example");
    EXPECT_EQ(jid->resource(), "Phone/2");
    EXPECT_EQ(jid->bare_text(), "a.na@hill.example");
    EXPECT_EQ(jid->bare().text(), "a.na@hill.example");
    EXPECT_TRUE(jid->bare().is_bare());
    EXPECT_TRUE(parse_jid("hill.example")->is_domain());
    EXPECT_TRUE(Jid{}.empty());
}

TEST(Jid, DomainsAreComparedAsPeopleReadThem) {
    EXPECT_EQ(parsed("a@B\u00DCCHER.example"), "a@b\u00FCcher.example");
    EXPECT_EQ(parsed("a@xn--bcher-kva.example"), "a@b\u00FCcher.example");
    EXPECT_EQ(parsed("a@[2001:DB8::1]"), "a@[2001:db8::1]");
    EXPECT_EQ(parsed("a@[0:0::2]"), "a@[::2]");
    EXPECT_EQ(parsed("a@192.0.2.1"), "a@192.0.2.1");
    for (const char* bad : {"a@", "a@.", "a@a..b", "a@-a.b", "a@a-.b", "a@a_b.c", "a@a b", "a@[1]",
                            "a@[fe80::1%eth0]", "a@[192.0.2.1]", "a@[::1", "a@\xFF",
                            "a@xn--a.example", "a@b@c", "a@b\\c", "a@a:5222"})
        EXPECT_EQ(parsed(bad), "-") << bad;
    EXPECT_EQ(parsed("a@" + std::string(64, 'b')), "-");
    EXPECT_EQ(parsed("a@" + std::string(63, 'b')), "a@" + std::string(63, 'b'));
}

TEST(Jid, PartsHave1023BytesAtMost) {
    const std::string most(1023, 'a');
    EXPECT_EQ(parsed(most + "@b.c/" + most), most + "@b.c/" + most);
    EXPECT_EQ(parsed(most + "a@b.c"), "-");
    EXPECT_EQ(parsed("a@b.c/" + most + "a"), "-");
    // It is short enough as written and too long as compared.
    std::string grows;
    for (int i = 0; i < 400; ++i) grows += "\u023A";  // 2 bytes; in small letters 3
    EXPECT_EQ(parsed(grows + "@b.c"), "-");
}

TEST(Precis, ExamplesOfRfc8265Usernames) {
    for (const char* good : {"juliet@example.com", "fussball", "fu\u00DFball", "\u03C0", "\u03C3"})
        EXPECT_EQ(*username_case_mapped(good), good);
    EXPECT_EQ(*username_case_mapped("\u03A3"), "\u03C3");
    EXPECT_EQ(*username_case_mapped("\u03C2"), "\u03C2");
    for (const char* bad : {"", "foo bar", "henry\u2163", "\u265A", "\u221E", "\u2205"})
        EXPECT_FALSE(username_case_mapped(bad).ok()) << bad;
}

TEST(Precis, ExamplesOfRfc8265OpaqueStrings) {
    EXPECT_EQ(*opaque_string("correct horse battery staple"), "correct horse battery staple");
    EXPECT_EQ(*opaque_string("Correct Horse Battery Staple"), "Correct Horse Battery Staple");
    EXPECT_EQ(*opaque_string("\u03C0\u00DF\u00E5"), "\u03C0\u00DF\u00E5");
    EXPECT_EQ(*opaque_string("Jack of \u2666s"), "Jack of \u2666s");
    EXPECT_EQ(*opaque_string("foo\u1680bar"), "foo bar");
    EXPECT_FALSE(opaque_string("").ok());
    EXPECT_FALSE(opaque_string("my cat is a \x09"
                               "by")
                     .ok());
}

TEST(Precis, UsernamesHaveOneForm) {
    EXPECT_EQ(*username_case_mapped("\uFF21\uFF4E\uFF41"), "ana");  // full width
    EXPECT_EQ(*username_case_mapped("\uFF76"), "\u30AB");           // half width
    EXPECT_EQ(*username_case_mapped("A\u0301"), "\u00E1");          // composed
    EXPECT_EQ(*username_case_mapped("\u0643\u0645\u0627\u0644"), "\u0643\u0645\u0627\u0644");
    EXPECT_EQ(*username_case_mapped("\u0930\u093E\u092E"), "\u0930\u093E\u092E");
    const char* const bad[] = {
        "\u200B",              // has no width
        "a\u200Db",            // joins nothing
        "a\u00B7b",            // a middle dot between other letters than l
        "\u0640\u0627",        // tatweel
        "\u0627a",             // from right to left, and from left to right
        "a\u0627",             //
        "1\u0627",             // begins with a digit
        "\u0627\u0661\u06F1",  // digits of two kinds
        "\u1100",              // an old Hangul letter
        "\uE000",              // private
        "\U0001F600",          // a symbol
        "\u0378",              // not assigned
        "\xC3",                // no UTF-8
    };
    for (const char* text : bad) EXPECT_FALSE(username_case_mapped(text).ok()) << text;
    EXPECT_TRUE(username_case_mapped("l\u00B7l").ok());
    EXPECT_TRUE(username_case_mapped("\u0915\u094D\u200D\u0937").ok());  // behind a virama
    EXPECT_TRUE(username_case_mapped("\u0628\u200C\u0628").ok());        // between Arabic letters
    EXPECT_TRUE(username_case_mapped("\u0627\u0661").ok());
    EXPECT_TRUE(username_case_mapped("\u05D0\u05F3").ok());
    EXPECT_TRUE(username_case_mapped("\u30A2\u30FB\u30A2").ok());
    EXPECT_FALSE(username_case_mapped("a\u30FBb").ok());
}

TEST(JidEscape, ExamplesOfXep0106) {
    struct Case {
        const char *given, *escaped;
    };
    const Case cases[] = {{"space cadet", "space\\20cadet"},
                          {"call me \"ishmael\"", "call\\20me\\20\\22ishmael\\22"},
                          {"at&t guy", "at\\26t\\20guy"},
                          {"d'artagnan", "d\\27artagnan"},
                          {"/.fanboy", "\\2f.fanboy"},
                          {"::foo::", "\\3a\\3afoo\\3a\\3a"},
                          {"<foo>", "\\3cfoo\\3e"},
                          {"user@host", "user\\40host"},
                          {"c:\\net", "c\\3a\\net"},
                          {"c:\\\\net", "c\\3a\\\\net"},
                          {"c:\\cool stuff", "c\\3a\\cool\\20stuff"},
                          {"c:\\5commas", "c\\3a\\5c5commas"}};
    for (const Case& each : cases) {
        EXPECT_EQ(escape_local(each.given), each.escaped);
        EXPECT_EQ(unescape_local(each.escaped), each.given);
        EXPECT_TRUE(make_jid(escape_local(each.given), "gw.example").ok()) << each.given;
    }
    EXPECT_EQ(escape_local("\\20"), "\\5c20");
    EXPECT_EQ(unescape_local("\\5c20"), "\\20");
    EXPECT_EQ(unescape_local("\\5C\\2x\\"), "\\5C\\2x\\");
    EXPECT_EQ(escape_local(" a"), "");
    EXPECT_EQ(escape_local("a "), "");
}

TEST(LookAlike, NamesThatMixAlphabetsAreSeen) {
    EXPECT_FALSE(mixes_scripts("ana"));
    EXPECT_FALSE(mixes_scripts("fu\u00DFball"));
    EXPECT_FALSE(mixes_scripts("\u0430\u043D\u044F"));  // Cyrillic alone
    EXPECT_FALSE(
        mixes_scripts("\u3042\u30A2\u4E9C"
                      "a"));                    // Japanese with Latin
    EXPECT_TRUE(mixes_scripts("p\u0430ypal"));  // one Cyrillic letter
    EXPECT_TRUE(mixes_scripts("\u03B1na"));     // one Greek letter
    EXPECT_TRUE(mixes_scripts("\xFF"));
    EXPECT_EQ(skeleton("p\u0430ypal"), skeleton("paypal"));
    EXPECT_EQ(skeleton("\u0430\u0441\u0435"), skeleton("ace"));
    EXPECT_NE(skeleton("ana"), skeleton("ann"));
}

}  // namespace
}  // namespace waypost::xmpp

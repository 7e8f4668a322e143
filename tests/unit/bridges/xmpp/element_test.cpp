// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stream/element.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace waypost::xmpp {
namespace {

Element message() {
    return Element("message", kComponentSpace)
        .set("to", "ana@hill.example")
        .add(Element("body").set_text("hello"))
        .add(Element("request", "urn:xmpp:receipts"));
}

TEST(Element, ChildrenTakeTheNamespaceOfTheirParent) {
    const Element stanza = message();
    ASSERT_NE(stanza.find("body"), nullptr);
    EXPECT_EQ(stanza.find("body")->space(), kComponentSpace);
    EXPECT_EQ(stanza.child_text("body"), "hello");
    EXPECT_NE(stanza.find("request", "urn:xmpp:receipts"), nullptr);
    EXPECT_EQ(stanza.find("request"), nullptr);
    EXPECT_EQ(stanza.find_space("urn:xmpp:receipts")->name(), "request");
    EXPECT_EQ(stanza.child_text("subject"), "");

    Element late("x");
    late.add(Element("y").add(Element("z")));
    Element top("top", "urn:top");
    top.add(std::move(late));
    EXPECT_EQ(top.find("x")->find("y")->find("z")->space(), "urn:top");
}

TEST(Element, AttributesAreKeptByNameAndNamespace) {
    Element stanza = message().set_lang("sw").set("to", "bob@hill.example");
    EXPECT_EQ(stanza.get("to"), "bob@hill.example");
    EXPECT_EQ(stanza.lang(), "sw");
    EXPECT_EQ(stanza.get("lang"), "");
    EXPECT_EQ(stanza.find_attribute("from"), nullptr);
    stanza.remove("to");
    EXPECT_EQ(stanza.find_attribute("to"), nullptr);
    EXPECT_EQ(stanza.attributes().size(), 1u);
}

TEST(Element, IsWrittenWithNoMoreNamespacesThanNeeded) {
    EXPECT_EQ(to_xml(message(), kComponentSpace),
              "<message to='ana@hill.example'><body>hello</body>"
              "<request xmlns='urn:xmpp:receipts'/></message>");
    EXPECT_EQ(to_xml(Element("iq"), kComponentSpace), "<iq/>");
    EXPECT_EQ(to_xml(Element("a", "urn:a").set("k", "v", "urn:k").set_lang("fr")),
              "<a xmlns='urn:a' xmlns:n0='urn:k' n0:k='v' xml:lang='fr'/>");
}

TEST(Element, ValuesCannotBreakTheStream) {
    struct Case {
        std::string given, text, value;
    };
    const Case cases[] = {
        {"a < b > c & d", "a &lt; b &gt; c &amp; d", "a &lt; b &gt; c &amp; d"},
        {"\"it's\"", "\"it's\"", "&quot;it&apos;s&quot;"},
        {"]]>", "]]&gt;", "]]&gt;"},
        {"tab\tline\nreturn\r", "tab\tline\nreturn&#13;", "tab&#9;line&#10;return&#13;"},
        {std::string("nul\0bell\a\x1b[0m\x1f", 13), "nulbell[0m", "nulbell[0m"},
        {"\xFF\xC3 \xC3\xA9", "\uFFFD\uFFFD \u00E9", "\uFFFD\uFFFD \u00E9"},
        {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", "\uFFFD\uFFFD\uFFFD"},  // a surrogate
        {"\uFFFE\uFFFF \U0001F600", " \U0001F600", " \U0001F600"},
        {"\x7F\u0085", "\x7F\u0085", "\x7F\u0085"},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(to_xml(Element("b").set_text(each.given)), "<b>" + each.text + "</b>");
        EXPECT_EQ(to_xml(Element("b").set("v", each.given)), "<b v='" + each.value + "'/>");
        EXPECT_EQ(to_xml(Element("b", "urn:" + each.given)), "<b xmlns='urn:" + each.value + "'/>");
    }
}

TEST(Element, NamesThatAreNoneAreABugOfOurs) {
    for (const char* name : {"", "a b", "a>", "1a", "x:y", "\xC3\xA9", "-a"}) {
        EXPECT_THROW(Element{name}, std::invalid_argument) << name;
        EXPECT_THROW(Element("a").set(name, "v"), std::invalid_argument) << name;
    }
    EXPECT_THROW(Element("a").set("xmlns", "urn:b"), std::invalid_argument);
}

}  // namespace
}  // namespace waypost::xmpp

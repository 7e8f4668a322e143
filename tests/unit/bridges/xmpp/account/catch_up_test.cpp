// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/catch_up.h"

#include "tests/unit/bridges/xmpp/village.h"

namespace waypost::xmpp {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kFin[] =
    "<fin xmlns='urn:xmpp:mam:2'%C><set xmlns='http://jabber.org/protocol/rsm'>"
    "<last>%L</last></set></fin>";

class CatchUpTest : public Village {
  protected:
    std::string asked() { return sent.empty() ? "" : to_xml(sent.back(), kComponentSpace); }
    std::string query() { return std::string(sent.back().get("id")); }
    void answer(const std::string& inside, const std::string& type = "result",
                const std::string& from = "") {
        catch_up.answer(stanza("<iq type='" + type + "' id='" + query() + "'" +
                               (from.empty() ? "" : " from='" + from + "'") + ">" + inside +
                               "</iq>"));
    }
    void page(const std::string& last, bool complete) {
        std::string fin = kFin;
        fin.replace(fin.find("%C"), 2, complete ? " complete='true'" : "");
        fin.replace(fin.find("%L"), 2, last);
        answer(fin);
    }
    std::optional<Element> result(const std::string& id, const std::string& body,
                                  const std::string& from = "village@chat.example") {
        return catch_up.archived(
            stanza("<message from='" + from + "'><result xmlns='urn:xmpp:mam:2' queryid='" +
                   query() + "' id='" + id +
                   "'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' "
                   "stamp='2026-11-27T09:45:39Z'/><message xmlns='jabber:component:accept' "
                   "from='bob@x.org/p' to='village@chat.example'><body>" +
                   body + "</body></message></forwarded></result></message>"));
    }

    CatchUp catch_up{office.state("xmpp.home"), office.random(), office.clock(),
                     *parse_jid("village@chat.example"),
                     [this](Element iq) { sent.push_back(std::move(iq)); }};
};

TEST_F(CatchUpTest, TheFirstTimeItOnlyLearnsWhereTheArchiveEnds) {
    catch_up.start();
    EXPECT_THAT(asked(), HasSubstr("<before/>"));
    EXPECT_FALSE(result("old", "from before"));
    page("old", false);
    EXPECT_FALSE(catch_up.busy());
    EXPECT_EQ(office.kept().at("archive"), "old");
}

TEST_F(CatchUpTest, ItReadsOnFromWhereItWasPageByPage) {
    office.kept()["archive"] = "7";
    catch_up.start();
    EXPECT_THAT(asked(), HasSubstr("<after>7</after>"));
    const auto then = result("8", "hello");
    ASSERT_TRUE(then);
    EXPECT_EQ(then->get("from"), "bob@x.org/p");
    EXPECT_EQ(then->child_text("body"), "hello");
    EXPECT_EQ(then->find("delay", "urn:xmpp:delay")->get("stamp"), "2026-11-27T09:45:39Z");
    EXPECT_EQ(catch_up.id_of(*then), "8");
    EXPECT_EQ(office.kept().at("archive"), "7") << "until the page is read";
    page("8", false);
    EXPECT_TRUE(catch_up.busy());
    EXPECT_THAT(asked(), HasSubstr("<after>8</after>"));
    page("9", true);
    EXPECT_FALSE(catch_up.busy());
    EXPECT_EQ(office.kept().at("archive"), "9");
    EXPECT_FALSE(catch_up.is_new("8")) << "it comes once more, as an offline message";
    EXPECT_TRUE(catch_up.is_new("10"));
    EXPECT_EQ(office.kept().at("archive"), "9");
    catch_up.took("10");
    EXPECT_EQ(office.kept().at("archive"), "10");
}

TEST_F(CatchUpTest, WhatComesMeanwhileDoesNotSkipWhatIsNotRead) {
    office.kept()["archive"] = "7";
    catch_up.start();
    EXPECT_TRUE(catch_up.is_new("12"));
    catch_up.took("12");
    EXPECT_EQ(office.kept().at("archive"), "7");
}

TEST_F(CatchUpTest, NobodyElseAnswersForTheArchive) {
    office.kept()["archive"] = "7";
    catch_up.start();
    EXPECT_FALSE(result("8", "forged", "eve@x.org/home"));
    answer("<fin xmlns='urn:xmpp:mam:2' complete='true'/>", "result", "eve@x.org/home");
    EXPECT_TRUE(catch_up.busy());
    EXPECT_EQ(catch_up.id_of(stanza("<message><stanza-id xmlns='urn:xmpp:sid:0' by='x.org' "
                                    "id='1'/></message>")),
              "");
}

TEST_F(CatchUpTest, AnIdThatTheServerForgotIsATime) {
    office.kept()["archive"] = "7";
    office.kept()["archive-read"] = "1795772739";
    catch_up.start();
    const std::string gone =
        "<error type='cancel'><item-not-found "
        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
    answer(gone, "error");
    EXPECT_THAT(asked(), HasSubstr("<value>2026-11-27T08:45:39Z</value>"));
    EXPECT_THAT(asked(), Not(HasSubstr("<after>")));
    EXPECT_TRUE(catch_up.busy());
    answer(gone, "error");
    EXPECT_FALSE(catch_up.busy()) << "it does not ask for ever";
}

TEST_F(CatchUpTest, AServerWithoutAnArchiveIsOneToo) {
    catch_up.start();
    answer(
        "<error type='cancel'><service-unavailable "
        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
        "error");
    EXPECT_FALSE(catch_up.busy());
}

}  // namespace
}  // namespace waypost::xmpp

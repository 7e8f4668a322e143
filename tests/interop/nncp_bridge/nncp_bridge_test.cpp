// SPDX-License-Identifier: Apache-2.0
// Ana of hill and Ben of dale, from radio to radio, where no line leads from one to the other; and
// Bob in the city, whose machine has Debian's nncp and Postfix and knows nothing of Waypost.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "nodes.h"
#include "tests/interop/mail/ask.h"
#include "tests/interop/neighbours/two_villages.h"

namespace waypost::interop {
namespace {

std::string list(const std::vector<std::string>& entries) {
    std::string all;
    for (const std::string& each : entries) all += (all.empty() ? "[\"" : "\", \"") + each;
    return all.empty() ? "[]" : all + "\"]";
}

std::string links(const Nodes& nodes, const std::string& own, const std::string& other,
                  const std::string& more = {}, const std::string& domain = {}) {
    const std::string theirs = domain.empty() ? other + ".example" : domain;
    return "[nncp.post]\nconfig = \"" + nodes.config(own) +
           "\"\ngather = \"50ms\"\ncarries = " + list({theirs + "=" + other}) + "\n" + more +
           "[neighbour." + other + "]\ndomain = " + list({theirs}) + "\nnncp = \"" + other + "\"\n";
}

std::string compact(const std::string& node) {
    return "compact = " + list({node}) + "\nacks = " + list({node}) + "\n";
}

TEST(NncpBridge, ByACourierFromRadioToRadioAndReceiptsBack) {
    const Nodes nodes({"hill", "dale"});
    OneVillage hill("hill", "ana", links(nodes, "hill", "dale", compact("dale")));
    OneVillage dale("dale", "ben", links(nodes, "dale", "hill", compact("hill")));
    const auto all = [&] { return seen(hill, dale); };
    hill.type("@ben.dale Hello");
    ASSERT_TRUE(hill.shows("1 kept")) << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "waits for the next call or courier to dale"))
        << hill.box().waypost("trace 1") << all();
    ASSERT_TRUE(says(hill.box(), "status", "1 to go")) << hill.box().waypost("status");
    const Courier courier(nodes, "hill", "dale");
    ASSERT_TRUE(dale.shows("1 ana.hill: Hello")) << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "in custody of dale"))
        << hill.box().waypost("trace 1") << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "delivered [reported]"))
        << hill.box().waypost("trace 1") << all();
    hill.type("?1");
    ASSERT_TRUE(hill.shows_some("1 ben.dale: delivered ")) << all();
    dale.type("*1 Yes");
    ASSERT_TRUE(hill.shows("2 ben.dale: Yes")) << all();
    ASSERT_TRUE(says(hill.box(), "neighbours", "1 of 500 messages today")) << all();
    hill.type("@nobody.dale Hello");
    ASSERT_TRUE(hill.shows_some("no such address")) << all();
}

// Each gateway is its own courier: by a folder that both see, as a synchronised one is, and by a
// stick, which is asked about first.
TEST(NncpBridge, ByASharedFolderAndByAStickOfTheirOwnAccord) {
    const Nodes nodes({"hill", "dale"});
    const Folder shared;
    const Folder media;
    const auto couriers = [&](const std::string& other) {
        return compact(other) + "folders = " + list({shared / ""}) + "\nfolders_every = \"5s\"\n" +
               "sticks = " + list({media / other}) + "\n";
    };
    for (const char* name : {"hill", "dale"}) std::filesystem::create_directory(media / name);
    const std::string socket = media / "hill.sock";
    OneVillage hill("hill", "ana", links(nodes, "hill", "dale", couriers("dale")) + api_at(socket));
    OneVillage dale("dale", "ben", links(nodes, "dale", "hill", couriers("hill")));
    const auto all = [&] { return seen(hill, dale) + hill.box().waypost("status"); };
    hill.type("@ben.dale Hello");
    ASSERT_TRUE(dale.shows("1 ana.hill: Hello")) << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "delivered [reported]"))
        << hill.box().waypost("trace 1") << all();

    std::filesystem::create_directory(media / "dale/BLUE");
    ASSERT_TRUE(says(hill.box(), "status", "stick BLUE: not known here: `waypost usb accept"))
        << all();
    shell(std::string(WAYPOST_BIN) + "/waypost usb --nncp-config " + nodes.config("hill") +
          " accept 'dir:" + (media / "dale/BLUE") + "'");
    ASSERT_TRUE(says(hill.box(), "status", "stick BLUE: safe to pull")) << all();
    EXPECT_TRUE(std::filesystem::exists(media / "dale/BLUE/nncp/README.txt"));

    const auto red_is = [&](const std::string& state) {
        return eventually([&] {
            const std::string sticks = ask(socket, "GET", "/couriers");
            const std::size_t red = sticks.find("\"label\":\"RED\"");
            return red != std::string::npos &&
                   sticks.find("\"state\":\"" + state, red) < sticks.find('}', red);
        });
    };
    std::filesystem::create_directory(media / "dale/RED");
    ASSERT_TRUE(red_is("asking")) << all();
    std::string id = "dir%3A" + (media / "dale/RED");
    for (std::size_t at = 0; (at = id.find('/')) != std::string::npos;) id.replace(at, 1, "%2F");
    EXPECT_EQ(ask(socket, "POST", "/couriers/" + id + "/accept"), "{}\n");
    ASSERT_TRUE(red_is("safe")) << all();
    EXPECT_TRUE(std::filesystem::exists(media / "dale/RED/nncp/README.txt"));

    const std::string live =
        ask(socket, "GET", "/live?log=1&packets=1", "\"text\":\"text, !0000000a to ");
    EXPECT_NE(live.find("\"event\":\"stick-done\""), std::string::npos) << live;
    EXPECT_EQ(live.find("Hello"), std::string::npos) << live;
}

TEST(NncpBridge, ByCallsAndWithoutLossOrDoubleWhereABoxDies) {
    const Nodes nodes({"hill", "dale"});
    const auto online = [&](const std::string& own, const std::string& other) {
        return compact(other) + "call_at_once = " + list({other}) +
               "\nlisten = \"127.0.0.1:" + std::to_string(nodes.port(own)) + "\"\n";
    };
    OneVillage hill("hill", "ana", links(nodes, "hill", "dale", online("hill", "dale")));
    OneVillage dale("dale", "ben", links(nodes, "dale", "hill", online("dale", "hill")));
    const auto all = [&] { return seen(hill, dale); };
    hill.type("@ben.dale Hello");
    ASSERT_TRUE(dale.shows("1 ana.hill: Hello")) << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "delivered [reported]"))
        << hill.box().waypost("trace 1") << all();
    int number = 1;
    const auto dies = [&](OneVillage& who, const std::string& at) {
        who.box().stop();
        who.box().start(at);
        hill.type("@ben.dale At " + at);
        ASSERT_TRUE(eventually([&] { return who.box().died(); })) << at << all();
        who.box().start();
        const std::string shown = std::to_string(++number) + " ana.hill: At " + at;
        ASSERT_TRUE(dale.shows(shown)) << at << all();
        EXPECT_EQ(dale.shown(shown), 1) << all();
    };
    dies(hill, "attempt-begun");
    dies(hill, "outcome-known");
    dies(dale, "handed");
    EXPECT_EQ(dale.screen().find(std::to_string(number + 1) + " ana.hill"), std::string::npos)
        << all();
}

// A node that has nothing of ours: nncp-toss there runs the sendmail of Postfix.
TEST(NncpBridge, WithDebiansNncpAndPostfixInTheCity) {
    const Folder city;
    const Ports ports;
    const Dovecot dovecot(city, ports);
    const Postfix postfix(city, ports);
    const Nodes nodes({"hill", "city"}, {{"city", "sendmail: [\"/usr/sbin/sendmail\", \"-C\", \"" +
                                                      city / "pf" + "\", \"-i\"]"}});
    OneVillage hill("hill", "ana", links(nodes, "hill", "city", {}, "hill.test"));
    const Courier courier(nodes, "hill", "city");
    const auto all = [&] { return "hill:\n" + hill.screen() + hill.box().log() + postfix.log(); };
    const auto toss = [&] {
        shell("nncp-toss -quiet -noprogress -cfg " + nodes.config("city") + " 2>&1 || true");
    };
    hill.type("@bob.city Hello from the hill");
    ASSERT_TRUE(hill.shows("1 kept")) << all();
    ASSERT_TRUE(eventually([&] {
        toss();
        return dovecot.mails("bob@hill.test").size() == 1;
    })) << all();
    const std::string mail = dovecot.mails("bob@hill.test").front();
    EXPECT_NE(mail.find("Hello from the hill"), std::string::npos) << mail;
    EXPECT_NE(mail.find("Message-ID:"), std::string::npos) << mail;

    std::ofstream(city / "reply") << "Return-Path: <bob@hill.test>\nFrom: Bob <bob@hill.test>\n"
                                     "Message-ID: <b1@hill.test>\nSubject: Hi\n\nHello back\n";
    shell("nncp-exec -quiet -noprogress -cfg " + nodes.config("city") +
          " hill sendmail ana@hill.example < " + city / "reply");
    ASSERT_TRUE(hill.shows_some("bob.city: Hi // Hello back")) << all();

    // To nobody: Bob gets a report, by the same way back.
    shell("nncp-exec -quiet -noprogress -cfg " + nodes.config("city") +
          " hill sendmail nobody@hill.example < " + city / "reply");
    ASSERT_TRUE(eventually([&] {
        toss();
        return dovecot.mails("bob@hill.test").size() == 2;
    })) << all();
    const auto mails = dovecot.mails("bob@hill.test");
    EXPECT_NE((mails[0] + mails[1]).find("Action: failed"), std::string::npos);
}

}  // namespace
}  // namespace waypost::interop

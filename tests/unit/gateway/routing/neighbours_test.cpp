// SPDX-License-Identifier: Apache-2.0
#include "gateway/routing/neighbours.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace waypost {
namespace {

Neighbour dale() {
    Neighbour dale;
    dale.name = "dale";
    dale.domains = {"Dale.Example", "moor.example"};
    dale.addresses = {*IpNetwork::parse("192.0.2.0/28"), *IpNetwork::parse("2001:db8::1")};
    return dale;
}

Neighbours linked() { return {{dale()}, "hill.example"}; }

TEST(Neighbours, SpeakForTheirDomainsOnly) {
    const Neighbours all = linked();
    ASSERT_NE(all.speaker(mailto("ben", "dale.example")), nullptr);
    EXPECT_NE(all.speaker(*parse_address("ben@MOOR.example")), nullptr);
    EXPECT_EQ(all.speaker(mailto("ben", "sub.dale.example")), nullptr);
    EXPECT_EQ(all.speaker(mailto("ben", "hill.example")), nullptr);
    EXPECT_EQ(all.speaker(person("ben")), nullptr);
    EXPECT_EQ(Neighbours().speaker(mailto("ben", "dale.example")), nullptr);
}

TEST(Neighbours, AreFrontedWhereTheSettingsSaySo) {
    Neighbour front = dale();
    EXPECT_EQ(linked().fronted(mailto("ben", "dale.example")), nullptr);
    front.fronted = true;
    const Neighbours all({front}, "hill.example");
    ASSERT_NE(all.fronted(mailto("ben", "moor.example")), nullptr);
    EXPECT_EQ(all.fronted(mailto("ben", "else.example")), nullptr);
    EXPECT_EQ(all.fronted(*parse_address("xmpp:ben@dale.example")), nullptr) << "mail only";
}

TEST(Neighbours, AreKnownByTheirAddresses) {
    const Neighbours all = linked();
    for (const char* theirs : {"192.0.2.1", "192.0.2.15", "::ffff:192.0.2.7", "2001:db8::1"})
        EXPECT_NE(all.at(theirs), nullptr) << theirs;
    for (const char* other : {"192.0.2.16", "127.0.0.1", "2001:db8::2", "", "dale", "192.0.2.1.5"})
        EXPECT_EQ(all.at(other), nullptr) << other;
}

TEST(Neighbours, AreKnownByTheirKeys) {
    Neighbour keyed = dale();
    keyed.keys = {"nncp:dale"};
    const Neighbours all({keyed}, "hill.example");
    ASSERT_NE(all.at("nncp:dale"), nullptr);
    EXPECT_EQ(all.at("nncp:dale")->name, "dale");
    EXPECT_NE(all.at("192.0.2.1"), nullptr) << "and by its addresses as before";
    for (const char* other : {"nncp:vale", "dale", "nncp:", ""})
        EXPECT_EQ(all.at(other), nullptr) << other;
}

TEST(Neighbours, PeopleThereHaveShortNames) {
    const Neighbours all = linked();
    EXPECT_EQ(all.address("ben.dale"), mailto("ben", "dale.example"));
    EXPECT_EQ(all.address("ben.smith.dale"), mailto("ben.smith", "dale.example"));
    for (const char* none : {"ben", "ben.vale", ".dale", "dale", "ben.", "b<en.dale"})
        EXPECT_FALSE(all.address(none)) << none;
    EXPECT_EQ(all.short_name(mailto("ben", "dale.example"), 16), "ben.dale");
    EXPECT_FALSE(all.short_name(mailto("ben", "moor.example"), 16)) << "typed, it leads elsewhere";
    EXPECT_FALSE(all.short_name(mailto("ben", "x.org"), 16));
    const auto longest = all.short_name(mailto(std::string(60, 'b'), "dale.example"), 16);
    ASSERT_TRUE(longest);
    EXPECT_LE(longest->size(), 16u);
    EXPECT_EQ(longest->substr(longest->size() - 5), ".dale") << "whose he is, is never cut";
    EXPECT_FALSE(all.short_name(mailto("ben", "dale.example"), 5));
}

TEST(Neighbours, SayWhatIsWrongWithThem) {
    const auto problem = [](const Neighbour& one, const Neighbour& other) -> std::string {
        try {
            const Neighbours all({one, other}, "Hill.Example");
        } catch (const std::runtime_error& e) {
            return e.what();
        }
        return {};
    };
    Neighbour other = dale();
    other.name = "vale";
    other.domains = {"vale.example"};
    EXPECT_EQ(problem(dale(), other), "");
    const auto with = [&](const std::string& name, std::vector<std::string> domains) {
        Neighbour changed = other;
        changed.name = name;
        changed.domains = std::move(domains);
        return problem(dale(), changed);
    };
    for (const char* bad : {"", "Vale", "1vale", "va.le", "a-much-too-long-name", "v\xc3\xa4le"})
        EXPECT_NE(with(bad, {"vale.example"}).find("a name has"), std::string::npos) << bad;
    EXPECT_NE(with("vale", {}).find("names none"), std::string::npos);
    EXPECT_NE(with("vale", {"vale example"}).find("no domain"), std::string::npos);
    EXPECT_NE(with("vale", {"hill.example"}).find("this box's own"), std::string::npos);
    EXPECT_NE(with("vale", {"dale.example"}).find("another neighbour's"), std::string::npos);
}

}  // namespace
}  // namespace waypost

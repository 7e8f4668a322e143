// SPDX-License-Identifier: Apache-2.0
// Made up node numbers, and names from outside that say more than they are.
#include <gmock/gmock.h>

#include <cstdio>

#include "gateway/custody/forgetting.h"
#include "gateway/custody/imitation.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Address node(int number) {
    char text[16];
    std::snprintf(text, sizeof text, "!%08x", 0x10000 + number);
    return {"meshtastic", text};
}

class Strangers : public Village {
  protected:
    std::int64_t count() {
        return *store_->read([](store::Tables& t) { return t.strangers.count(); });
    }
    bool known(const Address& radio) {
        return store_->read([&](store::Tables& t) { return t.people.endpoint(radio); })
            ->has_value();
    }
    // As it was given, on Ana's screen.
    std::string head_of(const std::string& from, const std::string& from_name) {
        Message message = letter(from, "ana@hill.example", "text");
        message.from_name = from_name;
        message.verified_sender = true;
        hand(message);
        const std::string shown = radio_->sent.back().text;
        return shown.substr(shown.find(' ') + 1);
    }
};

TEST_F(Strangers, TenThousandNewNodeNumbersInAnHourLeaveTwoHundred) {
    name("ana", kAna);
    for (int i = 0; i < 10'000; ++i) {
        office_->heard("meshtastic.roof", node(i), {});
        if (i % 200 == 0) settle();
        clock_.advance(milliseconds(300));
    }
    settle();
    EXPECT_LE(count(), 200);
    EXPECT_EQ(dm1(node(9999).value, "bob@x.org help").substr(0, 6), "1 kept") << "still served";
    hear(kAna);
    clock_.advance(hours(1));
    office_->heard("meshtastic.roof", node(9999), {});
    settle();
    EXPECT_TRUE(known(node(9999))) << "taken in when it is heard later";
}

TEST_F(Strangers, WhoIsNotHeardForSixtyDaysIsForgottenUnlessHeHasMessages) {
    name("ana", kAna);
    for (int i = 0; i < 3; ++i) office_->heard("meshtastic.roof", node(i), {});
    settle();
    settings_.retention = hours(24 * 365);
    close();
    open();
    dm(node(1).value, "bob@x.org hello");
    clock_.advance(hours(24 * 59));
    pass(seconds(1));
    EXPECT_EQ(count(), 3);
    office_->heard("meshtastic.roof", node(2), {});
    settle();
    clock_.advance(hours(24 * 2));
    pass(seconds(1));
    EXPECT_FALSE(known(node(0)));
    EXPECT_TRUE(known(node(1))) << "it has a message";
    EXPECT_TRUE(known(node(2))) << "it was heard";
    EXPECT_TRUE(known({"meshtastic", kAna})) << "a person's is no stranger's";
}

TEST_F(Strangers, BeyondTheMostTheLongestUnheardGo) {
    store_->writer().submit(
        [](store::Tables& t) {
            for (int i = 0; i < kMostStrangers + 300; ++i) {
                store::EndpointRow row;
                row.address = node(i);
                row.heard_ms = 1'799'999'000'000 + i;
                t.people.put_endpoint(row);
            }
        },
        {});
    settle();
    clock_.advance(hours(2));
    pass(seconds(1));
    EXPECT_EQ(count(), kMostStrangers);
    EXPECT_FALSE(known(node(299)));
    EXPECT_TRUE(known(node(300)));
}

TEST_F(Strangers, NamesFromOutsideLoseWhatDoesNotShow) {
    name("ana", kAna);
    dm(kAna, "bob@x.org hi");
    EXPECT_EQ(head_of("bob@x.org", "B\u202Eob\u200B\a \uFEFFX"), "Bob X: text");
    Message message = letter("bob@x.org", "ana@hill.example", "look");
    message.subject = "gnp.\u202Eexe\u2066 \u200Bhi\x01 \u0645\u06CC\u200C\u062E\u0648\u0627\u0647";
    message.verified_sender = true;
    hand(message);
    EXPECT_EQ(radio_->sent.back().text,
              "3 bob: gnp.exe hi \u0645\u06CC\u200C\u062E\u0648\u0627\u0647 // look");
}

TEST_F(Strangers, WhoseNameIsSomebodysHereIsShownByAddress) {
    name("ana", kAna);
    name("ben", kBen);
    dm(kAna, "eve@x.org hi");
    EXPECT_EQ(head_of("eve@x.org", "Eve"), "Eve: text");
    for (const char* imitating :
         {"postmaster", "Postmaster", "hill post", "Hill-Post", "H\u200Bill  P\u043Est", "ben",
          "BEN", "b\u0435n", "b\u00e9n!", "hill", "Gateway", "ben@hill.example", "S.O.S"}) {
        EXPECT_EQ(head_of("eve@x.org", imitating), "eve@x.org: text") << imitating;
    }
    for (const char* honest :
         {"Benedict", "Ben Smith", "hillary", "\u0411\u043e\u0440\u0438\u0441"})
        EXPECT_EQ(head_of("eve@x.org", honest), std::string(honest) + ": text");
    dm(kAna, "ben@evil.org hi");
    EXPECT_EQ(head_of("ben@evil.org", ""), "ben@evil.org: text") << "the left part says it too";
}

TEST_F(Strangers, ANameOfSignsAloneImitatesNobody) {
    EXPECT_FALSE(imitates(*box_, ""));
    EXPECT_FALSE(imitates(*box_, "***"));
    EXPECT_TRUE(imitates(*box_, "h1ll p0st"));
}

}  // namespace
}  // namespace waypost

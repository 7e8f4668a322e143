// SPDX-License-Identifier: Apache-2.0
// Ana of hill and Ben of dale, from radio to radio: by a real Postfix, and by a direct line.
#include <gtest/gtest.h>

#include "two_villages.h"

namespace waypost::interop {
namespace {

constexpr char kPostfix[] = "127.0.0.2";  // from which it calls
constexpr char kStranger[] = "127.0.0.9";

std::string believes(const std::string& address, const std::string& more = {}) {
    return "addresses = [\"" + address + "\"]\n" + more;
}

// Between the two, as any mail server may stand there.
class Between {
  public:
    Between(int hill, int dale)
        : postfix_(folder_, ports_,
                   {{"relay_domains", "hill.example, dale.example"},
                    {"transport_maps",
                     "inline:{{ hill.example = smtp:[127.0.0.1]:" + std::to_string(hill) +
                         " }, { dale.example = smtp:[127.0.0.1]:" + std::to_string(dale) + " }}"},
                    {"smtp_bind_address", kPostfix},
                    {"virtual_mailbox_domains", ""},
                    {"smtpd_tls_security_level", "none"},
                    {"smtpd_tls_cert_file", ""},
                    {"smtpd_tls_key_file", ""}}) {}
    int port() const { return ports_.mx; }
    std::string log() const { return postfix_.log(); }

  private:
    const Folder folder_;
    const Ports ports_;
    const Postfix postfix_;
};

TEST(Neighbours, AnaAndBenWriteFromRadioToRadioThroughPostfix) {
    const int hill_port = free_port();
    const int dale_port = free_port();
    const Between postfix(hill_port, dale_port);
    OneVillage hill("hill", "ana", hill_port, postfix.port(), "dale", believes(kPostfix));
    OneVillage dale("dale", "ben", dale_port, postfix.port(), "hill", believes(kPostfix));
    const auto all = [&] { return seen(hill, dale) + postfix.log(); };
    hill.type("@ben.dale Hello");
    ASSERT_TRUE(hill.shows("1 kept")) << all();
    ASSERT_TRUE(dale.shows("1 ana.hill: Hello")) << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "delivered [reported]"))
        << hill.box().waypost("trace 1") << all();
    hill.type("?1");
    ASSERT_TRUE(hill.shows_some("1 ben.dale: delivered ")) << all();
    dale.type("*1 Yes");
    ASSERT_TRUE(hill.shows("2 ben.dale: Yes")) << all();
    ASSERT_TRUE(says(hill.box(), "neighbours", "1 of 500 messages today")) << all();

    // The stranger says that he is Ana, to dale itself; Postfix would not take it either.
    const std::string forged =
        mail_from(kStranger, dale_port, "ana@hill.example", "ben@dale.example", "forged");
    EXPECT_NE(forged.find("550 5.7.1 hill.example speaks for itself"), std::string::npos) << forged;
    EXPECT_TRUE(says(dale.box(), "neighbours", "by way of 127.0.0.9"))
        << dale.box().waypost("neighbours");

    // Between dale's acceptance and the radio, the box dies.
    dale.box().stop();
    dale.box().start("attempt-begun");
    hill.type("@ben.dale After the kill");
    ASSERT_TRUE(eventually([&] { return dale.box().died(); })) << all();
    dale.box().start();
    ASSERT_TRUE(dale.shows("3 ana.hill: After the kill")) << all();
    EXPECT_EQ(dale.shown("3 ana.hill: After the kill"), 1) << all();
    EXPECT_EQ(dale.shown("1 ana.hill: Hello"), 1) << all();
}

TEST(Neighbours, LinkedDirectlyTheyKeepToTheirQuotaAndTheirAlarms) {
    const int hill_port = free_port();
    const int dale_port = free_port();
    OneVillage hill("hill", "ana", hill_port, dale_port, "dale", believes("127.0.0.1"));
    OneVillage dale("dale", "ben", dale_port, hill_port, "hill",
                    believes("127.0.0.1", "messages_per_day = 3\n"));
    const auto all = [&] { return seen(hill, dale); };
    hill.type("@ben.dale Hello");
    ASSERT_TRUE(dale.shows("1 ana.hill: Hello")) << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "delivered [reported]"))
        << hill.box().waypost("trace 1") << all();
    const auto write = [&](const std::string& sender, const std::string& to,
                           const std::string& text) {
        return mail_from("127.0.0.1", dale_port, sender, to, text);
    };
    EXPECT_NE(write("eve@x.test", "ben@dale.example", "offer").find("250 2.0.0"),
              std::string::npos);
    EXPECT_NE(write("carl@hill.example", "ben@dale.example", "two").find("250 2.0.0"),
              std::string::npos);
    const std::string fourth = write("carl@hill.example", "ben@dale.example", "three");
    EXPECT_NE(fourth.find("452 4.2.2 hill has brought its 3 messages of today"), std::string::npos)
        << fourth;
    EXPECT_TRUE(says(dale.box(), "neighbours", "3 of 3 messages today"))
        << dale.box().waypost("neighbours");
    hill.type("@ben.dale One more");
    ASSERT_TRUE(says(hill.box(), "queue", "mailto:ben@dale.example"))
        << hill.box().waypost("queue") << all();

    const std::string own = write("ben@dale.example", "ben@dale.example", "as one of dale");
    EXPECT_NE(own.find("550 5.7.1 hill does not speak for dale.example"), std::string::npos) << own;
    const std::string alarm = write("ana@hill.example", "alarm@dale.example", "flood");
    EXPECT_NE(alarm.find("250 2.0.0"), std::string::npos) << alarm;
    EXPECT_TRUE(says(dale.box(), "neighbours", "ALARM from hill: flood"))
        << dale.box().waypost("neighbours");
    EXPECT_TRUE(says(dale.box(), "status", "ALARM from hill: flood"));
    EXPECT_EQ(dale.screen().find("ALARM"), std::string::npos) << all();
    const std::string fire = write("eve@x.test", "alarm@dale.example", "fire");
    EXPECT_NE(fire.find("550 5.7.1 only neighbours"), std::string::npos) << fire;
}

TEST(Neighbours, WhoWantsToBeForgottenIsForgottenThereToo) {
    const int hill_port = free_port();
    const int dale_port = free_port();
    OneVillage hill("hill", "ana", hill_port, dale_port, "dale", believes("127.0.0.1"));
    OneVillage dale("dale", "ben", dale_port, hill_port, "hill", believes("127.0.0.1"));
    const auto all = [&] { return seen(hill, dale); };
    hill.type("@ben.dale Hello");
    ASSERT_TRUE(dale.shows("1 ana.hill: Hello")) << all();
    dale.type("@mum=ana@hill.example");
    ASSERT_TRUE(dale.shows_some("mum = ana@hill.example")) << all();
    ASSERT_TRUE(says(dale.box(), "contacts list ben", "mum")) << all();
    hill.box().waypost("people forget ana");
    EXPECT_TRUE(eventually([&] {
        return dale.box().waypost("contacts list ben").find("ana@hill.example") ==
               std::string::npos;
    })) << dale.box().waypost("contacts list ben")
        << all();
    EXPECT_EQ(hill.box().waypost("neighbours").find("problem"), std::string::npos)
        << hill.box().waypost("neighbours");
    dale.type("@mum Are you there?");
    EXPECT_TRUE(dale.shows_some("Who is mum?")) << all();
    const std::string forged =
        mail_from(kStranger, dale_port, "postmaster@hill.example", "forget@dale.example", "x");
    EXPECT_NE(forged.find("550 5.7.1"), std::string::npos) << forged;
}

TEST(Neighbours, SettingsThatMakeNoSenseAreSaidToBeWrong) {
    const Folder folder;
    const auto check = [&](const std::string& toml) {
        shell("printf '[box]\\ndomain = \"hill.example\"\\n%s' '" + toml + "' > " +
              folder / "waypost.toml");
        return shell(std::string(WAYPOST_BIN) + "/waypost --config " + folder / "waypost.toml" +
                     " config check || true");
    };
    EXPECT_EQ(check("[neighbour.dale]\ndomain = [\"dale.example\"]\n"),
              "The configuration is right.\n");
    EXPECT_NE(check("[neighbour.dale]\n").find("needs domain"), std::string::npos);
    EXPECT_NE(check("[neighbour.Dale]\ndomain = [\"dale.example\"]\n").find("a name has"),
              std::string::npos);
    EXPECT_NE(check("[neighbour.dale]\ndomain = [\"hill.example\"]\n").find("own"),
              std::string::npos);
    EXPECT_NE(check("[neighbour.dale]\ndomain = [\"dale.example\"]\naddresses = [\"dale\"]\n")
                  .find("192.168.4.0/24"),
              std::string::npos);
}

}  // namespace
}  // namespace waypost::interop

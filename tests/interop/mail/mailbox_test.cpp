// SPDX-License-Identifier: Apache-2.0
// A village that is at home in one mailbox of a provider: who gets what, what leaves how, and that
// no mail comes twice or not at all.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "mailbox_world.h"

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

std::string header(const std::string& mail, const std::string& name) {
    const std::size_t at = mail.find("\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t from = at + name.size() + 3;
    std::string value;
    for (std::size_t line = from;;) {  // with its folds
        const std::size_t end = mail.find('\n', line);
        value += mail.substr(line, end - line);
        if (!value.empty() && value.back() == '\r') value.pop_back();
        if (end == std::string::npos || (mail[end + 1] != ' ' && mail[end + 1] != '\t')) break;
        line = end + 1;
    }
    return value;
}

std::string send(const Provider& provider, const std::string& from, const std::string& to,
                 const std::string& subject) {
    const std::string said = shell("echo 'come to the ford' | " WAYPOST_BIN "/waypost --config " +
                                   provider.folder / "waypost.toml" + " send --from " + from +
                                   " --to " + to + " --subject '" + subject + "'");
    return said.substr(0, said.find('\n'));
}

std::string submission(const Provider& provider) {
    return "smtp = \"smtp:localhost:" + std::to_string(provider.ports.submission) + "\"\n";
}

// Bob's first mail of ours, when it is there.
std::string bobs_mail(const Provider& provider) {
    if (!eventually([&] { return !provider.mails("bob@hill.test").empty(); })) return {};
    return provider.mails("bob@hill.test").front();
}

int in_queue(const BoxProcess& box, const std::string& word) {
    return count(box.waypost("queue list all"), word);
}

// Why the mails that came are held: one reason, if it is the same for all.
std::string why_held(const BoxProcess& box) {
    std::set<std::string> reasons;
    std::istringstream queue(box.waypost("queue list held"));
    for (std::string row; std::getline(queue, row);) {
        const std::string trace = box.waypost("trace " + row.substr(0, row.find(' ')));
        for (const char* each : {"no radio or account yet", "waits for consent"}) {
            if (trace.find(each) != std::string::npos) reasons.insert(each);
        }
    }
    return reasons.size() == 1 ? *reasons.begin() : std::to_string(reasons.size()) + " reasons";
}

TEST(Mailbox, APlusAddressReachesAnaAtOnce) {
    const Provider provider;
    const BoxProcess box(provider.folder, provider.account("separator = \"+\"\n"));
    box.waypost("people add ana");
    ASSERT_TRUE(eventually([&] { return box.waypost("status").find("IDLE") != std::string::npos; }))
        << box.waypost("status");
    provider.lay_down("village+ana@hill.test", "plus");
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 1; }, seconds(3)))
        << box.waypost("queue") << box.waypost("status");
    EXPECT_EQ(why_held(box), "waits for consent") << "a stranger's mail";
    EXPECT_TRUE(eventually([&] {
        const auto files = provider.files("village@hill.test");
        return files.size() == 1 && files.front().find(":2,S") != std::string::npos;
    })) << "left where it is, marked as read";
    // The next one too: IDLE goes on.
    provider.lay_down("village+ana@hill.test", "plus again");
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 2; }, seconds(3)));
}

TEST(Mailbox, OutWithAnasNameAndTheAnswerIsAdmittedByItsToken) {
    const Provider provider;
    const Postfix postfix(provider.folder, provider.ports);
    const BoxProcess box(provider.folder,
                         provider.account("separator = \"+\"\n" + submission(provider)));
    box.waypost("people add ana --name Ana");
    const std::string number = send(provider, "ana", "bob@hill.test", "Car broke down");
    const std::string mail = bobs_mail(provider);
    EXPECT_EQ(header(mail, "From"), "\"Ana (village)\" <village@hill.test>") << mail;
    const std::string reply_to = header(mail, "Reply-To");
    EXPECT_NE(reply_to.find("<village+ana."), std::string::npos) << mail;
    EXPECT_EQ(header(mail, "Subject"), "Car broke down");
    EXPECT_NE(mail.find("ESMTPSA"), std::string::npos) << "TLS and AUTH: " << mail;
    EXPECT_NE(box.waypost("trace " + number).find("sent [reported] mailbox.post 250"),
              std::string::npos)
        << box.waypost("trace " + number);
    ASSERT_TRUE(eventually([&] {
        return provider.mails("village@hill.test", ".Gesendetes").size() == 1;
    })) << box.log();
    EXPECT_EQ(header(provider.mails("village@hill.test", ".Gesendetes").front(), "Message-ID"),
              header(mail, "Message-ID"));

    const std::string to = reply_to.substr(reply_to.find('<') + 1);
    provider.lay_down(to.substr(0, to.find('>')), "Re: Car broke down");
    ASSERT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 1; }))
        << box.waypost("status");
    EXPECT_EQ(why_held(box), "no radio or account yet") << "admitted, from whatever address";
}

TEST(Mailbox, WithoutPlusAddressesAnAnswerIsKnownByItsThreadOrItsMark) {
    const Provider provider;
    const Postfix postfix(provider.folder, provider.ports);
    BoxProcess box(provider.folder, provider.account(submission(provider)));
    box.waypost("people add ana");
    send(provider, "ana", "bob@hill.test", "ford");
    const std::string mail = bobs_mail(provider);
    const std::string subject = header(mail, "Subject");
    EXPECT_EQ(subject.rfind("ford [#", 0), 0u) << mail;
    EXPECT_EQ(header(mail, "Reply-To"), "") << "From is where answers go";
    box.kill9();  // it remembers whose mark it is
    box.start();
    provider.lay_down("village@hill.test", "AW: " + subject);
    provider.lay_down("village@hill.test", "no mark",
                      "--header 'In-Reply-To: " + header(mail, "Message-ID") + "'");
    ASSERT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 2; }))
        << box.waypost("queue") << box.waypost("status") << box.log();
    EXPECT_EQ(why_held(box), "no radio or account yet") << "admitted, both of them";
    provider.lay_down("village@hill.test", "[#aaaaaaaa] a guess");
    EXPECT_TRUE(eventually([&] {
        return box.waypost("status --json").find("\"left in the mailbox\"") != std::string::npos &&
               box.log().find("mail=\"uid 3\"") != std::string::npos;
    })) << box.log();
    EXPECT_EQ(in_queue(box, "to person:ana"), 2);
}

TEST(Mailbox, WhatIsForNobodyLiesThereUntilSomebodyComes) {
    const Provider provider;
    BoxProcess box(provider.folder,
                   provider.account("separator = \"+\"\nmax_message = \"100KiB\"\n"));
    provider.lay_down("village+ana@hill.test", "early");
    shell("head -c 200000 /dev/zero | base64 > " + provider.folder / "long");
    provider.lay_down("village+ana@hill.test", "long", "--body @" + provider.folder / "long");
    ASSERT_TRUE(eventually([&] { return count(box.log(), "mailbox left") == 2; })) << box.log();
    EXPECT_NE(box.log().find("larger than 102400 bytes"), std::string::npos) << box.log();
    EXPECT_TRUE(eventually([&] {
        const std::string status = box.waypost("status --json");
        return status.find("\"left in the mailbox\":\"2\"") != std::string::npos ||
               status.find("\"left in the mailbox\": \"2\"") != std::string::npos;
    })) << box.waypost("status --json");
    for (const std::string& file : provider.files("village@hill.test"))
        EXPECT_EQ(file.find(":2,S"), std::string::npos) << "not marked: " << file;
    box.waypost("people add ana");
    box.stop();
    box.start();
    // And that the long one lies there.
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 2; }))
        << box.waypost("queue") << box.log();
}

TEST(Mailbox, WhatNobodyIsNamedInIsForTheOperator) {
    const Provider provider;
    const BoxProcess box(
        provider.folder,
        "operators = [\"carl\"]\n[store]\nkeep_free = \"1MiB\"\n" + provider.account(""));
    box.waypost("people add carl");
    provider.lay_down("village@hill.test", "your invoice");
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:carl") == 1; }))
        << box.waypost("queue") << box.log();
}

TEST(Mailbox, KilledAtAnyMomentEachMailIsThereOnce) {
    const Provider provider;
    BoxProcess box(provider.folder, provider.account("separator = \"+\"\n"));
    box.waypost("people add ana");
    box.stop();
    int mails = 0;
    const auto kill_at = [&](const std::string& point) {
        provider.lay_down("village+ana@hill.test", "mail " + std::to_string(++mails));
        box.start(point);
        EXPECT_TRUE(eventually([&] { return box.died(); }, seconds(10))) << point;
        box.kill9();
    };
    kill_at("handed:1");
    for (int n = 1; n <= 6; ++n) kill_at("committed:" + std::to_string(n));
    for (int n = 1; n <= 4; ++n) kill_at("told:" + std::to_string(n));
    box.start();
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") >= mails; }))
        << box.waypost("queue list all");
    provider.lay_down("village+ana@hill.test", "the last");
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == mails + 1; }));
    EXPECT_EQ(in_queue(box, "to person:ana"), mails + 1) << box.waypost("queue list all");
}

TEST(Mailbox, AMailboxThatLosesItsUidvalidityGivesNoSecondCopy) {
    const Provider provider;
    BoxProcess box(provider.folder, provider.account("separator = \"+\"\n"));
    box.waypost("people add ana");
    for (const char* subject : {"one", "two"}) provider.lay_down("village+ana@hill.test", subject);
    shell("head -c 700000 /dev/urandom | base64 > " + provider.folder / "long");
    provider.lay_down("village+ana@hill.test", "long", "--body @" + provider.folder / "long");
    ASSERT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 3; })) << box.log();
    EXPECT_NE(shell("find " + provider.folder / "waypost.db.bodies" + " -size +900k"), "")
        << "all pieces of the long one are on disk";
    box.stop();
    std::string uidlist = provider.folder / "mail/village@hill.test/dovecot-uidlist";
    const std::string before = shell("head -1 " + uidlist);
    shell("rm -f " + provider.folder / "mail/village@hill.test/dovecot*");
    provider.lay_down("village+ana@hill.test", "meanwhile");
    box.start();
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 4; }))
        << box.waypost("queue list all") << box.log();
    const std::string after = shell("head -1 " + uidlist);
    EXPECT_NE(before.substr(0, before.find(' ', 3)), after.substr(0, after.find(' ', 3)))
        << "Dovecot gave the folder a new UIDVALIDITY";
    EXPECT_NE(box.log().find("uidvalidity-changed"), std::string::npos) << box.log();
    provider.lay_down("village+ana@hill.test", "later");
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 5; }));
    EXPECT_EQ(in_queue(box, "to person:ana"), 5) << box.waypost("queue list all");
}

TEST(Mailbox, ByPop3AMailStaysOrGoesAsTheOperatorSaid) {
    const Provider provider;
    const std::string server =
        "server = \"pop3s:localhost:" + std::to_string(provider.ports.pop3s) +
        "\"\npoll = \"1s\"\n";
    {
        BoxProcess box(provider.folder, provider.account("separator = \"+\"\n" + server));
        box.waypost("people add ana");
        shell("head -c 300000 /dev/urandom | base64 > " + provider.folder / "long");
        provider.lay_down("village+ana@hill.test", "by pop");
        provider.lay_down("village+ana@hill.test", "long", "--body @" + provider.folder / "long");
        ASSERT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 2; }))
            << box.waypost("status") << box.log();
        box.stop();
        box.start();
        provider.lay_down("village+ana@hill.test", "one more");
        ASSERT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 3; }));
        EXPECT_EQ(provider.files("village@hill.test").size(), 3u) << "they are left";
    }
    BoxProcess box(provider.folder,
                   provider.account("separator = \"+\"\ndelete_taken = true\n" + server));
    provider.lay_down("village+ana@hill.test", "gone");
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 4; }))
        << box.waypost("status") << box.log();
    EXPECT_TRUE(eventually([&] {
        const auto mails = provider.mails("village@hill.test");
        return std::none_of(mails.begin(), mails.end(), [](const std::string& mail) {
            return mail.find("Subject: gone") != std::string::npos;
        });
    })) << "deleted once it is in custody";
}

TEST(Mailbox, WhatTheProviderSaysOfABounceEndsTheSent) {
    const Provider provider;
    const Postfix postfix(provider.folder, provider.ports,
                          {{"transport_maps",
                            "inline:{{ gone.test = error:5.1.1 no such user }, "
                            "{ hill.test = lmtp:inet:127.0.0.1:" +
                                std::to_string(provider.ports.mailbox) + " }}"}});
    const BoxProcess box(provider.folder,
                         provider.account("separator = \"+\"\n" + submission(provider)));
    box.waypost("people add ana");
    const std::string number = send(provider, "ana", "bob@gone.test", "lost");
    EXPECT_TRUE(eventually([&] {
        return box.waypost("trace " + number).find("failed [reported]") != std::string::npos;
    })) << box.waypost("trace " + number)
        << postfix.log() << box.log();
    EXPECT_NE(box.waypost("trace " + number).find("no such address"), std::string::npos);
}

TEST(Mailbox, APersonsOwnAccountIsHersAlone) {
    const Provider provider;
    const Postfix postfix(provider.folder, provider.ports);
    const std::string own =
        "[mailbox.ana]\naddress = \"ana@hill.test\"\nperson = \"ana\"\nca_file = \"mail.crt\"\n"
        "password_file = \"password\"\nserver = \"imaps:localhost:" +
        std::to_string(provider.ports.imaps) + "\"\n" + submission(provider);
    const BoxProcess box(provider.folder, provider.account(submission(provider)) + own);
    box.waypost("people add ana --name Ana");
    box.waypost("people add ben --name Ben");
    send(provider, "ana", "bob@hill.test", "of ana");
    send(provider, "ben", "carl@hill.test", "of ben");
    const std::string mail = bobs_mail(provider);
    EXPECT_EQ(header(mail, "From"), "Ana <ana@hill.test>") << mail;
    ASSERT_TRUE(eventually([&] { return !provider.mails("carl@hill.test").empty(); }));
    EXPECT_EQ(header(provider.mails("carl@hill.test").front(), "From"),
              "\"Ben (village)\" <village@hill.test>");
    provider.lay_down("ana@hill.test", "just for her");
    EXPECT_TRUE(eventually([&] { return in_queue(box, "to person:ana") == 1; }))
        << box.waypost("queue list all");
}

TEST(Mailbox, ARelayOfTheVillageIsNotDisturbed) {
    const Provider provider;
    const BoxProcess box(provider.folder, "[email.relay]\nrelay = [\"hill.test=lmtp:127.0.0.1:" +
                                              std::to_string(provider.ports.mailbox) + "\"]\n" +
                                              provider.account(submission(provider)));
    box.waypost("people add ana");
    send(provider, "ana", "bob@hill.test", "by the relay");
    const std::string mail = bobs_mail(provider);
    EXPECT_NE(header(mail, "From").find("ana@village.test"), std::string::npos) << mail;
}

TEST(Mailbox, WhatAProgramHandsOverKeepsItsPhotoUnderTheAccountsName) {
    const Provider provider;
    const Postfix postfix(provider.folder, provider.ports);
    const int smtp = free_port();
    const BoxProcess box(provider.folder,
                         "[email.in]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(smtp) +
                             "\"]\ntrusted = [\"127.0.0.1/32\"]\n" +
                             provider.account("separator = \"+\"\n" + submission(provider)));
    box.waypost("people add ana --name Ana");
    shell("head -c 90000 /dev/urandom > " + provider.folder / "ford.jpg");
    shell("swaks --server 127.0.0.1 --port " + std::to_string(smtp) +
          " --from ana@village.test --to bob@hill.test --header 'Subject: the ford'"
          " --attach-type image/jpeg --attach-name ford.jpg --attach @" +
          provider.folder / "ford.jpg" + " --body 'see this'");
    const std::string mail = bobs_mail(provider);
    EXPECT_EQ(count(mail, "\nFrom: "), 1) << mail.substr(0, 3000);
    EXPECT_EQ(header(mail, "From"), "\"Ana (village)\" <village@hill.test>");
    EXPECT_NE(header(mail, "Reply-To").find("village+ana."), std::string::npos);
    EXPECT_EQ(header(mail, "Subject"), "the ford");
    EXPECT_NE(mail.find("ford.jpg"), std::string::npos);
    EXPECT_GT(mail.size(), 110'000u);
    EXPECT_TRUE(eventually([&] {
        return provider.mails("village@hill.test", ".Gesendetes").size() == 1;
    })) << "with its copy";
}

TEST(Mailbox, SentIsSentAlsoWhereNoCopyCanBeKept) {
    const Provider provider;
    const Postfix postfix(provider.folder, provider.ports);
    const BoxProcess box(provider.folder,
                         provider.account("sent_folder = \"Nowhere\"\n" + submission(provider)));
    box.waypost("people add ana");
    const std::string number = send(provider, "ana", "bob@hill.test", "ford");
    EXPECT_FALSE(bobs_mail(provider).empty());
    EXPECT_TRUE(eventually([&] { return box.log().find("no-copy") != std::string::npos; }))
        << box.log();
    EXPECT_NE(box.waypost("trace " + number).find("sent [reported]"), std::string::npos);
    EXPECT_EQ(provider.mails("bob@hill.test").size(), 1u);
}

}  // namespace
}  // namespace waypost::interop

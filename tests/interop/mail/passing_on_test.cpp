// SPDX-License-Identifier: Apache-2.0
// A box that takes mail on a path and by SMTP, passes it on as it came, and is put back from a
// backup.
#include <gtest/gtest.h>

#include <fstream>

#include "peers.h"

namespace waypost::interop {
namespace {

std::string settings(const Folder& folder, const Ports& ports, int smtp) {
    return "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(smtp) +
           "\", \"lmtp:" + folder / "in.sock" +
           "\"]\ntrusted = [\"127.0.0.1/32\"]\nrelay = [\"hill.test=lmtp:127.0.0.1:" +
           std::to_string(ports.mailbox) + "\"]\n";
}

TEST(PassingOn, PhotosAndFormArriveAsTheyWereSent) {
    const Folder folder;
    const Ports ports;
    const Dovecot dovecot(folder, ports);
    const int smtp = free_port();
    const BoxProcess box(folder, settings(folder, ports, smtp));
    box.waypost("people add ana");
    shell("head -c 700000 /dev/urandom > " + folder / "ford.jpg");
    shell("swaks --server 127.0.0.1 --port " + std::to_string(smtp) +
          " --from ana@village.test --to bob@hill.test --header 'Subject: the ford'"
          " --attach-type image/jpeg --attach-name ford.jpg --attach @" +
          folder / "ford.jpg" + " --body 'see this'");
    ASSERT_TRUE(eventually([&] { return !dovecot.mails("bob@hill.test").empty(); }))
        << box.waypost("queue");
    const std::string mail = dovecot.mails("bob@hill.test").front();
    EXPECT_NE(mail.find("ford.jpg"), std::string::npos);
    EXPECT_NE(mail.find("Reply-To: <ana+"), std::string::npos) << "an answer to it is admitted";
    EXPECT_NE(mail.find("X-Waypost-Loop: village.test"), std::string::npos);
    std::ofstream(folder / "arrived.eml") << mail;
    // The lines between the blank one behind the part's name and the next boundary.
    shell("awk '/ford.jpg/{n=1} n&&b{if(/^--/)exit;print} n&&/^\\r?$/{b=1}' " +
          folder / "arrived.eml" + " | tr -d '\\r' | base64 -d > " + folder / "arrived.jpg");
    EXPECT_EQ(shell("cmp " + folder / "ford.jpg" + " " + folder / "arrived.jpg" + " && echo same"),
              "same\n");
}

TEST(PassingOn, AServerInFrontMayHandOverOnAPath) {
    const Folder folder;
    const Ports ports;
    const BoxProcess box(folder, settings(folder, ports, free_port()));
    box.waypost("people add ana");
    const std::string path = folder / "in.sock";
    EXPECT_EQ(shell("stat -c %a " + path), "660\n");
    const std::string said = shell("swaks --protocol LMTP --socket " + path +
                                   " --from carl@village.test --to ana@village.test --body hello");
    EXPECT_NE(said.find("250 2.0.0 kept as"), std::string::npos) << said;
    EXPECT_NE(box.waypost("status").find("listening on lmtp:" + path), std::string::npos)
        << box.waypost("status");
}

TEST(PassingOn, AServerInFrontMayInsistOnTls) {
    const Folder folder;
    const Ports ports;
    const int smtp = free_port();
    const Dovecot dovecot(folder, ports);  // makes the certificate
    const Postfix postfix(folder, ports,
                          {{"transport_maps", "inline:{{ village.test = smtp:[127.0.0.1]:" +
                                                  std::to_string(smtp) + " }}"},
                           {"smtp_tls_security_level", "encrypt"},
                           {"smtp_tls_loglevel", "1"}});
    const BoxProcess box(folder,
                         "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(smtp) +
                             "\"]\ncertificate = \"mail.crt\"\nprivate_key = \"mail.key\"\n");
    box.waypost("people add ana");
    shell("head -c 3000000 /dev/urandom | base64 -w 76 > " + folder / "long.txt");
    for (int i = 0; i < 5; ++i) {
        shell("swaks --server 127.0.0.1:" + std::to_string(ports.mx) +
              " --from bob@hill.test --to ana@village.test --body @" + folder / "long.txt");
    }
    const auto count = [](const std::string& text, const std::string& word) {
        int found = 0;
        for (std::size_t at = text.find(word); at != std::string::npos;
             at = text.find(word, at + 1))
            ++found;
        return found;
    };
    EXPECT_TRUE(eventually([&] { return count(box.waypost("queue"), "person:ana") == 5; },
                           std::chrono::seconds(40)))
        << box.waypost("queue") << postfix.log();
    EXPECT_GE(count(postfix.log(), "TLS connection established to 127.0.0.1"), 1) << postfix.log();
    EXPECT_EQ(count(postfix.log(), "status=sent (250 2.0.0 kept as"), 5) << postfix.log();
}

TEST(PassingOn, ABackupPutBackTwiceHoldsWhatWaited) {
    const Folder folder;
    const Ports ports;
    const int smtp = free_port();
    BoxProcess box(folder, settings(folder, ports, smtp));  // its relay is not there yet
    shell("head -c 300000 /dev/zero | base64 > " + folder / "long.txt");
    shell("swaks --server 127.0.0.1 --port " + std::to_string(smtp) +
          " --from joe@else.test --to bob@hill.test --body @" + folder / "long.txt");
    ASSERT_TRUE(eventually(
        [&] { return box.waypost("queue").find("mailto:bob@hill.test") != std::string::npos; }));
    box.waypost("backup " + folder / "copy");
    for (int time = 0; time < 2; ++time) {
        box.stop();
        const std::string said = box.waypost("restore " + folder / "copy");
        EXPECT_NE(said.find("1"), std::string::npos) << said;
        box.start();
        EXPECT_NE(box.waypost("queue list held").find("restored from a backup"), std::string::npos)
            << said << box.waypost("queue");
    }
    const Dovecot dovecot(folder, ports);
    const std::string row = box.waypost("queue list held");
    box.waypost("queue release " + row.substr(0, row.find(' ')));
    ASSERT_TRUE(eventually([&] { return !dovecot.mails("bob@hill.test").empty(); },
                           std::chrono::seconds(60)))
        << box.waypost("queue");
    EXPECT_GT(dovecot.mails("bob@hill.test").front().size(), 300000u);
}

}  // namespace
}  // namespace waypost::interop

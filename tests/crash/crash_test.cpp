// SPDX-License-Identifier: Apache-2.0
// kill -9 at every step of a commit and at random moments, while a thousand mails flow from Postfix
// through the box to a relay. Every mail that Postfix was told is kept arrives; a second copy comes
// only where the relay's yes was lost, then with the same Message-ID, at most one per kill
// (the box is given one connection to the relay; with more it is one for each of them).
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/demo/mail_peer.h"
#include "bridges/email/mime/write_mail.h"
#include "bridges/email/smtp_client.h"
#include "gateway/base/random.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

constexpr int kMails = 1000;

struct Flow {
    Folder folder;
    Ports ports;
    Dovecot dovecot{folder, ports};
    Postfix postfix{folder, ports};
    demo::MailPeer relay;
    BoxProcess box{
        folder,
        "[email.relay]\nlisten = [\"lmtp:127.0.0.1:" + std::to_string(ports.box_lmtp) +
            "\"]\ntrusted = [\"127.0.0.1/32\"]\nsecurity = \"plain\"\nconnections = 1\nsmarthost = "
            "\"smtp:127.0.0.1:" +
            std::to_string(relay.port()) + "\"\n"};

    // Hands mails number `from` to `to` to Postfix, which keeps them until the box says 250.
    void post(int from, int to) {
        email::RelayTarget target;
        target.host = "127.0.0.1";
        target.port = ports.mx;
        target.security = email::RelayTarget::Security::Plain;
        static const email::Login kNobody;
        auto wire = email::connect(target);
        ASSERT_TRUE(wire.ok());
        email::SmtpClient client(std::move(*wire), target, "test", kNobody);
        ASSERT_TRUE(client.open().ok());
        for (int i = from; i < to; ++i) {
            email::OutgoingMail mail;
            mail.from = *parse_address("bob@hill.test");
            mail.to = *parse_address("eve@out.test");
            mail.subject = "crash";
            mail.text = "mail number " + std::to_string(i);
            mail.message_id = "<" + std::to_string(i) + "@hill.test>";
            const auto bytes = email::write_mail(mail);
            ASSERT_EQ(client.send({"bob@hill.test", "eve@out.test", *bytes}).kind,
                      Outcome::Kind::Sent);
        }
        client.quit();
    }

    std::map<std::string, std::vector<std::string>> arrived() const {  // text -> Message-IDs
        std::map<std::string, std::vector<std::string>> texts;
        for (const auto& each : relay.mailbox())
            texts[each.mail.text].push_back(each.mail.message_id);
        return texts;
    }
};

TEST(Crash, NothingInCustodyIsLostAndCopiesAreOnlyWhereNobodyCanKnow) {
    Flow flow;
    const auto random = seeded_random(20261124);
    flow.box.kill9();
    int kills = 1;
    int posted = 0;
    // Each step of the writer, at a passing that chance picks, and moments between them.
    const std::vector<std::string> steps = {"begun", "job", "committed", "",    "job", "committed",
                                            "begun", "",    "committed", "job", "",    "committed"};
    for (const std::string& step : steps) {
        const std::string at =
            step.empty() ? "" : step + ':' + std::to_string(20 + random->below(120));
        flow.box.start(at);
        const int until = std::min(kMails, posted + 80);
        flow.post(posted, until);
        posted = until;
        flow.postfix.flush();
        if (step.empty()) {
            eventually([&] { return random->below(20) == 0; }, std::chrono::seconds(3));
            flow.box.kill9();
        } else if (!eventually([&] { return flow.box.died(); }, std::chrono::seconds(6))) {
            flow.box.kill9();
        }
        ++kills;
    }
    flow.post(posted, kMails);
    flow.box.start();
    flow.postfix.flush();
    EXPECT_TRUE(eventually(
        [&] {
            flow.postfix.flush();
            return flow.arrived().size() == kMails;
        },
        std::chrono::seconds(120)))
        << flow.arrived().size() << " of " << kMails << " arrived\n"
        << flow.box.waypost("status");

    int copies = 0;
    for (const auto& [text, ids] : flow.arrived()) {
        const std::set<std::string> different(ids.begin(), ids.end());
        EXPECT_EQ(different.size(), 1u) << text << " came under two wire ids";
        copies += static_cast<int>(ids.size()) - 1;
    }
    EXPECT_LE(copies, kills);
    std::printf("%d mails, %d kills, %d second copies\n", kMails, kills, copies);
}

}  // namespace
}  // namespace waypost::interop

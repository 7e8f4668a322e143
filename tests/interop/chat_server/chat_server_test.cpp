// SPDX-License-Identifier: Apache-2.0
// Phones on the box's Wi-Fi, with nothing beyond it: accounts are people, passwords are those of
// the mail, and whoever is written to may have a radio.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "tests/interop/chat_server/chat_box.h"

namespace waypost::interop {
namespace {

using testing::HasSubstr;

constexpr char kPassword[] = "correct-horse";

class ChatServerTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        box_ = std::make_unique<ChatBox>();
        box_->add("ana", kPassword);
    }
    static void TearDownTestSuite() { box_.reset(); }
    static ChatBox& box() { return *box_; }
    static bool signs_in(const std::string& user, const std::string& password) {
        return box().phone(user, password, {}).text == "ready\n";
    }

  private:
    static std::unique_ptr<ChatBox> box_;
};

std::unique_ptr<ChatBox> ChatServerTest::box_;

TEST_F(ChatServerTest, APhoneWritesToARadioAndHearsBack) {
    const auto said = box().phone("ana", kPassword, "say ben@chat.hill.example the well is dry\\n");
    ASSERT_EQ(said.text, "ready\n") << box().seen();
    EXPECT_TRUE(box().shows("ben", "ana: the well is dry")) << box().seen();
    box().type("ben", "@ana use the spring");
    const auto heard =
        box().phone("ana", kPassword, "wait from ben@chat.hill.example use the spring\\n", "tls");
    EXPECT_TRUE(heard.good) << heard.text << box().seen();
}

TEST_F(ChatServerTest, APictureComesToTheRadiosOwnerAsAnAttachment) {
    const std::string picture = box().folder() / "goat.jpg";
    shell("head -c 30000 /dev/urandom > " + picture);
    const auto sent = box().phone("ana", kPassword, "put ben@chat.hill.example " + picture + "\\n");
    ASSERT_EQ(sent.text, "ready\n") << box().seen();
    EXPECT_TRUE(box().shows("ben", "ana: [1 photo 29k, no text]")) << box().seen();
    const bool had = eventually([&] {
        for (int id = 1; id < 12; ++id) {
            const std::string saved = box().folder() / "saved.jpg";
            try {
                box().waypost("attachments " + std::to_string(id) + " 1 --output " + saved);
            } catch (const std::runtime_error&) {
                continue;
            }
            if (contents(saved) == contents(picture)) return true;
        }
        return false;
    });
    EXPECT_TRUE(had) << "byte for byte: " << box().seen();
}

// Dovecot waits two seconds with each no, and longer with the next to the same address.
TEST_F(ChatServerTest, AWrongPasswordIsRefusedAndNobodyElseWaitsForIt) {
    auto other =
        std::async(std::launch::async, [] { return box().phone("ana", kPassword, "ping 50\\n"); });
    const auto from = [](const char* user, const char* password, const char* source) {
        return box().phone(user, password, {}, "starttls", source).text;
    };
    EXPECT_EQ(from("ana", "wrong-horse", "127.0.0.2"), "refused not-authorized\n");
    EXPECT_EQ(from("ben", kPassword, "127.0.0.3"), "refused not-authorized\n")
        << "he is a person here, without a password";
    EXPECT_THAT(other.get().text, HasSubstr("\nquick\n"));
}

TEST_F(ChatServerTest, WhoIsRemovedIsSignedOutAndStaysOut) {
    box().add("eve", kPassword);
    const std::string in = box().folder() / "eve-is-in";
    auto phone = std::async(std::launch::async, [&] {
        return box().phone("eve", kPassword, "mark " + in + "\\nwait never\\n", "starttls",
                           "127.0.0.4");
    });
    ASSERT_TRUE(eventually([&] { return std::filesystem::exists(in); })) << box().seen();
    box().waypost("people remove eve");
    EXPECT_THAT(phone.get().text, HasSubstr("ready\nsigned-out\n"));
    EXPECT_EQ(box().phone("eve", kPassword, {}, "starttls", "127.0.0.5").text,
              "refused not-authorized\n");
    // A letter to her comes back: it does not lie in the server for nobody.
    const auto back = box().phone("ana", kPassword,
                                  "say eve@hill.example hello\\n"
                                  "wait error eve@hill.example service-unavailable\\n");
    EXPECT_TRUE(back.good) << back.text;
}

TEST_F(ChatServerTest, WithoutDovecotNoPasswordIsCalledWrong) {
    box().mail().stop_dovecot();
    EXPECT_EQ(box().phone("ana", kPassword, {}).text, "refused temporary-auth-failure\n");
    box().mail().start_dovecot();
    EXPECT_TRUE(eventually([&] { return signs_in("ana", kPassword); })) << box().seen();
}

TEST_F(ChatServerTest, ProsodyFindsNoFaultAndTheSecretIsForTwo) {
    const std::string config = box().folder() / "prosody/prosody.cfg.lua";
    EXPECT_THAT(shell("prosodyctl --config " + config + " check config"),
                HasSubstr("All checks passed"));
    EXPECT_EQ(shell("stat -c '%a %G' " + config + ' ' + box().folder() / "chatserver/key.pem" +
                    "; stat -c %a " + box().folder() / "xmpp.secret"),
              "640 prosody\n640 prosody\n600\n");
    EXPECT_THAT(box().waypost("chat-server write --check " + box().folder() / "prosody"),
                HasSubstr("as the settings say"));
    EXPECT_THAT(box().written(), HasSubstr("fingerprint"));
}

}  // namespace
}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
// Mail and chat server are switched by the API, with settings in files: what is saved, and what the
// image's side is told then.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "app/servers_plan.h"
#include "app/settings_file.h"
#include "app/transports.h"
#include "gateway/base/own_file.h"
#include "tests/unit/gateway/store/engine.h"
#include "tests/unit/web/api_village.h"
#include "tests/unit/web/idle_control.h"

namespace waypost::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct ServersControl final : IdleControl {
    explicit ServersControl(OwnServers* of) : own(of) {}
    OwnServers* servers() override { return own; }
    Result<void> restart() override {
        ++restarts;
        return {};
    }
    OwnServers* own;
    int restarts = 0;
};

class ServersApi : public ApiVillage {
  protected:
    ServersApi() { write("waypost.toml", kSettings); }

    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories(std::filesystem::path(folder_ / name).parent_path());
        std::ofstream(folder_ / name) << text;
    }
    Config config() const {
        const auto loaded = load_config(folder_ / "waypost.toml", all_sections());
        EXPECT_TRUE(loaded.ok() && loaded->problems.empty());
        return loaded->config;
    }
    Reply ask(const std::string& method, const std::string& body = {}, Role role = Role::Admin) {
        DeskTools tools;
        control_->own = is_image_ ? &servers_ : nullptr;
        tools.control = control_;
        tools.settings = std::make_shared<SettingsFile>(config());
        Desk desk(*office_, tools);
        Asked asked = on_the_box(method, "/servers", body);
        asked.visitor.role = role;
        return answer(desk, asked);
    }
    std::string saved() const {
        const auto text = read_file(folder_ / "waypost.toml.d/zz-console.toml");
        return text.ok() ? *text : "";
    }
    std::string plan() {
        plan_servers(config(), &servers_);
        const auto text = read_file(folder_ / "plan");
        return text.ok() ? *text : "";
    }

    static constexpr char kSettings[] =
        "[box]\ndomain = \"hill.example\"\n[store]\npath = \"data/waypost.db\"\n"
        "[api]\nsocket = \"waypost.sock\"\n";
    const store::TempFolder folder_;
    OwnServers servers_{folder_ / "told", folder_ / "plan"};
    std::shared_ptr<ServersControl> control_ = std::make_shared<ServersControl>(nullptr);
    bool is_image_ = true;
};

TEST_F(ServersApi, ABoxOfPackagesSaysSo) {
    is_image_ = false;
    EXPECT_EQ(json_of(ask("GET")), R"({"image":false})");
    EXPECT_EQ(ask("PUT", R"({"mail": true})").status, 404);
    EXPECT_EQ(saved(), "");
}

TEST_F(ServersApi, ANewBoxHasNone) {
    EXPECT_THAT(json_of(ask("GET")),
                HasSubstr(R"("mail":{"fingerprint":"","ports":{},"state":"off",)"
                          R"("wanted":false,"why":""})"));
    EXPECT_THAT(plan(), HasSubstr("chat=no\ndomain=hill.example\nmail=no\n"));
}

TEST_F(ServersApi, MailIsOneTap) {
    write("data/x", "");
    EXPECT_EQ(json_of(ask("PUT", R"({"mail": true})")), "{}");
    EXPECT_EQ(control_->restarts, 1);
    const std::string planned = plan();
    for (const char* line : {"mail=yes\n", "mail.host=waypost.local\n", "mail.imaps_port=993\n",
                             "mail.smtp=2525\n", "mail.lmtp=2424\n", "chat=no\n"})
        EXPECT_THAT(planned, HasSubstr(line));
    EXPECT_THAT(saved(), HasSubstr("passwords = 'data/mail-passwords'"));
    write("told/state", "mail.state=starting\n");
    EXPECT_THAT(json_of(ask("GET")), HasSubstr(R"("ports":{"imap":"993","smtp":"465"},)"
                                               R"("state":"starting","wanted":true)"));
    EXPECT_EQ(ask("PUT", R"({"mail": true})").status, 409) << "it is so already";
    EXPECT_EQ(control_->restarts, 1);
}

TEST_F(ServersApi, WithChatThereIsMail) {
    write("data/x", "");
    ASSERT_EQ(ask("PUT", R"({"chat": true})").status, 200);
    const std::string planned = plan();
    for (const char* line : {"mail=yes\n", "chat=yes\n", "chat.domain=chat.hill.example\n",
                             "chat.accounts=hill.example\n", "chat.port=5222\n"})
        EXPECT_THAT(planned, HasSubstr(line));
    EXPECT_THAT(planned, ::testing::ContainsRegex("chat.secret=[0-9a-f]{64}\n"));
    ASSERT_EQ(ask("PUT", R"({"chat": false})").status, 200);
    EXPECT_THAT(plan(), HasSubstr("chat=no\n"));
    EXPECT_THAT(plan(), HasSubstr("mail=yes\n"));
    ASSERT_EQ(ask("PUT", R"({"mail": false})").status, 200);
    EXPECT_THAT(plan(), HasSubstr("mail=no\n"));
    EXPECT_THAT(saved(), Not(HasSubstr("[")));
}

TEST_F(ServersApi, WaysInThatAreThereAreUsed) {
    write("data/x", "");
    write("waypost.toml",
          std::string(kSettings) + "[email.relay]\nlisten = [\"lmtp:127.0.0.1:2600\"]\n");
    ASSERT_EQ(ask("PUT", R"({"mail": true})").status, 200);
    EXPECT_THAT(plan(), HasSubstr("mail.lmtp=2600\n"));
    EXPECT_THAT(plan(), HasSubstr("mail.smtp=2525\n"));
    EXPECT_THAT(saved(), Not(HasSubstr("2424")));
}

TEST_F(ServersApi, WhatSomebodyWroteByHandStays) {
    write("data/x", "");
    write("waypost.toml", std::string(kSettings) +
                              "[email.a]\nlisten = [\"smtp:127.0.0.1:2525\", "
                              "\"lmtp:127.0.0.1:2424\"]\ntrusted = [\"127.0.0.1/32\"]\n"
                              "[mailserver.mine]\npasswords_group = \"root\"\n");
    EXPECT_THAT(json_of(ask("GET")), HasSubstr(R"("wanted":true)"));
    const Reply refused = ask("PUT", R"({"mail": false})");
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(json_of(refused), HasSubstr("[mailserver.mine]"));
    EXPECT_EQ(control_->restarts, 0);
}

TEST_F(ServersApi, AWayInThatGotASmarthostStays) {
    write("data/x", "");
    ASSERT_EQ(ask("PUT", R"({"mail": true})").status, 200);
    SettingsFile settings(config());
    ASSERT_TRUE(settings
                    .change(settings.view()->version, {{SettingChange::What::Value,
                                                        "email.programs",
                                                        "smarthost",
                                                        {"smtp:mail.example.org:587"}}})
                    .ok());
    ASSERT_EQ(ask("PUT", R"({"mail": false})").status, 200);
    EXPECT_THAT(saved(), HasSubstr("mail.example.org"));
    EXPECT_THAT(saved(), Not(HasSubstr("mailserver")));
}

TEST_F(ServersApi, IsForAdministratorsAlone) {
    EXPECT_EQ(ask("GET", {}, Role::Operator).status, 200);
    EXPECT_EQ(ask("GET", {}, Role::Villager).status, 403);
    EXPECT_EQ(ask("PUT", R"({"mail": true})", Role::Operator).status, 403);
    EXPECT_EQ(ask("PUT", R"({"mail": true})", Role::Anyone).status, 401);
    EXPECT_EQ(ask("PUT", R"({"mail": "perhaps"})").status, 400);
    EXPECT_EQ(saved(), "");
}

}  // namespace
}  // namespace waypost::api

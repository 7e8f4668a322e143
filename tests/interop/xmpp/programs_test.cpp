// SPDX-License-Identifier: Apache-2.0
// Programs that people have: a terminal client, and what is written with the JavaScript library.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/interop/xmpp/talk_village.h"

namespace waypost::interop {
namespace {

using testing::HasSubstr;

// A screen of 40 lines in a tmux of its own.
class Terminal {
  public:
    Terminal(const std::string& command, const std::string& socket)
        : tmux_("tmux -S " + socket + " -f /dev/null ") {
        shell("LANG=C.UTF-8 " + tmux_ + "new-session -d -x 110 -y 40 '" + command + '\'');
    }
    ~Terminal() { shell(tmux_ + "kill-server || true"); }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    void type(const std::string& line) {
        shell(tmux_ + "send-keys -l '" + line + "'; " + tmux_ + "send-keys Enter");
    }
    std::string screen() const { return shell(tmux_ + "capture-pane -p || true"); }
    bool shows(const std::string& text) const {
        return eventually([&] { return screen().find(text) != std::string::npos; });
    }

  private:
    const std::string tmux_;
};

class ProgramsTest : public testing::Test {
  protected:
    ProgramsTest() {
        for (const char* name : {"alice", "jan"}) {
            server.add_user(name);
            village.person(name);
        }
    }
    const std::string port() const { return std::to_string(server.client_port()); }

    Prosody server;
    TalkVillage village{server};
};

TEST_F(ProgramsTest, ATerminalClientTalksToARadio) {
    const std::string home = village.folder() / "profanity";
    std::filesystem::create_directories(home + "/config/profanity");
    std::ofstream(home + "/config/profanity/profrc") << "[ui]\nsplash=false\n";
    Terminal profanity("HOME=" + home + " XDG_CONFIG_HOME=" + home +
                           "/config XDG_DATA_HOME=" + home + "/data TERM=screen profanity",
                       village.folder() / "tmux");
    ASSERT_TRUE(profanity.shows("/register")) << profanity.screen();
    profanity.type("/connect alice@localhost server 127.0.0.1 port " + port() + " tls trust");
    ASSERT_TRUE(profanity.shows("password")) << profanity.screen();
    profanity.type("pw-alice");
    ASSERT_TRUE(profanity.shows("logged in successfully")) << profanity.screen();
    profanity.type("/msg " + village.at_box("ana") + " hello from a terminal");
    ASSERT_TRUE(village.shows("ana", "1 alice: hello from a terminal")) << village.seen();
    village.radio("ana", "*1 hello terminal");
    EXPECT_TRUE(profanity.shows(village.at_box("ana") + ": hello terminal")) << profanity.screen();
}

TEST_F(ProgramsTest, TheJavaScriptLibraryTalksToARadio) {
    const std::string log = village.folder() / "js.log";
    shell("NODE_EXTRA_CA_CERTS=" + server.certificate() +
          " timeout 120 " WAYPOST_XMPP_SCRIPTS "/js/run.sh " WAYPOST_JS_FOLDER " " + port() +
          " jan@localhost pw-jan " + village.at_box("ana") + " 'hello from a script' > " + log +
          " 2>&1 & echo started");
    ASSERT_TRUE(eventually([&] { return village.shows("ana", "1 jan: hello from a script"); },
                           std::chrono::seconds(90)))
        << contents(log) << village.seen();
    village.radio("ana", "*1 hello script");
    EXPECT_TRUE(eventually([&] {
        return contents(log).find("message hello script") != std::string::npos;
    })) << contents(log);
    EXPECT_THAT(contents(log), HasSubstr("receipt\n"));
}

}  // namespace
}  // namespace waypost::interop

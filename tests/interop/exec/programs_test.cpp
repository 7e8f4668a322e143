// SPDX-License-Identifier: Apache-2.0
// A whole box with programs of other hands: the lines of doc/exec.md as they stand there, in Python
// with the real gammu-smsd and in a shell, and one in node.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/interop/console_tls/child.h"
#include "tests/interop/mail/ask.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;

// What stands in the doc between ```LANGUAGE and ```.
std::string from_doc(const std::string& language) {
    const std::string doc = contents(EXEC_DOC);
    const std::string fence = "```" + language + "\n";
    const std::size_t from = doc.find(fence);
    if (from == std::string::npos) throw std::runtime_error("no " + language + " in " EXEC_DOC);
    const std::size_t begin = from + fence.size();
    return doc.substr(begin, doc.find("```\n", begin) - begin);
}

void write_program(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0700);
}

// The daemon with its dummy phone, a folder: what lies in sms/3 is what came.
class Gammu {
  public:
    explicit Gammu(const Folder& folder) : spool_(folder / "gammu") {
        for (const char* each : {"", "/inbox", "/outbox", "/sent", "/error", "/phone"})
            fs::create_directories(spool_ + each);
        std::ofstream(spool_ + "/rc")
            << "[gammu]\ndevice = " << spool_ << "/phone\nconnection = none\nmodel = dummy\n"
            << "[smsd]\nservice = files\nchecksecurity = 0\ncommtimeout = 1\nloopsleep = 1\n"
            << "receivefrequency = 1\ninboxformat = unicode\ntransmitformat = unicode\n"
            << "logfile = " << spool_ << "/log\n"
            << "inboxpath = " << spool_ << "/inbox/\noutboxpath = " << spool_ << "/outbox/\n"
            << "sentsmspath = " << spool_ << "/sent/\nerrorsmspath = " << spool_ << "/error/\n";
        daemon_.emplace(std::vector<std::string>{"gammu-smsd", "-c", spool_ + "/rc"},
                        spool_ + "/out");
    }
    const std::string& spool() const { return spool_; }
    // An SMS from this number, which a phone has received.
    void receive(const std::string& number, const std::string& text) {
        std::string hex;
        for (const char c : text) {
            char four[5];
            std::snprintf(four, sizeof four, "%04X", static_cast<unsigned char>(c));
            hex += four;
        }
        fs::create_directories(spool_ + "/phone/sms/3");
        std::ofstream(spool_ + "/next") << "[SMSBackup000]\nPDU = Deliver\n"
                                        << "DateTime = 20261127T184128Z\nState = UnRead\n"
                                        << "Number = \"" << number << "\"\nText00 = " << hex
                                        << "\nCoding = Unicode_No_Compression\nFolder = 3\n"
                                        << "Length = " << text.size() << "\nClass = -1\n";
        fs::rename(spool_ + "/next", spool_ + "/phone/sms/3/" + std::to_string(++received_));
    }
    // Of the one SMS that was sent to this number; empty: there is none yet.
    std::string sent_to(const std::string& number) const {
        for (const auto& each : fs::directory_iterator(spool_ + "/sent")) {
            if (each.path().filename().string().find('_' + number + '_') == std::string::npos)
                continue;
            return shell("iconv -f UTF-16 -t UTF-8 " + each.path().string());
        }
        return {};
    }
    std::size_t sent() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(spool_ + "/sent"), fs::directory_iterator()));
    }

  private:
    const std::string spool_;
    std::optional<Child> daemon_;
    int received_ = 0;
};

class Programs : public ::testing::Test {
  protected:
    void start(const std::string& command, const std::string& more = {}) {
        box_ = std::make_unique<BoxProcess>(
            folder_, api_at(folder_ / "api") +
                         "[exec.one]\nscheme = \"sms\"\ncommand = " + command + "\n" + more);
        box_->waypost("people add ana");
        ASSERT_TRUE(box_->status_says("exec.one"));
    }
    // files.py, and two people whose phones it knows.
    void start_with_files(const std::string& how, const std::string& more = {}) {
        start("[\"python3\", \"" FILES_PY "\", \"" + how + "\", \"" + folder_.path() + "\"]", more);
        box_->waypost("people add carl --radio sms:+1");
        box_->waypost("people add ben --radio sms:+2");
        std::ofstream(folder_ / "go") << "go";
    }
    void send(const std::string& to, const std::string& text) {
        shell("printf '%s' '" + text + "' | " + box_->command() + " send --from ana --to " + to);
    }
    bool trace_has(int message, const std::string& text) {
        return eventually([&] {
            try {
                return box_->waypost("trace " + std::to_string(message)).find(text) !=
                       std::string::npos;
            } catch (const std::exception&) {
                return false;
            }
        });
    }

    const Folder folder_;
    std::unique_ptr<BoxProcess> box_;
};

TEST_F(Programs, TheSmsGatewayOfTheDocWithTheRealGammu) {
    Gammu gammu(folder_);
    write_program(folder_ / "sms.py", from_doc("python"));
    start("[\"./sms.py\", \"" + gammu.spool() + "\"]");
    send("sms:+491701234567", "Is the bridge at Żagań open?");
    EXPECT_TRUE(eventually([&] { return gammu.sent() == 1; }));
    EXPECT_EQ(gammu.sent_to("+491701234567"), "ana: Is the bridge at Żagań open?");
    EXPECT_TRUE(trace_has(1, "sent"));

    // He answers without a name: it is for ana, who wrote to him and thus takes it.
    gammu.receive("+491701234567", "Yes since noon");
    EXPECT_TRUE(trace_has(2, "Message 2 from sms:+491701234567, 14 bytes"));
    EXPECT_TRUE(eventually([&] { return fs::is_empty(gammu.spool() + "/inbox"); }))
        << "kept, so gammu's copy may go";
    // A stranger names her, and is told that she has not accepted him yet.
    gammu.receive("+491701234568", "@ana hello");
    EXPECT_TRUE(eventually([&] { return !gammu.sent_to("+491701234568").empty(); }));
}

// The box is killed while the outcome is not on record yet: it offers the same again.
TEST_F(Programs, AKillOfTheBoxMakesNoSecondSms) {
    Gammu gammu(folder_);
    write_program(folder_ / "sms.py", from_doc("python"));
    start("[\"./sms.py\", \"" + gammu.spool() + "\"]");
    box_->stop();
    box_->start("outcome-known");
    send("sms:+491701234567", "once");
    ASSERT_TRUE(eventually([&] { return box_->died(); }));
    box_->start();
    EXPECT_TRUE(trace_has(1, "resumed"));
    EXPECT_TRUE(trace_has(1, "sent"));
    EXPECT_EQ(gammu.sent(), 1u);
}

TEST_F(Programs, TheShellOfTheDocSendsBackWhatItGets) {
    write_program(folder_ / "echo.sh", from_doc("sh"));
    start("[\"./echo.sh\"]");
    const std::string text = "a \"quoted\" text with \\\\ and $HOME";
    send("sms:+1", text);
    EXPECT_TRUE(trace_has(1, "sent"));
    const std::size_t bytes = text.size() + std::string_view("You said: ").size();
    EXPECT_TRUE(trace_has(2, "Message 2 from sms:+1, " + std::to_string(bytes) + " bytes"));
}

// From carl's phone to ben's, by a real program, and out of the box by its command line.
TEST_F(Programs, FilesPassBothWays) {
    std::string goat;
    for (int i = 0; i < 100'000; ++i) goat += static_cast<char>(i * 7 ^ i >> 8);
    std::ofstream(folder_ / "goat.jpg", std::ios::binary) << goat;
    start_with_files("good");
    EXPECT_TRUE(trace_has(1, "sent")) << contents(folder_ / "answers");
    EXPECT_TRUE(contents(folder_ / "got-goat.jpg") == goat);
    EXPECT_EQ(contents(folder_ / "got-note.txt"), "at the ford");
    const std::string list = box_->waypost("attachments 1");
    EXPECT_NE(list.find("goat.jpg  image/jpeg"), std::string::npos) << list;
    box_->waypost("attachments 1 1 --output " + folder_ / "out.jpg");
    EXPECT_TRUE(contents(folder_ / "out.jpg") == goat);
    const std::string shelf = folder_ / "waypost.db.exec/exec.one";
    EXPECT_TRUE(eventually([&] { return fs::is_empty(shelf + "/out"); })) << "it has reported";
    EXPECT_FALSE(fs::exists(shelf + "/goat.jpg")) << "it was kept";
}

TEST_F(Programs, WhatAMailHasAttachedIsThereForTheProgram) {
    const int smtp = free_port();
    start_with_files("none",
                     "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(smtp) + "\"]\n");
    shell("head -c 90000 /dev/urandom > " + folder_ / "plan.pdf");
    shell("swaks --server 127.0.0.1 --port " + std::to_string(smtp) +
          " --from bob@hill.test --to ben@village.test --body 'see this' --attach-type"
          " application/pdf --attach-name ../plan.pdf --attach @" +
          folder_ / "plan.pdf");
    ASSERT_TRUE(trace_has(1, "waits for consent"));
    box_->waypost("queue release 1");
    EXPECT_TRUE(eventually([&] { return fs::exists(folder_ / "got-plan.pdf"); }));
    EXPECT_TRUE(trace_has(1, "over sms: sent")) << box_->traces(1);
    EXPECT_TRUE(contents(folder_ / "got-plan.pdf") == contents(folder_ / "plan.pdf"));
}

TEST_F(Programs, FilesThatLieElsewhereAreRefused) {
    std::ofstream(folder_ / "goat.jpg") << "goat";
    start_with_files("bad");
    const auto answer = [&](int number) {
        const std::string all = contents(folder_ / "answers");
        const std::size_t at = all.find("{\"accepted\":" + std::to_string(number) + ',');
        return at == std::string::npos ? std::string() : all.substr(at, all.find('\n', at) - at);
    };
    EXPECT_TRUE(eventually([&] { return !answer(5).empty(); }));
    const char* const why[] = {"lies outside", "lies outside", "is a link", "too_large", "is none"};
    for (int i = 1; i <= 5; ++i) {
        EXPECT_NE(answer(i).find("\"refused\""), std::string::npos) << answer(i);
        EXPECT_NE(answer(i).find(why[i - 1]), std::string::npos) << answer(i);
    }
}

TEST_F(Programs, NodeTakesManyAtOnceAndProvesThem) {
    start("[\"node\", \"" ECHO_MJS "\"]");
    constexpr int kAll = 6;
    for (int i = 1; i <= kAll; ++i) send("sms:+" + std::to_string(i), "number");
    // Each comes back as a message of its own, and the box tells each sender that it waits.
    EXPECT_TRUE(eventually([&] {
        const std::string all = box_->traces(3 * kAll);
        int back = 0;
        for (std::size_t at = 0; (at = all.find(", 6 bytes", at)) != std::string::npos; ++at)
            ++back;
        return back == 2 * kAll;
    }));
    EXPECT_TRUE(trace_has(1, "delivered"));
}

}  // namespace
}  // namespace waypost::interop

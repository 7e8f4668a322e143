// SPDX-License-Identifier: Apache-2.0
// Which certificate is in use, whatever happens to files, clock and authority.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "web/tls/certificate_keeper.h"

namespace waypost::tls {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDay = 86'400'000, kHour = 3'600'000;

class Keeper : public ::testing::Test {
  protected:
    Keeper() { fs::create_directories(folder_); }
    ~Keeper() override { fs::remove_all(folder_); }

    KeeperOptions own() const {
        KeeperOptions options;
        options.folder = folder_ + "/tls";
        options.names = {"hill.example"};
        options.local_names = {"waypost.local"};
        options.addresses = {"192.168.4.1"};
        return options;
    }
    KeeperOptions file() const {
        KeeperOptions options = own();
        options.wanted = Wanted::File;
        options.certificate = at("cert.pem");
        options.key = at("key.pem");
        return options;
    }
    // An authority that is not there: nothing listens on port 1.
    KeeperOptions acme() const {
        KeeperOptions options = own();
        options.wanted = Wanted::Acme;
        options.acme.directory = "https://127.0.0.1:1/directory";
        return options;
    }
    std::unique_ptr<CertificateKeeper> open(const KeeperOptions& options) {
        KeeperTools tools;
        tools.wall_ms = [this] { return wall_; };
        tools.box_ms = [this] { return box_; };
        tools.time_known = [this] { return known_; };
        tools.chance = [] { return 0.5; };
        tools.load_state = [this] { return state_; };
        tools.save_state = [this](const std::string& text) { state_ = text; };
        auto keeper = std::make_unique<CertificateKeeper>(options, tools);
        keeper->open();
        return keeper;
    }
    std::string at(const std::string& name) const { return folder_ + '/' + name; }
    void put(const std::string& name, const std::string& text, mode_t mode = 0600) const {
        std::ofstream(at(name)) << text;
        ::chmod(at(name).c_str(), mode);
    }
    // In both files; its fingerprint.
    std::string put_pair(const std::string& name) {
        const auto made = make_certificate({name}, {});
        put("cert.pem", made->text);
        put("key.pem", std::string(made->key.reveal()));
        return certificate_facts(made->text)->fingerprint;
    }

    const std::string folder_ = testing::TempDir() + "keeper-" + std::to_string(::getpid());
    std::int64_t wall_ = std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
    std::int64_t box_ = 1000;
    bool known_ = true;
    std::string state_;
};

TEST_F(Keeper, TheBoxMakesItsOwnAndKeepsIt) {
    const auto first = open(own())->report();
    EXPECT_EQ(first.names,
              (std::vector<std::string>{"hill.example", "waypost.local", "192.168.4.1"}));
    EXPECT_EQ(first.in_use, "own");
    EXPECT_EQ(first.issuer, "hill.example");
    EXPECT_FALSE(first.accepted);
    EXPECT_EQ(first.days_left, 818);
    EXPECT_EQ(fs::status(at("tls/own.pem")).permissions(), fs::perms(0600));
    EXPECT_EQ(fs::status(at("tls")).permissions(), fs::perms(0700));
    EXPECT_EQ(open(own())->report().fingerprint, first.fingerprint) << "after a restart too";
}

TEST_F(Keeper, TheOwnIsMadeAnewBeforeItEndsOrForAnotherName) {
    const auto keeper = open(own());
    const std::string first = keeper->report().fingerprint;
    wall_ += 780 * kDay;
    keeper->step();
    EXPECT_EQ(keeper->report().fingerprint, first);
    wall_ += 9 * kDay;
    keeper->step();
    EXPECT_NE(keeper->report().fingerprint, first);
    KeeperOptions other = own();
    other.names.push_back("post.hill.example");
    EXPECT_EQ(open(other)->report().names.at(1), "post.hill.example");
}

TEST_F(Keeper, AClockThatIsNotKnownJudgesNothing) {
    const auto keeper = open(own());
    const std::string first = keeper->report().fingerprint;
    known_ = false;
    wall_ += 5000 * kDay;
    keeper->step();
    EXPECT_EQ(keeper->report().fingerprint, first);
    EXPECT_FALSE(keeper->report().days_left);
    EXPECT_EQ(keeper->insist().count(), 0);
}

TEST_F(Keeper, AFileThatChangesIsTakenAndABrokenOneIsNot) {
    const std::string first = put_pair("hill.example");
    const auto keeper = open(file());
    EXPECT_EQ(keeper->report().fingerprint, first);
    const auto before = keeper->context();
    keeper->step();
    EXPECT_EQ(keeper->context(), before) << "nothing is loaded again while nothing changes";

    put("key.pem", "rubbish");
    keeper->step();
    EXPECT_EQ(keeper->report().fingerprint, first);
    EXPECT_NE(keeper->report().problem.find("there is no key in PEM"), std::string::npos);
    fs::remove(at("cert.pem"));
    keeper->step();
    EXPECT_EQ(keeper->report().fingerprint, first);
    EXPECT_NE(keeper->report().problem.find("cannot read"), std::string::npos);

    const std::string second = put_pair("hill.example");
    keeper->step();
    EXPECT_EQ(keeper->report().fingerprint, second);
    EXPECT_EQ(keeper->report().problem, "");
    EXPECT_NE(keeper->context(), before);
}

TEST_F(Keeper, TwoFilesAreExchangedOneAfterTheOther) {
    const std::string first = put_pair("hill.example");
    const auto keeper = open(file());
    const auto made = make_certificate({"hill.example"}, {});
    put("cert.pem", made->text);
    keeper->step();
    EXPECT_EQ(keeper->report().fingerprint, first);
    EXPECT_NE(keeper->report().problem.find("the key is not the one of the certificate"),
              std::string::npos);
    put("key.pem", std::string(made->key.reveal()));
    keeper->step();
    EXPECT_EQ(keeper->report().fingerprint, certificate_facts(made->text)->fingerprint);
    EXPECT_EQ(keeper->report().problem, "");
}

TEST_F(Keeper, FilesThatWereNeverGoodLeaveTheOwn) {
    const auto keeper = open(file());
    EXPECT_EQ(keeper->report().in_use, "own");
    EXPECT_EQ(keeper->report().wanted, "file");
    EXPECT_NE(keeper->report().problem.find("cert.pem"), std::string::npos);
    const std::string good = put_pair("hill.example");
    ::chmod(at("key.pem").c_str(), 0644);
    keeper->step();
    EXPECT_NE(keeper->report().problem.find("chmod o-r"), std::string::npos);
    ::chmod(at("key.pem").c_str(), 0640);
    keeper->step();
    EXPECT_EQ(keeper->report().fingerprint, good);
    EXPECT_EQ(keeper->report().in_use, "file");
    put("cert.pem", std::string(kMostPemBytes + 1, 'x'));
    keeper->step();
    EXPECT_NE(keeper->report().problem.find("larger than 256 KiB"), std::string::npos);
}

TEST_F(Keeper, AnAuthorityThatIsNotThereLeavesTheOwnAndIsAskedLater) {
    const auto keeper = open(acme());
    keeper->step();
    const auto report = keeper->report();
    EXPECT_EQ(report.in_use, "own");
    EXPECT_EQ(report.wanted, "acme");
    EXPECT_NE(report.problem.find("the authority cannot be reached"), std::string::npos)
        << report.problem;
    EXPECT_EQ(report.next_try_min, 60);
    EXPECT_EQ(report.problem_ms, wall_);
    const std::string after_one = state_;
    box_ += kHour / 2;
    keeper->step();
    EXPECT_EQ(state_, after_one) << "too early";
    EXPECT_NE(open(acme())->report().problem, "") << "it is on record";
    box_ += kHour;
    keeper->step();
    EXPECT_NE(state_, after_one);
}

TEST_F(Keeper, NobodyIsAskedWhileTheTimeIsNotKnown) {
    known_ = false;
    const auto keeper = open(acme());
    keeper->step();
    EXPECT_EQ(state_, "");
    EXPECT_NE(keeper->report().problem.find("knows the time"), std::string::npos);
    EXPECT_EQ(keeper->renew().error().code, Code::Refused);
}

TEST_F(Keeper, WhoAsksForItIsHeldToTheNumberOfADayToo) {
    EXPECT_EQ(open(own())->renew().error().code, Code::Refused);
    AcmeState often;
    for (int i = 0; i < 5; ++i) often = after(often, {true, "no", box_ + i, wall_, 0.5});
    state_ = to_text(often);
    const auto keeper = open(acme());
    EXPECT_NE(keeper->renew().error().text.find("5 times in a day"), std::string::npos);
    box_ += 24 * kHour + 5;
    EXPECT_TRUE(keeper->renew().ok());
    EXPECT_EQ(keeper->renew().error().code, Code::Busy);
}

TEST(Certificate, SaysWhatItIsFor) {
    const CertificateFacts facts{{"*.hill.example", "dale.example", "10.0.0.1"}, "", "", 0, 0};
    for (const char* host : {"a.hill.example", "A.HILL.example", "dale.example", "10.0.0.1"})
        EXPECT_TRUE(is_for(facts, host)) << host;
    for (const char* host :
         {"hill.example", "a.b.hill.example", ".hill.example", "", "x.dale.example"})
        EXPECT_FALSE(is_for(facts, host)) << host;
    EXPECT_EQ(days_until(10 * kDay, 0), 10);
    EXPECT_EQ(days_until(kDay - 1, 0), 0);
    EXPECT_EQ(days_until(0, 1), -1);
    EXPECT_FALSE(make_certificate({"a,DNS:b"}, {}).ok());
    EXPECT_FALSE(make_request({}).ok());
}

}  // namespace
}  // namespace waypost::tls

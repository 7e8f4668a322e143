// SPDX-License-Identifier: Apache-2.0
// The page of a locked box, asked by HTTP on loopback, and the pipe behind it.
#include "app/locked_page.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "gateway/base/random.h"

namespace waypost {
namespace {

class LockedPageTest : public ::testing::Test {
  protected:
    LockedPageTest()
        : folder_(std::filesystem::temp_directory_path() /
                  ("waypost-test-" + system_random()->hex(8))) {
        std::filesystem::create_directories(folder_);
        ::mkfifo((folder_ / "typed").c_str(), 0600);
        says("locked");
    }
    ~LockedPageTest() override {
        if (pipe_ >= 0) ::close(pipe_);
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    void says(const std::string& state) { std::ofstream(folder_ / "state") << state << '\n'; }
    void somebody_reads() { pipe_ = ::open((folder_ / "typed").c_str(), O_RDONLY | O_NONBLOCK); }
    std::string read() {
        char bytes[500];
        const ssize_t got = ::read(pipe_, bytes, sizeof bytes);
        return got > 0 ? std::string(bytes, static_cast<std::size_t>(got)) : std::string();
    }
    // The status, and what it says into body_.
    int ask(const std::string& method, const std::string& body = {}, const std::string& uri = "/") {
        Poco::Net::HTTPClientSession session("127.0.0.1", page_.port());
        Poco::Net::HTTPRequest request(method, uri, "HTTP/1.1");
        request.setContentType("application/x-www-form-urlencoded");
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        auto& answer = session.receiveResponse(response);
        body_.clear();
        Poco::StreamCopier::copyToString(answer, body_);
        return response.getStatus();
    }

    const std::filesystem::path folder_;
    std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
    LockedPage page_{std::make_shared<LockedDoor>(folder_, [this] { return now_; }), 0, "b{}"};
    std::string body_;
    int pipe_ = -1;
};

TEST_F(LockedPageTest, AsksAndHandsOn) {
    EXPECT_EQ(ask("GET"), 200);
    EXPECT_NE(body_.find("name=\"passphrase\""), std::string::npos) << body_;
    EXPECT_NE(body_.find("<style>b{}</style>"), std::string::npos) << body_;
    somebody_reads();
    EXPECT_EQ(ask("POST", "passphrase=seven+green+lanterns%21"), 200);
    EXPECT_EQ(read(), "seven green lanterns!\n");
    says("wrong");
    EXPECT_EQ(ask("GET"), 200);
    EXPECT_NE(body_.find("did not open"), std::string::npos) << body_;
}

TEST_F(LockedPageTest, IsNoHealthyConsole) { EXPECT_EQ(ask("GET", {}, "/api/health"), 503); }

TEST_F(LockedPageTest, OneAtATimeAndNotFast) {
    EXPECT_EQ(ask("POST", "passphrase=nobody+reads+this"), 503);
    somebody_reads();
    EXPECT_EQ(ask("POST", "passphrase=one"), 200);
    EXPECT_EQ(ask("POST", "passphrase=two"), 503);
    now_ += LockedDoor::kPause;
    EXPECT_EQ(ask("POST", "passphrase=three"), 200);
    EXPECT_EQ(read(), "one\nthree\n");
}

TEST_F(LockedPageTest, BadInput) {
    somebody_reads();
    for (const std::string body : {"", "passphrase=", "other=1", "passphrase=two%0Alines",
                                   "passphrase=%C3%A4", "passphrase=%00", "=&=&%%%"}) {
        EXPECT_EQ(ask("POST", body), 400) << body;
    }
    EXPECT_EQ(ask("POST", "passphrase=" + std::string(201, 'x')), 400);
    EXPECT_EQ(ask("POST", "passphrase=" + std::string(3000, 'x')), 413);
    EXPECT_EQ(read(), "");
    EXPECT_EQ(ask("POST", "passphrase=" + std::string(200, 'x')), 200);
    EXPECT_EQ(read(), std::string(200, 'x') + '\n');
}

TEST_F(LockedPageTest, WhatTheFolderSaysIsNoMarkup) {
    says("<script>alert(1)</script>");
    EXPECT_EQ(ask("GET"), 200);
    EXPECT_EQ(body_.find("<script>"), std::string::npos) << body_;
}

}  // namespace
}  // namespace waypost

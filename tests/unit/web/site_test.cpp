// SPDX-License-Identifier: Apache-2.0
// The console's server as a browser meets it.
#include "web/site/site.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/web/api_village.h"
#include "web/site/files.h"

namespace waypost::site {
namespace {

namespace fs = std::filesystem;

struct Got {
    Poco::Net::HTTPResponse head;
    std::string body;
    int status() const { return head.getStatus(); }
};

class SiteTest : public api::ApiVillage {
  protected:
    SiteTest() : folder_(testing::TempDir() + "site-" + std::to_string(::getpid())) {
        fs::create_directories(folder_ + "/assets");
        put("index.html", "<!doctype html><title>Waypost</title>");
        put("assets/app-1.js", "let whole = 1;");
        put("assets/app-1.js.gz", "gzipped");
        put("assets/app-1.js.br", "brotlied");
        put("sw.js", "// worker");
        desk_ = std::make_unique<Desk>(*office_);
        site_ = std::make_unique<Site>(*desk_, SiteOptions{"127.0.0.1:0", folder_});
    }
    ~SiteTest() override {
        site_.reset();
        desk_.reset();
        fs::remove_all(folder_);
    }
    void put(const std::string& name, const std::string& bytes) {
        std::ofstream(folder_ + '/' + name) << bytes;
    }
    Got get(const std::string& path, const std::map<std::string, std::string>& headers = {},
            const std::string& method = "GET", const std::string& body = {}) {
        Poco::Net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(site_->port()));
        Poco::Net::HTTPRequest request(method, path, "HTTP/1.1");
        for (const auto& [name, value] : headers) request.set(name, value);
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        session.sendRequest(request) << body;
        Got got;
        Poco::StreamCopier::copyToString(session.receiveResponse(got.head), got.body);
        return got;
    }

    const std::string folder_;
    std::unique_ptr<Desk> desk_;
    std::unique_ptr<Site> site_;
};

TEST_F(SiteTest, GivesThePageForEveryPathThatIsNoFile) {
    for (const std::string path : {"/", "/messages/7", "/people?x=.js", "/radios/trunk.dale"}) {
        const Got page = get(path);
        EXPECT_EQ(page.status(), 200) << path;
        EXPECT_NE(page.body.find("<title>Waypost"), std::string::npos) << path;
        EXPECT_EQ(page.head.get("Cache-Control"), "no-cache");
    }
    EXPECT_EQ(get("/assets/gone-2.js").status(), 404);
    EXPECT_EQ(get("/favicon.ico").status(), 404);
}

TEST_F(SiteTest, GivesFilesPackedAsTheBrowserTakesThem) {
    EXPECT_EQ(get("/assets/app-1.js").body, "let whole = 1;");
    const Got zipped = get("/assets/app-1.js", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(zipped.body, "gzipped");
    EXPECT_EQ(zipped.head.get("Content-Encoding"), "gzip");
    EXPECT_EQ(get("/assets/app-1.js", {{"Accept-Encoding", "gzip, br"}}).body, "brotlied");
    EXPECT_EQ(zipped.head.get("Cache-Control"), "public, max-age=31536000, immutable");
    const Got again = get("/sw.js", {{"If-None-Match", get("/sw.js").head.get("ETag")}});
    EXPECT_EQ(again.status(), 304);
    EXPECT_EQ(again.body, "");
}

TEST_F(SiteTest, NothingOutsideItsFolderIsGiven) {
    std::ofstream(folder_ + "-secret") << "secret";
    const std::string name = fs::path(folder_).filename().string() + "-secret";
    for (const std::string& path : {"/../" + name, "/assets/../../" + name, "/%2e%2e/" + name,
                                    "//" + name, "/..%2f" + name}) {
        EXPECT_EQ(get(path).body.find("secret\n"), std::string::npos) << path;
        EXPECT_NE(get(path).body, "secret") << path;
    }
    fs::remove(folder_ + "-secret");
}

TEST_F(SiteTest, NeitherScriptNorFrameOfOthersIsLetIn) {
    for (const std::string path : {"/", "/api/session", "/nothing.js"}) {
        const Got got = get(path);
        const std::string policy = got.head.get("Content-Security-Policy", "");
        EXPECT_EQ(policy.rfind("default-src 'self'; ", 0), 0u) << path;
        EXPECT_EQ(policy.find("unsafe"), std::string::npos);
        EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
        EXPECT_EQ(got.head.get("X-Content-Type-Options"), "nosniff");
    }
}

// printf '%s' 'p{margin:0}' | openssl dgst -sha256 -binary | base64
TEST_F(SiteTest, TheStyleInThePageIsLetInByItsHashAlone) {
    site_.reset();
    put("index.html", "<!doctype html><title>Waypost</title><style>p{margin:0}</style>");
    site_ = std::make_unique<Site>(*desk_, SiteOptions{"127.0.0.1:0", folder_});
    const auto policy = [&](const std::string& path) {
        return get(path).head.get("Content-Security-Policy", "");
    };
    EXPECT_NE(policy("/").find(
                  "; style-src 'self' 'sha256-QRQPRLGyxt3RJiKpYNjpkgHcmHU2PywsfL2e8oI0LQA='"),
              std::string::npos)
        << policy("/");
    EXPECT_EQ(policy("/api/session").find("style-src"), std::string::npos);
    EXPECT_EQ(policy("/sw.js").find("style-src"), std::string::npos);
}

TEST_F(SiteTest, TheApiAsksWhoIsThere) {
    EXPECT_EQ(get("/api/session").status(), 200);
    EXPECT_EQ(get("/api/status").status(), 401);
    EXPECT_EQ(get("/api/status", {{"Cookie", "waypost=0123"}}).status(), 401);
    EXPECT_EQ(get("/api/nothing").status(), 404);
    EXPECT_EQ(get("/api/session").head.get("Cache-Control"), "no-store");
}

TEST_F(SiteTest, AFormOfAnotherPageChangesNothing) {
    const char* body = R"({"handle": "mia", "password": "whatever it is"})";
    EXPECT_EQ(get("/api/session", {{"Content-Type", "text/plain"}}, "POST", body).status(), 415);
    EXPECT_EQ(get("/api/session", {}, "POST", body).status(), 415);
    EXPECT_EQ(get("/api/session", {{"Content-Type", "application/json"}}, "POST",
                  std::string(300 * 1024, 'x'))
                  .status(),
              413);
    EXPECT_EQ(get("/index.html", {}, "DELETE").status(), 405);
}

// More than there are threads, from one place, as anybody in the Wi-Fi can.
TEST_F(SiteTest, SlowBodiesKeepNobodyOut) {
    const Poco::Net::SocketAddress address("127.0.0.1", static_cast<Poco::UInt16>(site_->port()));
    const std::string begun =
        "POST /api/session HTTP/1.1\r\nHost: box\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000\r\n\r\n{";
    std::vector<Poco::Net::StreamSocket> slow;
    for (int i = 0; i < Site::kMostThreads + 10; ++i) {
        slow.emplace_back(address);
        slow.back().sendBytes(begun.data(), static_cast<int>(begun.size()));
    }
    EXPECT_EQ(get("/api/session").status(), 200);
    EXPECT_EQ(get("/api/health").status(), 200);
    EXPECT_TRUE(slow.back().poll(Poco::Timespan(0, 0), Poco::Net::Socket::SELECT_WRITE));
    EXPECT_FALSE(slow.back().poll(Poco::Timespan(0, 0), Poco::Net::Socket::SELECT_READ));
}

TEST_F(SiteTest, ABodyWithoutItsLengthIsNotTaken) {
    Poco::Net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(site_->port()));
    Poco::Net::HTTPRequest request("POST", "/api/session", "HTTP/1.1");
    request.setChunkedTransferEncoding(true);
    session.sendRequest(request) << "{}";
    Poco::Net::HTTPResponse response;
    session.receiveResponse(response);
    EXPECT_EQ(response.getStatus(), 411);
}

TEST_F(SiteTest, AFormOfThePlainPagesComesFromHere) {
    const std::string here = "http://127.0.0.1:" + std::to_string(site_->port());
    const auto is_heard = [&](const std::string& origin) {
        return !get("/plain",
                    {{"Origin", origin}, {"Content-Type", "application/x-www-form-urlencoded"}},
                    "POST", "handle=%3F&code=1")
                    .body.empty();
    };
    // Else a browser calls itself "null" in a form.
    EXPECT_EQ(get("/plain").head.get("Referrer-Policy"), "same-origin");
    EXPECT_TRUE(is_heard(here));
    EXPECT_FALSE(is_heard("null"));
    EXPECT_FALSE(is_heard("http://other.example"));
}

TEST(SiteFiles, ThatAreNotThereAreSaid) {
    try {
        Files("/nonexistent");
        FAIL();
    } catch (const std::runtime_error& e) {
        EXPECT_NE(std::string(e.what()).find("there is no index.html in /nonexistent"),
                  std::string::npos);
    }
}

}  // namespace
}  // namespace waypost::site

// SPDX-License-Identifier: Apache-2.0
// The ground of the map as a browser reads it.
#include "web/site/tiles.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/web/api_village.h"
#include "web/site/site.h"

namespace waypost::site {
namespace {

struct Got {
    Poco::Net::HTTPResponse head;
    std::string body;
    int status() const { return head.getStatus(); }
};

using Headers = std::map<std::string, std::string>;

class TilesTest : public api::ApiVillage {
  protected:
    TilesTest() {
        close();
        settings_.tiles = folder_ + "/village.pmtiles";
        std::filesystem::create_directories(folder_ + "/page");
        std::ofstream(folder_ + "/page/index.html") << "<title>Waypost</title>";
        for (int i = 0; bytes_.size() < 200'000; ++i) bytes_ += std::to_string(i) + ' ';
        open();
        desk_ = std::make_unique<Desk>(*office_);
        site_ = std::make_unique<Site>(*desk_, SiteOptions{"127.0.0.1:0", folder_ + "/page"});
        sign_in();
    }
    ~TilesTest() override {
        site_.reset();
        desk_.reset();
    }
    void sign_in() {
        (void)ask([&](Desk&) -> Result<void> {
            const auto code = desk_->console().claim_code();
            if (!code.ok()) return code.error();
            auto in = desk_->console().claim(
                {*code, "mia", "Mia", "en", Secret("long enough a word")}, {"10.0.0.7", "test"});
            if (!in.ok()) return in.error();
            cookie_ = "waypost=" + std::string(in->token.reveal());
            return {};
        });
        EXPECT_FALSE(cookie_.empty());
    }
    void put() { std::ofstream(settings_.tiles, std::ios::binary) << bytes_; }
    Got get(Headers headers = {}, const std::string& method = "GET") {
        if (!cookie_.empty()) headers["Cookie"] = cookie_;
        Got got;
        (void)ask([&](Desk&) -> Result<void> {
            const auto port = static_cast<Poco::UInt16>(site_->port());
            Poco::Net::HTTPClientSession session("127.0.0.1", port);
            Poco::Net::HTTPRequest request(method, kTiles, "HTTP/1.1");
            for (const auto& [name, value] : headers) request.set(name, value);
            session.sendRequest(request);
            Poco::StreamCopier::copyToString(session.receiveResponse(got.head), got.body);
            return {};
        });
        return got;
    }

    std::string bytes_, cookie_;
    std::unique_ptr<Desk> desk_;
    std::unique_ptr<Site> site_;
};

TEST_F(TilesTest, AFileThatIsNotThereIsNotFound) {
    EXPECT_EQ(get().status(), 404);
    std::filesystem::create_directory(settings_.tiles);
    EXPECT_EQ(get().status(), 404);
}

TEST_F(TilesTest, IsForWhoIsSignedIn) {
    put();
    cookie_.clear();
    const Got nobody = get();
    EXPECT_EQ(nobody.status(), 401);
    EXPECT_EQ(nobody.body, "");
}

TEST_F(TilesTest, GivesTheWholeFileOrWhatIsAskedFor) {
    put();
    const Got whole = get();
    EXPECT_EQ(whole.status(), 200);
    EXPECT_EQ(whole.body, bytes_);
    EXPECT_EQ(whole.head.get("Accept-Ranges"), "bytes");
    const Got part = get({{"Range", "bytes=1000-99999"}});
    EXPECT_EQ(part.status(), 206);
    EXPECT_EQ(part.body, bytes_.substr(1000, 99'000));
    EXPECT_EQ(part.head.get("Content-Range"), "bytes 1000-99999/" + std::to_string(bytes_.size()));
    EXPECT_EQ(get({{"Range", "bytes=-7"}}).body, bytes_.substr(bytes_.size() - 7));
    EXPECT_EQ(get({{"Range", "bytes=0-1,4-5"}}).status(), 200);
}

TEST_F(TilesTest, WhatIsBehindTheEndIsSaidToBe) {
    put();
    const Got outside = get({{"Range", "bytes=" + std::to_string(bytes_.size()) + "-"}});
    EXPECT_EQ(outside.status(), 416);
    EXPECT_EQ(outside.head.get("Content-Range"), "bytes */" + std::to_string(bytes_.size()));
    EXPECT_EQ(outside.body, "");
}

TEST_F(TilesTest, HeadSaysHowLongItIs) {
    put();
    const Got head = get({{"Range", "bytes=0-3"}}, "HEAD");
    EXPECT_EQ(head.status(), 200);
    EXPECT_EQ(head.head.getContentLength64(), static_cast<Poco::Int64>(bytes_.size()));
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(get({}, "DELETE").status(), 405);
}

TEST_F(TilesTest, AnotherFileIsTold) {
    put();
    const std::string etag = get({}, "HEAD").head.get("ETag");
    EXPECT_EQ(get({{"If-None-Match", etag}}).status(), 304);
    EXPECT_EQ(get({{"Range", "bytes=0-3"}, {"If-Range", etag}}).status(), 206);
    bytes_ += "more";
    put();
    const Got other = get({{"Range", "bytes=0-3"}, {"If-Range", etag}});
    EXPECT_EQ(other.status(), 200);
    EXPECT_EQ(other.body, bytes_);
    EXPECT_NE(other.head.get("ETag"), etag);
    EXPECT_EQ(get({{"If-None-Match", etag}}).status(), 200);
}

}  // namespace
}  // namespace waypost::site

// SPDX-License-Identifier: Apache-2.0
// The portal of the box's own Wi-Fi, as phones meet it.
#include "web/site/portal.h"

#include <Poco/JSON/Parser.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/web/api_village.h"
#include "web/site/site.h"

namespace waypost::site {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPage[] = "http://10.41.0.1/portal";
constexpr char kApple[] = "captive.apple.com", kApplePath[] = "/hotspot-detect.html";

class PortalTest : public api::ApiVillage {
  protected:
    PortalTest() : folder_(testing::TempDir() + "portal-" + std::to_string(::getpid())) {
        fs::create_directories(folder_ + "/assets");
        put("index.html", "<!doctype html><title>Waypost</title>");
        put("assets/en-1.json", R"({"portal.stay": "Stay here", "portal.new": "Nobody's box",
             "portal.lead": "The post office"})");
        put("assets/ar-1.json", R"({"portal.stay": "\u0627\u0628\u0642"})");
        desk_ = std::make_unique<Desk>(*office_);
        files_ = std::make_unique<Files>(folder_);
        words_ = std::make_unique<Words>(*files_);
        portal_ = std::make_unique<Portal>(
            *desk_, *words_, PortalOptions{"10.41.0.1", {"waypost.local", "hill.example"}},
            [this] { return now_; });
    }
    ~PortalTest() override {
        portal_.reset();
        desk_.reset();
        fs::remove_all(folder_);
    }
    void put(const std::string& name, const std::string& bytes) {
        std::ofstream(folder_ + '/' + name) << bytes;
    }
    std::optional<PortalAnswer> get(const std::string& host, const std::string& path,
                                    const std::string& from = "10.41.0.7") {
        return portal_->answer({"GET", host, path, from, "", ""});
    }
    // The phone's owner says that he stays.
    void stay(const std::string& from = "10.41.0.7") {
        const auto answer =
            portal_->answer({"POST", "10.41.0.1", "/portal/stay", from, "", "http://10.41.0.1"});
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 303);
        EXPECT_EQ(answer->go_to, "/portal");
    }
    bool is_captive(const std::string& from = "10.41.0.7") {
        const auto answer = get("10.41.0.1", "/portal/api", from);
        EXPECT_EQ(answer->type, "application/captive+json");
        const auto o = Poco::JSON::Parser().parse(answer->body).extract<Poco::JSON::Object::Ptr>();
        EXPECT_EQ(o->getValue<std::string>("user-portal-url"), kPage);
        return o->getValue<bool>("captive");
    }

    const std::string folder_;
    std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
    std::unique_ptr<Desk> desk_;
    std::unique_ptr<Files> files_;
    std::unique_ptr<Words> words_;
    std::unique_ptr<Portal> portal_;
};

struct KnownProbe {
    const char* host;
    const char* path;
    int status;
    const char* says;
};
constexpr KnownProbe kKnown[] = {
    {"connectivitycheck.gstatic.com", "/generate_204", 204, ""},
    {"connectivitycheck.android.com", "/generate_204", 204, ""},
    {"www.google.com", "/gen_204", 204, ""},
    {kApple, kApplePath, 200, "<BODY>Success</BODY>"},
    {"www.apple.com", "/library/test/success.html", 200, "<BODY>Success</BODY>"},
    {"www.msftconnecttest.com", "/connecttest.txt", 200, "Microsoft Connect Test"},
    {"www.msftncsi.com", "/ncsi.txt", 200, "Microsoft NCSI"},
    {"detectportal.firefox.com", "/canonical.html", 200, "support.mozilla.org/kb/captive-portal"},
    {"detectportal.firefox.com", "/success.txt", 200, "success\n"},
    {"nmcheck.gnome.org", "/check_network_status.txt", 200, "NetworkManager is online"},
    {"network-test.debian.org", "/nm", 200, "NetworkManager is online"},
    {"fedoraproject.org", "/static/hotspot.txt", 200, "OK"},
    {"connectivity-check.ubuntu.com", "/", 204, ""},
};

TEST_F(PortalTest, AProbeLeadsToThePageUntilItsOwnerSaysThatHeStays) {
    for (const KnownProbe& each : kKnown) {
        const auto before = get(each.host, each.path);
        ASSERT_TRUE(before) << each.host;
        EXPECT_EQ(before->status, 302) << each.host;
        EXPECT_EQ(before->go_to, kPage);
        EXPECT_EQ(before->body, "") << "nothing by which a phone could think that it is online";
    }
    stay();
    for (const KnownProbe& each : kKnown) {
        const auto after = get(each.host, each.path);
        EXPECT_EQ(after->status, each.status) << each.host;
        EXPECT_THAT(after->body, HasSubstr(each.says));
        EXPECT_EQ(after->go_to, "");
    }
}

TEST_F(PortalTest, OnePhonesWordIsNotAnothers) {
    stay("10.41.0.7");
    EXPECT_FALSE(is_captive("10.41.0.7"));
    EXPECT_TRUE(is_captive("10.41.0.8"));
    EXPECT_EQ(get(kApple, kApplePath, "10.41.0.8")->status, 302);
}

TEST_F(PortalTest, ItIsAskedAgainAfterADay) {
    stay();
    now_ += Portal::kStays - std::chrono::minutes(1);
    EXPECT_FALSE(is_captive());
    now_ += std::chrono::minutes(2);
    EXPECT_TRUE(is_captive());
    EXPECT_EQ(get(kApple, kApplePath)->status, 302);
}

TEST_F(PortalTest, MorePhonesThanAVillageHasCostNoMemory) {
    stay("10.41.0.7");
    for (std::size_t i = 0; i < Portal::kMostPhones; ++i) stay("10.42.0." + std::to_string(i));
    EXPECT_TRUE(is_captive("10.41.0.7"));
    EXPECT_FALSE(is_captive("10.42.0.1"));
}

TEST_F(PortalTest, AnotherHostIsNeverShownThePageOrTheApi) {
    stay();
    for (const char* host :
         {"example.org", "10.41.0.2", "", "waypost.local.evil.example", "evil-waypost.local",
          "hill.example@evil.example", "[::1]", "waypost.local:80:80x.example", "\xff\xfe",
          "example.org\tx", "a:b:c"}) {
        for (const char* path : {"/", "/api/session", "/api/status", "/plain", "/portal",
                                 "/portal/stay", "/portal/api", "/assets/app-1.js", "*", ""}) {
            const auto answer = get(host, path);
            ASSERT_TRUE(answer) << host << ' ' << path;
            EXPECT_EQ(answer->status, 302);
            EXPECT_EQ(answer->go_to, kPage) << "and never what was asked for";
            EXPECT_EQ(answer->body, "");
        }
        const auto posted = portal_->answer({"POST", host, "/api/session", "10.41.0.7", "", ""});
        EXPECT_EQ(posted->status, 421) << host;
    }
}

TEST_F(PortalTest, TheBoxIsKnownByEachOfItsNames) {
    for (const char* host : {"10.41.0.1", "10.41.0.1:80", "waypost.local", "WayPost.Local:8080",
                             "waypost.local.", "hill.example"}) {
        EXPECT_FALSE(get(host, "/")) << host;
        EXPECT_FALSE(get(host, "/api/session")) << host;
        EXPECT_EQ(get(host, "/portal")->status, 200) << host;
    }
    EXPECT_TRUE(portal_->is_for("10.41.0.1"));
    EXPECT_FALSE(portal_->is_for("192.168.1.5")) << "by a cable nothing of this counts";
    EXPECT_FALSE(Portal(*desk_, *words_, {}).is_for("")) << "nor without a Wi-Fi";
}

TEST_F(PortalTest, AFormOfAnotherPageLetsNobodyStay) {
    for (const char* origin : {"http://evil.example", "null", "https://10.41.0.1", "http://"}) {
        const auto answer =
            portal_->answer({"POST", "10.41.0.1", "/portal/stay", "10.41.0.7", "", origin});
        EXPECT_EQ(answer->status, 403) << origin;
    }
    EXPECT_EQ(get("10.41.0.1", "/portal/stay")->status, 303) << "asked for by hand";
    EXPECT_TRUE(is_captive());
}

TEST_F(PortalTest, ThePageSaysWhatTheBoxIsAndWhatToDo) {
    const auto fresh = get("10.41.0.1", "/portal");
    EXPECT_THAT(fresh->body, HasSubstr("Nobody&#39;s box"));
    EXPECT_THAT(fresh->body, HasSubstr("href=\"/\""));
    EXPECT_THAT(fresh->body, HasSubstr("http://waypost.local/"));
    EXPECT_THAT(fresh->body, HasSubstr("action=\"/portal/stay\""));
    stay();
    EXPECT_THAT(get("10.41.0.1", "/portal")->body, Not(HasSubstr("<form")));
}

TEST_F(PortalTest, ItSpeaksThePhonesLanguage) {
    const auto page = [&](const char* languages) {
        return portal_->answer({"GET", "10.41.0.1", "/portal", "10.41.0.7", languages, ""})->body;
    };
    EXPECT_THAT(page("de-CH, ar;q=0.8, en;q=0.5"), HasSubstr("lang=\"ar\" dir=\"rtl\""));
    EXPECT_THAT(page("EN-gb"), HasSubstr("lang=\"en\" dir=\"ltr\""));
    for (const char* rubbish : {"", ",,,,", " ", "a", "\"><script>", "xx-yy,zz"}) {
        EXPECT_THAT(page(rubbish), HasSubstr("lang=\"en\"")) << rubbish;
        EXPECT_THAT(page(rubbish), Not(HasSubstr("<script"))) << rubbish;
    }
}

// The whole server, with the loopback in the place of the Wi-Fi.
class PortalSite : public PortalTest {
  protected:
    PortalSite() {
        SiteOptions options{"127.0.0.1:0", folder_};
        options.portal = {"127.0.0.1", {"waypost.local"}};
        site_ = std::make_unique<Site>(*desk_, options);
    }
    Poco::Net::HTTPResponse ask(const std::string& host, const std::string& path,
                                const std::string& method = "GET") {
        Poco::Net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(site_->port()));
        Poco::Net::HTTPRequest request(method, path, "HTTP/1.1");
        request.set("Host", host);
        request.set("Content-Type", "application/json");
        request.setContentLength(2);
        session.sendRequest(request) << "{}";
        Poco::Net::HTTPResponse response;
        std::string body;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
        return response;
    }
    std::unique_ptr<Site> site_;
};

TEST_F(PortalSite, AProbeIsAnsweredByTheServer) {
    const auto captive = ask(kApple, kApplePath);
    EXPECT_EQ(captive.getStatus(), 302);
    EXPECT_EQ(captive.get("Location"), "http://127.0.0.1/portal");
    EXPECT_EQ(captive.get("Cache-Control"), "no-store");
    EXPECT_EQ(ask("127.0.0.1", "/portal?x=1").getStatus(), 200);
    EXPECT_EQ(ask("127.0.0.1", "/portal/stay", "POST").getStatus(), 303);
    EXPECT_EQ(ask(kApple, kApplePath, "HEAD").getStatus(), 200);
    const auto android = ask("connectivitycheck.gstatic.com", "/generate_204");
    EXPECT_EQ(android.getStatus(), 204);
    EXPECT_FALSE(android.hasContentLength());
}

// What is open to somebody in the Wi-Fi who has no session: the same as elsewhere, and the portal.
TEST_F(PortalSite, NothingElseIsOpen) {
    for (const api::Route& route : api::routes()) {
        std::string path = "/api" + route.pattern;
        for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
            path.replace(open, path.find('}') - open + 1, "1");
        const int foreign = ask("example.org", path, route.method).getStatus();
        EXPECT_EQ(foreign, route.method == "GET" ? 302 : 421) << route.method << ' ' << path;
        if (route.least == Role::Anyone) continue;
        EXPECT_EQ(ask("waypost.local", path, route.method).getStatus(), 401) << path;
    }
    EXPECT_EQ(ask("waypost.local", "/tiles.pmtiles").getStatus(), 401);
}

}  // namespace
}  // namespace waypost::site

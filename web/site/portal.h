// SPDX-License-Identifier: Apache-2.0
// The captive portal of the box's own Wi-Fi: who asks there for any other host than the box is sent
// to a page that says where he is. Once he has said that he stays, his phone gets the answers by
// which it knows a network that needs no page, so that it stays too; doc/first-boot.md says what
// each kind of phone makes of it. Nothing here needs a session, and no answer has anything in it of
// what was asked: not its host, not its path. No sockets; any thread.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/lru_map.h"
#include "gateway/delivery/desk.h"
#include "web/site/words.h"

namespace waypost::site {

struct PortalOptions {
    std::string address{};             // of the box on its Wi-Fi, "10.41.0.1"; empty: there is none
    std::vector<std::string> names{};  // by which it is asked for too, "waypost.local"; lower case
};

// A request that came to that address.
struct PortalAsked {
    std::string method;
    std::string host;  // as the request says it; may be empty
    std::string path;  // without its query
    std::string from;  // address of who asks
    std::string accept_language;
    std::string origin;
};

struct PortalAnswer {
    int status = 200;
    std::string type;
    std::string body;
    std::string go_to;  // Location
};

class Portal {
  public:
    using Now = std::function<std::chrono::steady_clock::time_point()>;
    // How long a phone that stays is told so; then it is shown the page once more.
    static constexpr std::chrono::hours kStays{24};
    static constexpr std::size_t kMostPhones = 1024;

    Portal(Desk& desk, const Words& words, PortalOptions options,
           Now now = std::chrono::steady_clock::now)
        : desk_(desk), words_(words), options_(std::move(options)), now_(std::move(now)) {}

    // `address`: of ours, that the request came to.
    bool is_for(const std::string& address) const {
        return !options_.address.empty() && address == options_.address;
    }
    // nullopt: it is for the box's page or its API.
    std::optional<PortalAnswer> answer(const PortalAsked& asked);

  private:
    bool is_ours(const std::string& host) const;
    bool stays(const std::string& phone);
    void let_stay(const std::string& phone);
    PortalAnswer elsewhere(const PortalAsked& asked);
    PortalAnswer state(const PortalAsked& asked);  // RFC 8908
    PortalAnswer page(const PortalAsked& asked);
    std::string language(const std::string& accept_language) const;
    std::string page_url() const;

    Desk& desk_;
    const Words& words_;
    const PortalOptions options_;
    const Now now_;
    std::mutex mutex_;
    LruMap<std::chrono::steady_clock::time_point> until_{kMostPhones};  // by address
};

}  // namespace waypost::site

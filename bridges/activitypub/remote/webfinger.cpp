// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/remote/webfinger.h"

#include <Poco/URI.h>

#include "bridges/activitypub/vocab/json_read.h"
#include "bridges/fetch/web_url.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kMostUserBytes = 200;
constexpr std::size_t kMostHostBytes = 260;  // with a port

bool is_user(std::string_view user) {
    return !user.empty() && user.size() <= kMostUserBytes && clean_name(user) == user &&
           user.find_first_of("@/ :\"<>?#\\") == std::string_view::npos;
}

bool is_host(const std::string& host) {
    if (host.empty() || host.size() > kMostHostBytes || !is_ascii(host)) return false;
    const auto url = parse_web_url("https://" + host + '/');
    return url.ok() && url->authority() == host && url->target() == "/";
}

bool leads_to_actors(const Json& link) {
    const std::string type = lower_ascii(string_at(link, "type"));
    const std::string media = squeeze(type.substr(0, type.find(';')));
    return string_at(link, "rel") == "self" &&
           (media == "application/activity+json" || media == "application/ld+json");
}

}  // namespace

bool Acct::is(const Acct& other) const {
    return host == other.host && lower_ascii(user) == lower_ascii(other.user);
}

Result<Acct> parse_acct(std::string_view text) {
    if (text.starts_with("acct:")) text.remove_prefix(5);
    if (text.starts_with('@')) text.remove_prefix(1);
    const std::size_t at = text.find('@');
    Acct acct;
    if (at != std::string_view::npos)
        acct = {std::string(text.substr(0, at)), lower_ascii(text.substr(at + 1))};
    if (!is_user(acct.user) || !is_host(acct.host))
        return bad_input("this is no address of the fediverse; one looks like bob@social.example");
    return acct;
}

std::string webfinger_path(const Acct& acct) {
    std::string user;
    Poco::URI::encode(acct.user, "!#$&'()*+,;=%", user);
    return "/.well-known/webfinger?resource=acct:" + user + '@' + acct.host;
}

Result<WebFinger> parse_webfinger(std::string_view json) {
    const auto document = read_json(json);
    if (!document.ok()) return document.error();
    WebFinger found;
    found.subject = string_at(**document, "subject");
    for (const JsonValue& value : values_at(**document, "links")) {
        const Json::Ptr link = object_of(value);
        if (!link || !leads_to_actors(*link)) continue;
        found.actor = string_at(*link, "href");
        if (is_id(found.actor)) return found;
    }
    return Error{Code::NotFound, "it has no account that the fediverse could write to", false};
}

}  // namespace waypost::activitypub

// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/web_url.h"

#include <curl/curl.h>

#include <memory>

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostUrlBytes = 2048;

struct FreeUrl {
    void operator()(CURLU* url) const { ::curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (::curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string result(text);
    ::curl_free(text);
    return result;
}

}  // namespace

std::string WebUrl::authority() const {
    return port == (scheme == "http" ? "80" : "443") ? host : host + ':' + port;
}

Result<WebUrl> parse_web_url(const std::string& text) {
    if (text.size() > kMostUrlBytes) return bad_input("the link is too long");
    const std::unique_ptr<CURLU, FreeUrl> url(::curl_url());
    if (!url || ::curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
                    CURLUE_OK)
        return bad_input("this is no link");
    WebUrl parsed;
    parsed.scheme = lower_ascii(part_of(url.get(), CURLUPART_SCHEME));
    parsed.host = lower_ascii(part_of(url.get(), CURLUPART_HOST));
    if (!parsed.host.empty()) ::curl_url_set(url.get(), CURLUPART_HOST, parsed.host.c_str(), 0);
    parsed.text = part_of(url.get(), CURLUPART_URL);
    parsed.path = part_of(url.get(), CURLUPART_PATH);
    parsed.query = part_of(url.get(), CURLUPART_QUERY);
    if (!parsed.query.empty()) parsed.query.insert(0, 1, '?');
    if (parsed.scheme != "https" && parsed.scheme != "http")
        return bad_input("only https links are fetched");
    if (parsed.host.empty()) return bad_input("this is no link");
    if (!part_of(url.get(), CURLUPART_USER).empty() ||
        !part_of(url.get(), CURLUPART_PASSWORD).empty())
        return bad_input("links with a password are not fetched");
    parsed.port = part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    return parsed;
}

}  // namespace waypost

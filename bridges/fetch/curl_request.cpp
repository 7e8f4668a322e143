// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/curl_request.h"

#include <memory>

#include "bridges/fetch/curl_handles.h"
#include "bridges/fetch/public_address.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr long kStalledBytesPerSecond = 50;
constexpr std::size_t kTypeBytes = 100;

}  // namespace

// What the name was resolved to, just before the connection: whatever the name says the next
// moment, this is where it goes.
curl_socket_t CurlRequest::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& request = *static_cast<CurlRequest*>(self);
    if (!request.near_ && !is_public_address(address->addr)) {
        request.forbidden_ = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int CurlRequest::look(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<CurlRequest*>(self)->goes_on() ? 0 : 1;
}

std::size_t CurlRequest::write(char* bytes, std::size_t, std::size_t size, void* self) {
    return static_cast<CurlRequest*>(self)->take({bytes, size}) ? size : 0;
}

void CurlRequest::set_up(curl_slist* header, std::chrono::milliseconds left) {
    const auto set = [this](CURLoption option, auto value) {
        ::curl_easy_setopt(curl_, option, value);
    };
    set(CURLOPT_URL, url_.text.c_str());
    set(CURLOPT_PROTOCOLS_STR, near_ ? "https,http" : "https");
    set(CURLOPT_PROXY, "");  // a proxy would go where we do not
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_USERAGENT, "Waypost");
    set(CURLOPT_HTTPHEADER, header);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, kStalledBytesPerSecond);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stalled.count()));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_OPENSOCKETFUNCTION, &CurlRequest::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_WRITEFUNCTION, &CurlRequest::write);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &CurlRequest::look);
    set(CURLOPT_XFERINFODATA, this);
}

CURLcode CurlRequest::perform(CURL* curl, const std::vector<std::string>& header,
                              std::chrono::milliseconds left) {
    curl_ = curl;
    std::unique_ptr<curl_slist, FreeCurl> lines;
    for (const std::string& line : header)
        lines.reset(::curl_slist_append(lines.release(), line.c_str()));
    set_up(lines.get(), left);
    const CURLcode code = ::curl_easy_perform(curl_);
    ::curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, nullptr);
    return code;
}

int CurlRequest::status() const {
    long status = 0;
    ::curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

std::string CurlRequest::media_type() const {
    char* header = nullptr;
    ::curl_easy_getinfo(curl_, CURLINFO_CONTENT_TYPE, &header);
    if (header == nullptr) return {};
    std::string type = lower_ascii(std::string_view(header).substr(0, kTypeBytes));
    type = squeeze(type.substr(0, type.find(';')));
    return is_ascii(type) ? clean_utf8(type) : std::string();
}

std::string CurlRequest::redirect() const {
    char* url = nullptr;
    ::curl_easy_getinfo(curl_, CURLINFO_REDIRECT_URL, &url);
    return url == nullptr ? std::string() : std::string(url);
}

Error CurlRequest::error_of(CURLcode code) const {
    if (cut_) return {Code::Network, "the box is stopping", true};
    if (forbidden_)
        return {Code::Refused, url_.host + " lies in a private network, which is not asked", false};
    switch (code) {
        case CURLE_FILESIZE_EXCEEDED:
            return {Code::TooLarge, "larger than " + short_size(options_.most_bytes), false};
        case CURLE_OPERATION_TIMEDOUT:
            return {Code::Timeout, "it takes too long", true};
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
            return {Code::Network, "it ended early", true};
        case CURLE_COULDNT_RESOLVE_HOST:
            return {Code::Network, url_.host + " is not known here", true};
        case CURLE_PEER_FAILED_VERIFICATION:
            return {Code::Refused, "the certificate of " + url_.host + " is not valid", false};
        default:
            return {Code::Network, url_.host + ": " + ::curl_easy_strerror(code), true};
    }
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// One request by curl, which calls back on the thread that performs it.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/fetch/fetcher.h"
#include "bridges/fetch/web_url.h"

namespace waypost {

class CurlRequest {
  public:
    // All are the caller's and outlive it. `near`: the operator says that it may be anywhere.
    CurlRequest(const FetchOptions& options, const std::atomic<bool>& cut, const WebUrl& url,
                bool near)
        : options_(options), cut_(cut), url_(url), near_(near) {}
    virtual ~CurlRequest() = default;
    CurlRequest(const CurlRequest&) = delete;
    CurlRequest& operator=(const CurlRequest&) = delete;

  protected:
    // A part of the answer's body; false ends the request, and `perform` says that writing failed.
    virtual bool take(std::string_view bytes) = 0;

    // False ends it; asked once a second at least.
    virtual bool goes_on() { return !cut_; }

    // `curl` has what the caller set beside. Its status and all else is to be asked of it then.
    CURLcode perform(CURL* curl, const std::vector<std::string>& header,
                     std::chrono::milliseconds left);
    Error error_of(CURLcode code) const;  // a sentence for people

    CURL* curl() const { return curl_; }
    int status() const;
    std::string media_type() const;  // without parameters, small letters
    std::string redirect() const;    // whole URL; empty: it is none
    const FetchOptions& options() const { return options_; }
    const WebUrl& url() const { return url_; }

  private:
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);
    static std::size_t write(char* bytes, std::size_t, std::size_t size, void* self);
    static int look(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    void set_up(curl_slist* header, std::chrono::milliseconds left);

    const FetchOptions& options_;
    const std::atomic<bool>& cut_;
    const WebUrl& url_;
    const bool near_;
    CURL* curl_ = nullptr;
    bool forbidden_ = false;  // an address where we do not go
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// curl's handles, each with the connections that it has open: who asks a host again goes on the
// connection of the last time. All trust the same authorities. Thread-safe.
#pragma once

#include <curl/curl.h>

#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "bridges/fetch/authorities.h"

namespace waypost {

struct FreeCurl {
    void operator()(CURL* curl) const { ::curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;

class CurlHandles {
  public:
    // `ca_file`: PEM, empty: the system's.
    explicit CurlHandles(const std::string& ca_file);
    // For this host; as new but for its connections. Null: no memory.
    CurlHandle take(const std::string& authority);
    // When all went well. Nothing is called back by it any more.
    void give_back(CurlHandle handle, const std::string& authority);

  private:
    struct Idle {
        std::string authority;  // that it asked last
        CurlHandle handle;
    };
    static CURLcode trust(CURL* curl, void* context, void* self);

    Authorities authorities_;
    std::mutex mutex_;
    std::list<Idle> idle_;  // the last one first
};

}  // namespace waypost

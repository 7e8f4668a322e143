// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/curl_handles.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

namespace waypost {
namespace {

constexpr std::size_t kMostIdle = 8;
constexpr long kConnectionsEach = 2;

void begin_curl() {
    static std::once_flag once;
    std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// Where libcurl was built to look.
std::string system_authorities() {
    begin_curl();
    const CurlHandle curl(::curl_easy_init());
    char* file = nullptr;
    if (curl) ::curl_easy_getinfo(curl.get(), CURLINFO_CAINFO, &file);
    return file == nullptr ? std::string() : std::string(file);
}

}  // namespace

CurlHandles::CurlHandles(const std::string& ca_file)
    : authorities_(ca_file.empty() ? system_authorities() : ca_file) {
    begin_curl();
}

// Before a handshake. Without authorities there is none.
CURLcode CurlHandles::trust(CURL*, void* context, void* self) {
    const auto store = static_cast<CurlHandles*>(self)->authorities_.store();
    if (!store) return CURLE_SSL_CACERT_BADFILE;
    return ::SSL_CTX_set1_verify_cert_store(static_cast<SSL_CTX*>(context), store.get()) == 1
               ? CURLE_OK
               : CURLE_OUT_OF_MEMORY;
}

CurlHandle CurlHandles::take(const std::string& authority) {
    CurlHandle handle;
    {
        const std::lock_guard lock(mutex_);
        const auto found = std::find_if(idle_.begin(), idle_.end(), [&](const Idle& each) {
            return each.authority == authority;
        });
        if (found != idle_.end()) {
            handle = std::move(found->handle);
            idle_.erase(found);
        }
    }
    if (!handle) handle.reset(::curl_easy_init());
    if (!handle) return handle;
    ::curl_easy_setopt(handle.get(), CURLOPT_MAXCONNECTS, kConnectionsEach);
    ::curl_easy_setopt(handle.get(), CURLOPT_CAINFO, nullptr);
    ::curl_easy_setopt(handle.get(), CURLOPT_CAPATH, nullptr);
    ::curl_easy_setopt(handle.get(), CURLOPT_SSL_CTX_FUNCTION, &CurlHandles::trust);
    ::curl_easy_setopt(handle.get(), CURLOPT_SSL_CTX_DATA, this);
    return handle;
}

void CurlHandles::give_back(CurlHandle handle, const std::string& authority) {
    ::curl_easy_reset(handle.get());
    std::list<Idle> dropped;  // connections are closed without the lock
    const std::lock_guard lock(mutex_);
    idle_.push_front({authority, std::move(handle)});
    if (idle_.size() > kMostIdle) dropped.splice(dropped.begin(), idle_, std::prev(idle_.end()));
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/fetcher.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>

#include "bridges/fetch/public_address.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostUrlBytes = 2048;
constexpr long kStalledBytesPerSecond = 50;
constexpr std::size_t kTypeBytes = 100;

using std::chrono::steady_clock;

struct FreeCurl {
    void operator()(CURL* curl) const { ::curl_easy_cleanup(curl); }
    void operator()(CURLU* url) const { ::curl_url_cleanup(url); }
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

void start_library() {
    static std::once_flag once;
    std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct Url {
    std::string text, scheme, host, port, path;
};

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (::curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string result(text);
    ::curl_free(text);
    return result;
}

Result<Url> parse_url(const std::string& text) {
    if (text.size() > kMostUrlBytes) return bad_input("the link is too long");
    const std::unique_ptr<CURLU, FreeCurl> url(::curl_url());
    if (!url || ::curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
                    CURLUE_OK)
        return bad_input("this is no link");
    Url parsed;
    parsed.text = text;
    parsed.scheme = lower_ascii(part_of(url.get(), CURLUPART_SCHEME));
    parsed.host = lower_ascii(part_of(url.get(), CURLUPART_HOST));
    parsed.path = part_of(url.get(), CURLUPART_PATH);
    if (parsed.scheme != "https" && parsed.scheme != "http")
        return bad_input("only https links are fetched");
    if (parsed.host.empty()) return bad_input("this is no link");
    if (!part_of(url.get(), CURLUPART_USER).empty() ||
        !part_of(url.get(), CURLUPART_PASSWORD).empty())
        return bad_input("links with a password are not fetched");
    parsed.port = part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    return parsed;
}

std::string file_name_of(const Url& url) {
    const std::string last = url.path.substr(url.path.rfind('/') + 1);
    int size = 0;
    char* text = ::curl_easy_unescape(nullptr, last.c_str(), static_cast<int>(last.size()), &size);
    const std::string name(text == nullptr ? "" : text, static_cast<std::size_t>(size));
    ::curl_free(text);
    return clean_file_name(name);
}

std::string media_type(const char* header) {
    if (header == nullptr) return {};
    std::string type = lower_ascii(std::string_view(header).substr(0, kTypeBytes));
    type = squeeze(type.substr(0, type.find(';')));
    return is_ascii(type) ? clean_utf8(type) : std::string();
}

}  // namespace

// One request. curl calls back on the thread that performs it.
class Fetcher::Transfer {
  public:
    Transfer(const Fetcher& owner, const Url& url, std::string name, bool near, FetchSink& sink)
        : owner_(owner), url_(url), name_(std::move(name)), near_(near), sink_(sink) {}

    struct End {
        std::uint64_t bytes = 0;
        std::string redirect;  // where it goes on; empty: this was it
    };
    Result<End> run(const std::vector<std::string>& header, std::chrono::milliseconds left);

  private:
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);
    static std::size_t take(char* bytes, std::size_t, std::size_t size, void* self);
    static int look(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

    void set_up(CURL* curl, curl_slist* header, std::chrono::milliseconds left);
    std::size_t take(std::string_view bytes);
    Result<void> begin();
    Error error_of(CURLcode code) const;

    const Fetcher& owner_;
    const Url& url_;
    const std::string name_;
    const bool near_;
    FetchSink& sink_;
    CURL* curl_ = nullptr;
    std::uint64_t bytes_ = 0;
    bool begun_ = false;
    bool forbidden_ = false;  // an address where we do not go
    std::optional<Error> error_;
};

// What the name was resolved to, just before the connection: whatever the name says the next
// moment, this is where it goes.
curl_socket_t Fetcher::Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (!transfer.near_ && !is_public_address(address->addr)) {
        transfer.forbidden_ = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int Fetcher::Transfer::look(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Transfer*>(self)->owner_.cut_ ? 1 : 0;
}

std::size_t Fetcher::Transfer::take(char* bytes, std::size_t, std::size_t size, void* self) {
    return static_cast<Transfer*>(self)->take({bytes, size});
}

Result<void> Fetcher::Transfer::begin() {
    if (begun_) return {};
    begun_ = true;
    char* type = nullptr;
    ::curl_easy_getinfo(curl_, CURLINFO_CONTENT_TYPE, &type);
    return sink_.begin({url_.text, media_type(type), name_});
}

// Anything but its size ends the transfer. The body of a redirect or of an error is not ours.
std::size_t Fetcher::Transfer::take(std::string_view bytes) {
    long status = 0;
    ::curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) return bytes.size();
    bytes_ += bytes.size();
    if (bytes_ > owner_.options_.most_bytes) {
        error_ =
            Error{Code::TooLarge, "larger than " + short_size(owner_.options_.most_bytes), false};
        return 0;
    }
    auto taken = begin();
    if (taken.ok()) taken = sink_.write(bytes);
    if (taken.ok()) return bytes.size();
    error_ = taken.error();
    return 0;
}

void Fetcher::Transfer::set_up(CURL* curl, curl_slist* header, std::chrono::milliseconds left) {
    const FetchOptions& options = owner_.options_;
    const auto set = [curl](CURLoption option, auto value) {
        ::curl_easy_setopt(curl, option, value);
    };
    set(CURLOPT_URL, url_.text.c_str());
    set(CURLOPT_PROTOCOLS_STR, near_ ? "https,http" : "https");
    set(CURLOPT_PROXY, "");  // a proxy would go where we do not
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_USERAGENT, "Waypost");
    set(CURLOPT_HTTPHEADER, header);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, kStalledBytesPerSecond);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stalled.count()));
    // Where the server says its size, it is refused before the first byte.
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options.most_bytes));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_WRITEFUNCTION,
        static_cast<std::size_t (*)(char*, std::size_t, std::size_t, void*)>(&Transfer::take));
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::look);
    set(CURLOPT_XFERINFODATA, this);
}

Result<Fetcher::Transfer::End> Fetcher::Transfer::run(const std::vector<std::string>& header,
                                                      std::chrono::milliseconds left) {
    const std::unique_ptr<CURL, FreeCurl> curl(::curl_easy_init());
    if (!curl) return Error{Code::Internal, "no memory to fetch the file", true};
    curl_ = curl.get();
    std::unique_ptr<curl_slist, FreeCurl> lines;
    for (const std::string& line : header)
        lines.reset(::curl_slist_append(lines.release(), line.c_str()));
    set_up(curl_, lines.get(), left);
    const CURLcode code = ::curl_easy_perform(curl_);
    if (code != CURLE_OK) return error_of(code);
    long status = 0;
    ::curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) {
        if (auto begun = begin(); !begun.ok()) return begun.error();
        return End{bytes_, {}};
    }
    char* redirect = nullptr;
    ::curl_easy_getinfo(curl_, CURLINFO_REDIRECT_URL, &redirect);
    if (redirect != nullptr) return End{0, redirect};
    const std::string says = "its server says " + std::to_string(status);
    if (status == 404 || status == 410) return Error{Code::NotFound, says, false};
    return Error{Code::Network, says, status >= 500 || status == 429};
}

Error Fetcher::Transfer::error_of(CURLcode code) const {
    if (error_) return *error_;
    if (owner_.cut_) return {Code::Network, "the box is stopping", true};
    if (forbidden_)
        return {Code::Refused, url_.host + " lies in a private network, which is not asked", false};
    switch (code) {
        case CURLE_FILESIZE_EXCEEDED:
            return {Code::TooLarge, "larger than " + short_size(owner_.options_.most_bytes), false};
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

Fetcher::Fetcher(FetchOptions options) : options_(std::move(options)) { start_library(); }

namespace {

bool is_listed(const std::vector<std::string>& near, const Url& url) {
    return std::any_of(near.begin(), near.end(), [&](const std::string& each) {
        const std::string entry = lower_ascii(each);
        return entry == url.host || entry == url.host + ':' + url.port;
    });
}

Result<Url> url_to_fetch(const std::string& text, const std::vector<std::string>& near) {
    auto url = parse_url(text);
    if (!url.ok()) return url;
    if (url->scheme == "http" && !is_listed(near, *url))
        return bad_input("only https links are fetched");
    return url;
}

}  // namespace

Result<void> Fetcher::check(const std::string& url) const {
    const auto parsed = url_to_fetch(url, options_.near);
    if (!parsed.ok()) return parsed.error();
    return {};
}

Result<std::uint64_t> Fetcher::fetch(const FetchRequest& request, FetchSink& sink) const {
    const auto end = steady_clock::now() + options_.whole;
    auto url = url_to_fetch(request.url, options_.near);
    if (!url.ok()) return url.error();
    const std::string name = file_name_of(*url);
    const std::string first_host = url->host;
    for (int hop = 0; hop <= options_.redirects; ++hop) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now());
        if (left.count() <= 0) return Error{Code::Timeout, "it takes too long", true};
        Transfer transfer(*this, *url, name, is_listed(options_.near, *url), sink);
        const auto done = transfer.run(
            url->host == first_host ? request.header : std::vector<std::string>{}, left);
        if (!done.ok()) return done.error();
        if (done->redirect.empty()) return done->bytes;
        url = url_to_fetch(done->redirect, options_.near);
        if (!url.ok()) return url.error();
    }
    return Error{Code::Refused, "it is redirected too often", false};
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/fetcher.h"

#include <curl/curl.h>

#include <algorithm>
#include <ctime>

#include "bridges/fetch/curl_handles.h"
#include "bridges/fetch/curl_request.h"
#include "bridges/fetch/web_url.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Error no_memory() { return {Code::Internal, "no memory to fetch the file", true}; }

std::string file_name_of(const WebUrl& url) {
    const std::string last = url.path.substr(url.path.rfind('/') + 1);
    int size = 0;
    char* text = ::curl_easy_unescape(nullptr, last.c_str(), static_cast<int>(last.size()), &size);
    const std::string name(text == nullptr ? "" : text, static_cast<std::size_t>(size));
    ::curl_free(text);
    return clean_file_name(name);
}

// A file on its way into a sink.
class Download final : public CurlRequest {
  public:
    Download(const FetchOptions& options, const std::atomic<bool>& cut, const WebUrl& url,
             std::string name, bool near, FetchSink& sink)
        : CurlRequest(options, cut, url, near), name_(std::move(name)), sink_(sink) {}

    struct End {
        std::uint64_t bytes = 0;
        std::string redirect;  // where it goes on; empty: this was it
    };
    Result<End> run(CURL* curl, const std::vector<std::string>& header, milliseconds left);

  private:
    bool take(std::string_view bytes) override;
    Result<void> begin();

    const std::string name_;
    FetchSink& sink_;
    std::uint64_t bytes_ = 0;
    bool begun_ = false;
    std::optional<Error> error_;
};

Result<void> Download::begin() {
    if (begun_) return {};
    begun_ = true;
    return sink_.begin({url().text, media_type(), name_});
}

// The body of a redirect or of an error is not ours.
bool Download::take(std::string_view bytes) {
    if (status() != 200) return true;
    bytes_ += bytes.size();
    if (bytes_ > options().most_bytes) {
        error_ = Error{Code::TooLarge, "larger than " + short_size(options().most_bytes), false};
        return false;
    }
    auto taken = begin();
    if (taken.ok()) taken = sink_.write(bytes);
    if (taken.ok()) return true;
    error_ = taken.error();
    return false;
}

Result<Download::End> Download::run(CURL* curl, const std::vector<std::string>& header,
                                    milliseconds left) {
    // Where the server says its size, it is refused before the first byte.
    ::curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
                       static_cast<curl_off_t>(options().most_bytes));
    const CURLcode code = perform(curl, header, left);
    if (code != CURLE_OK) return error_ ? *error_ : error_of(code);
    if (status() == 200) {
        if (auto begun = begin(); !begun.ok()) return begun.error();
        return End{bytes_, {}};
    }
    if (const std::string to = redirect(); !to.empty()) return End{0, to};
    const std::string says = "its server says " + std::to_string(status());
    if (status() == 404 || status() == 410) return Error{Code::NotFound, says, false};
    return Error{Code::Network, says, is_passing_status(status())};
}

std::string header_of(CURL* curl, const char* name) {
    ::curl_header* found = nullptr;
    const bool there = ::curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK;
    return there ? std::string(found->value) : std::string();
}

// Mastodon says when its limit ends ("2026-11-27T14:05:00.123Z"), not for how long it lasts. Its
// own clock counts, as it says it in the same answer.
std::optional<std::chrono::seconds> until_reset(CURL* curl) {
    const std::string reset = header_of(curl, "X-RateLimit-Reset");
    std::tm utc{};
    if (::strptime(reset.c_str(), "%Y-%m-%dT%H:%M:%S", &utc) == nullptr) return std::nullopt;
    const std::time_t end = ::timegm(&utc);
    const std::string date = header_of(curl, "Date");
    const std::time_t now =
        date.empty() ? std::time(nullptr) : ::curl_getdate(date.c_str(), nullptr);
    if (end < 0 || now < 0 || end <= now) return std::nullopt;
    return std::chrono::seconds(end - now + 1);
}

// A question with its whole answer.
class Question final : public CurlRequest {
  public:
    using CurlRequest::CurlRequest;
    Result<FetchAnswer> run(CURL* curl, const AskRequest& request);

  private:
    bool take(std::string_view bytes) override;

    std::size_t most_ = 0;
    FetchAnswer answer_;
};

bool Question::take(std::string_view bytes) {
    const std::size_t room = most_ - answer_.body.size();
    answer_.body += bytes.substr(0, room);
    answer_.cut = bytes.size() > room;
    return !answer_.cut;
}

Result<FetchAnswer> Question::run(CURL* curl, const AskRequest& request) {
    most_ = request.most_bytes;
    std::vector<std::string> header = request.header;
    if (request.body) {
        header.emplace_back("Expect:");  // nobody waits for 100 Continue
        ::curl_easy_setopt(curl, CURLOPT_POST, 1L);
        ::curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                           static_cast<curl_off_t>(request.body->size()));
        ::curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body->c_str());
    }
    const CURLcode code =
        perform(curl, header, std::chrono::duration_cast<milliseconds>(options().whole));
    if (code != CURLE_OK && !answer_.cut) return error_of(code);
    answer_.status = status();
    answer_.type = media_type();
    answer_.location = redirect();
    curl_off_t wait = 0;
    ::curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
    if (wait > 0) answer_.retry_after = std::chrono::seconds(wait);
    if (answer_.status == 429 && !answer_.retry_after) answer_.retry_after = until_reset(curl);
    return std::move(answer_);
}

// A connection that is held. A server that lives says something at times.
class Listening final : public CurlRequest {
  public:
    Listening(const FetchOptions& options, const std::atomic<bool>& cut, const WebUrl& url,
              bool near, std::chrono::seconds silent, const Fetcher::Take& take)
        : CurlRequest(options, cut, url, near), silent_(silent), take_(take) {}
    Result<int> run(CURL* curl, const std::vector<std::string>& header, milliseconds left);

  private:
    bool take(std::string_view bytes) override;
    bool goes_on() override {
        is_dead_ = steady_clock::now() - heard_ > silent_;
        return CurlRequest::goes_on() && !is_dead_;
    }

    const std::chrono::seconds silent_;
    const Fetcher::Take& take_;
    steady_clock::time_point heard_ = steady_clock::now();
    bool is_dead_ = false, is_enough_ = false;
};

bool Listening::take(std::string_view bytes) {
    heard_ = steady_clock::now();
    if (status() != 200) return true;
    is_enough_ = !take_(bytes);
    return !is_enough_;
}

Result<int> Listening::run(CURL* curl, const std::vector<std::string>& header, milliseconds left) {
    const CURLcode code = perform(curl, header, left);
    if (is_dead_) return Error{Code::Timeout, "nothing comes any more", true};
    const bool over = code == CURLE_OK || is_enough_ || code == CURLE_OPERATION_TIMEDOUT;
    if (over && status() != 0) return status();
    return error_of(code);
}

bool is_listed(const std::vector<std::string>& near, const WebUrl& url) {
    return std::any_of(near.begin(), near.end(), [&](const std::string& each) {
        const std::string entry = lower_ascii(each);
        return entry == url.host || entry == url.host + ':' + url.port;
    });
}

Result<WebUrl> url_to_fetch(const std::string& text, const std::vector<std::string>& near) {
    auto url = parse_web_url(text);
    if (!url.ok()) return url;
    if (url->scheme == "http" && !is_listed(near, *url))
        return bad_input("only https links are fetched");
    return url;
}

}  // namespace

Fetcher::Fetcher(FetchOptions options)
    : options_(std::move(options)), handles_(std::make_unique<CurlHandles>(options_.ca_file)) {}
Fetcher::~Fetcher() = default;

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
        const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
        if (left.count() <= 0) return Error{Code::Timeout, "it takes too long", true};
        Download download(options_, cut_, *url, name, is_listed(options_.near, *url), sink);
        CurlHandle curl = handles_->take(url->authority());
        if (!curl) return no_memory();
        const auto done = download.run(
            curl.get(), url->host == first_host ? request.header : std::vector<std::string>{},
            left);
        if (!done.ok()) return done.error();
        handles_->give_back(std::move(curl), url->authority());
        if (done->redirect.empty()) return done->bytes;
        url = url_to_fetch(done->redirect, options_.near);
        if (!url.ok()) return url.error();
    }
    return Error{Code::Refused, "it is redirected too often", false};
}

// Its connection is not used again: it has been cut where it stood.
Result<int> Fetcher::listen(const ListenRequest& request, const Take& take) const {
    const auto url = url_to_fetch(request.url, options_.near);
    if (!url.ok()) return url.error();
    FetchOptions options = options_;
    options.stalled = std::chrono::seconds(0);  // it is silent most of the time
    Listening listening(options, cut_, *url, is_listed(options_.near, *url), request.silent, take);
    const CurlHandle curl = handles_->take(url->authority());
    if (!curl) return no_memory();
    return listening.run(curl.get(), request.header,
                         std::chrono::duration_cast<milliseconds>(request.whole));
}

Result<FetchAnswer> Fetcher::ask(const AskRequest& request) const {
    const auto url = url_to_fetch(request.url, options_.near);
    if (!url.ok()) return url.error();
    Question question(options_, cut_, *url, is_listed(options_.near, *url));
    CurlHandle curl = handles_->take(url->authority());
    if (!curl) return no_memory();
    auto answer = question.run(curl.get(), request);
    if (answer.ok()) handles_->give_back(std::move(curl), url->authority());
    return answer;
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// Fetches what a stranger's link leads to, and asks his server, without becoming his tool. HTTPS
// with a verified certificate; at most so many bytes, within a time; never an address of this
// machine, of the village's network or of any other that is nobody's on the Internet (RFC 6890),
// whatever the name resolves to and wherever it redirects: each connection is looked at before it
// is made, and used again for the same host while it is open. What the operator lists may be near,
// and may speak plain HTTP.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"

namespace waypost {

struct FetchOptions {
    std::uint64_t most_bytes = 10u << 20;
    std::chrono::seconds whole{60};  // for all of it, redirects too
    std::chrono::seconds connect{10};
    std::chrono::seconds stalled{15};  // so long with next to nothing coming
    int redirects = 3;
    std::string ca_file;  // PEM, instead of the system's authorities
    // Hosts, or hosts with a port ("upload.hill.example", "10.0.0.1:5280"), that may lie in
    // a private network and may be asked without TLS.
    std::vector<std::string> near;
};

struct FetchRequest {
    std::string url;
    // Beside ours, "Accept: application/activity+json"; not sent on to where it is redirected to
    // another host.
    std::vector<std::string> header;
};

// As the server says it, before the first byte.
struct FetchHead {
    std::string url;   // where it came from, after redirects
    std::string type;  // media type without parameters, small letters; may be empty
    std::string name;  // of a file, cleaned: from the end of the URL that was asked for
};

// Where it goes. An error from here ends the fetch and is its result.
class FetchSink {
  public:
    virtual ~FetchSink() = default;
    virtual Result<void> begin(const FetchHead& head) = 0;  // once, also before no bytes at all
    virtual Result<void> write(std::string_view bytes) = 0;
};

// One question to a server, without redirects.
struct AskRequest {
    std::string url;
    std::vector<std::string> header;    // beside ours
    std::optional<std::string> body;    // POST; none: GET
    std::size_t most_bytes = 1u << 20;  // that are kept of the answer's body
};

// A connection that is held, for what a server tells now and then.
struct ListenRequest {
    std::string url;
    std::vector<std::string> header;   // beside ours
    std::chrono::seconds silent{90};   // so long without a byte: it is dead
    std::chrono::seconds whole{3600};  // then it ends
};

struct FetchAnswer {
    int status = 0;
    std::string type;      // media type without parameters, small letters; may be empty
    std::string location;  // of a redirect: where to, as a whole URL, not looked at yet
    std::optional<std::chrono::seconds> retry_after;
    std::string body;
    bool cut = false;  // there was more of it
};

// What was asked for may go well another time.
inline bool is_passing_status(int status) {
    return status >= 500 || status == 408 || status == 425 || status == 429;
}

class CurlHandles;

class Fetcher {
  public:
    explicit Fetcher(FetchOptions options);
    ~Fetcher();

    // How many bytes went into `sink`. Blocks; any thread, several at once. Errors are sentences
    // for who sent the link: BadInput (no link for us), Refused (leads where we do not go),
    // TooLarge, NotFound, Timeout, Network; `retry` where it may go well another time. After an
    // error what went into the sink is worth nothing.
    Result<std::uint64_t> fetch(const FetchRequest& request, FetchSink& sink) const;

    // Whatever its server says is an answer. Blocks, for FetchOptions::whole; any thread, several
    // at once. Errors: BadInput, Refused, Timeout, Network, as above.
    Result<FetchAnswer> ask(const AskRequest& request) const;

    // The status of an answer, once it has ended. Parts of the body of a 200 go to `take`, on this
    // thread, as they come; false from there ends it too. Blocks, for ListenRequest::whole. Errors
    // as of ask().
    using Take = std::function<bool(std::string_view)>;
    Result<int> listen(const ListenRequest& request, const Take& take) const;

    // Ends those under way, and every one to come.
    void cut() noexcept { cut_ = true; }
    // Whether it is worth asking: the form of the URL alone is looked at.
    Result<void> check(const std::string& url) const;

  private:
    const FetchOptions options_;
    const std::unique_ptr<CurlHandles> handles_;
    std::atomic<bool> cut_{false};
};

}  // namespace waypost

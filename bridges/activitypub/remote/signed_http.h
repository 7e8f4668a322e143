// SPDX-License-Identifier: Apache-2.0
// Signed requests to other servers, in the flavour that each takes. Thread-safe; blocks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bridges/activitypub/remote/host_memory.h"
#include "bridges/activitypub/remote/remote.h"
#include "bridges/fetch/fetcher.h"
#include "bridges/fetch/web_url.h"

namespace waypost::activitypub {

struct Document {
    std::string url;  // where it came from, after redirects
    std::string body;
};

struct DocumentRequest {
    std::string url;
    std::string accept;              // header value
    std::vector<std::string> types;  // media types that are taken
    std::size_t most_bytes;
    Signer as;  // of no key: unsigned
};

class SignedHttp {
  public:
    // Both outlive it.
    SignedHttp(const Fetcher& fetcher, HostMemory& hosts, const Clock& clock)
        : fetcher_(fetcher), hosts_(hosts), clock_(clock) {}

    // Each redirect is signed for itself. Errors as of Fetcher, NotFound for 404 and 410, Refused
    // for another type or a server that does not tell us.
    Result<Document> get(const DocumentRequest& request) const;
    Posted post(const std::string& url, const std::string& json, const Signer& as) const;

  private:
    struct Question {
        const WebUrl& url;
        std::vector<std::string> header;
        std::optional<std::string> body;
        std::size_t most_bytes;
    };
    // After 401 or 400 once more in the other flavour.
    Result<FetchAnswer> ask(const Question& question, const Signer& as) const;
    Result<FetchAnswer> ask_in(Flavour flavour, const Question& question, const Signer& as) const;

    const Fetcher& fetcher_;
    HostMemory& hosts_;
    const Clock& clock_;
};

}  // namespace waypost::activitypub

// SPDX-License-Identifier: Apache-2.0
// A link, taken apart by curl, which goes there: what is asked for and what was looked at are the
// same. Pure.
#pragma once

#include <string>

#include "gateway/base/result.h"

namespace waypost {

struct WebUrl {
    std::string text;    // its host in small letters, no "." and ".." in its path
    std::string scheme;  // "https" or "http"
    std::string host;    // small letters
    std::string port;    // that of the scheme where none is said
    std::string path;    // "/" at least
    std::string query;   // with its "?", or empty

    std::string target() const { return path + query; }  // as in the request line
    std::string authority() const;  // host, and a port that is not the scheme's
};

// BadInput with a sentence for whoever wrote it: no link, too long, not for the web, or one with a
// password.
Result<WebUrl> parse_web_url(const std::string& text);

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// Asks an authority for a certificate by the program dehydrated (Debian's package of that name),
// which speaks ACME (RFC 8555). It sees the request and never the key; it proves the names by
// http-01 (8.3): files in a folder, which the console answers with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/program.h"
#include "gateway/base/secret.h"

namespace waypost::tls {

struct AcmeOptions {
    std::string folder;  // of the client, mode 0700: account, challenges, request
    std::string directory = "https://acme-v02.api.letsencrypt.org/directory";
    std::string mail;     // where the authority may write to; may be empty
    std::string ca_file;  // PEM: whom the authority's own server is verified against; empty: the
                          // machine's
    std::string program = "dehydrated";
    std::chrono::seconds patience{300};
};

struct Issued {
    Secret key;
    std::string chain;  // PEM, the certificate first
};

struct NotIssued {
    std::string why;      // a sentence
    bool reached = true;  // the authority was there
};

class AcmeClient {
  public:
    explicit AcmeClient(AcmeOptions options) : options_(std::move(options)) {}
    // Waits for the authority. `stop`: when it can be read, the program is ended.
    std::variant<Issued, NotIssued> ask(const std::vector<std::string>& names, int stop) const;
    // The answer to the authority's question for a token (8.3); nullopt: nobody asked for it.
    // Thread-safe.
    std::optional<std::string> challenge(std::string_view token) const;

  private:
    Result<void> prepare(const std::string& request) const;
    Result<Ended> run(const std::vector<std::string>& arguments, int stop) const;
    const AcmeOptions options_;
};

// Of what the program said: the certificates in it.
std::string chain_in(const std::string& output);
// What went wrong, as a sentence.
NotIssued why_not(const Ended& ended, std::chrono::seconds patience);
// As a shell reads it as one word.
std::string quoted(const std::string& text);

}  // namespace waypost::tls

// SPDX-License-Identifier: Apache-2.0
// What a server that has TLS does before it answers: the questions of an authority, sending who
// asks in clear to TLS, and telling browsers to come back with it. Thread-safe.
#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>

#include <memory>
#include <string>

#include "web/tls/certificate_keeper.h"

namespace waypost::site {

// Who asks in clear is sent to TLS: nobody, who asks by a name of a certificate that browsers
// accept, everybody.
enum class Redirect { None, Names, All };

class Encryption {
  public:
    // `keeper`: null, there is no TLS. `port`: of TLS.
    Encryption(std::shared_ptr<tls::CertificateKeeper> keeper, Redirect redirect, int port)
        : keeper_(std::move(keeper)), redirect_(redirect), port_(port) {}

    // Answers in place of the page; null: the page does. `encrypted`: nobody on the way reads it.
    // The caller's, as the next.
    Poco::Net::HTTPRequestHandler* first(const Poco::Net::HTTPServerRequest& request,
                                         bool encrypted) const;
    // The same, with a word to browsers that accept the certificate.
    Poco::Net::HTTPRequestHandler* insisting(const Poco::Net::HTTPServerRequest& request,
                                             Poco::Net::HTTPRequestHandler* page) const;

  private:
    std::string elsewhere(const Poco::Net::HTTPServerRequest& request) const;
    const std::shared_ptr<tls::CertificateKeeper> keeper_;
    const Redirect redirect_;
    const int port_;
};

}  // namespace waypost::site

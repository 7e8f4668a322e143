// SPDX-License-Identifier: Apache-2.0
// TLS by files that somebody else renews: what fitted together last stays in use.
#pragma once

#include <chrono>

#include "gateway/io/tls/certificate_files.h"

namespace waypost::tls {

// One thread at a time.
class FileContext {
  public:
    // `component`: what the log calls it. Looks for changes when asked, at most that often. Throws
    // std::runtime_error, a sentence: they cannot be used.
    FileContext(CertificateFiles files, std::string component,
                std::chrono::milliseconds look = std::chrono::seconds(5));
    Poco::Net::Context::Ptr context();  // for the next handshake; never null

  private:
    using Steady = std::chrono::steady_clock;
    Result<void> use();
    CertificateFiles files_;
    const std::string component_;
    const std::chrono::milliseconds look_;
    Steady::time_point looked_;
    Poco::Net::Context::Ptr context_;
};

}  // namespace waypost::tls

// SPDX-License-Identifier: Apache-2.0
// The authorities whose certificates count, read once for all connections: libcurl with OpenSSL
// would read the system's hundred and more for each new one, tens of milliseconds every time.
// Thread-safe.
#pragma once

#include <openssl/types.h>
#include <sys/types.h>

#include <memory>
#include <mutex>
#include <string>

namespace waypost {

class Authorities {
  public:
    explicit Authorities(std::string file) : file_(std::move(file)) {}  // PEM

    // Null: there are none, so that nobody is to be trusted. Read again when the file changes.
    std::shared_ptr<X509_STORE> store();

  private:
    const std::string file_;
    std::mutex mutex_;
    std::shared_ptr<X509_STORE> store_;
    struct Version {
        dev_t device = 0;
        ino_t file = 0;
        time_t changed = 0;
        long nanoseconds = 0;
        bool operator==(const Version&) const = default;
    };
    Version version_;
};

}  // namespace waypost

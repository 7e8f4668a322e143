// SPDX-License-Identifier: Apache-2.0
// The page of a box whose data are encrypted and not opened yet: it asks for the passphrase and
// hands it on, and knows nothing itself. It runs before there is a store, so it is all that there
// is of the console (waypostd --locked). In clear: certificates are in the data that are locked.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/base/result.h"

namespace Poco::Net {
class HTTPServer;
}

namespace waypost {

// What is typed on the page, on its way to who opens the data. Thread-safe.
class LockedDoor {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    static constexpr std::chrono::seconds kPause{3};  // between two attempts, whoever makes them
    static constexpr std::size_t kMostLetters = 200;

    // `folder`: of the image's side, with its `state` and the pipe `typed`.
    LockedDoor(std::filesystem::path folder, Clock clock);

    // "locked", "wrong" or what else the image's side says; empty: nothing.
    std::string state() const;
    // Hands it on. BadInput: nothing that a passphrase is. Busy: too soon after the last, or nobody
    // takes it now.
    Result<void> type(const std::string& passphrase);

  private:
    const std::filesystem::path folder_;
    const Clock clock_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point next_{};
};

class LockedPage {
  public:
    // Serves until it is gone; port 0: any that is free. May throw std::runtime_error.
    LockedPage(std::shared_ptr<LockedDoor> door, std::uint16_t port, const std::string& style);
    ~LockedPage();
    std::uint16_t port() const;

  private:
    std::unique_ptr<Poco::Net::HTTPServer> server_;
};

// waypostd --locked: until SIGTERM. `files`: the console's, for its style.
void run_locked_page(const std::string& folder, std::uint16_t port, const std::string& files);

}  // namespace waypost

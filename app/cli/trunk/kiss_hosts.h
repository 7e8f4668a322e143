// SPDX-License-Identifier: Apache-2.0
// The programs that use a modem as their KISS TNC: by one pseudo terminal, or by TCP on loopback.
// Each has a line of its own; all hear what is heard. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/cli/trunk/host_end.h"
#include "radio/kiss/tnc.h"

namespace Poco::Net {
class ServerSocket;
}

namespace waypost::cli {

class KissHosts {
  public:
    static constexpr std::size_t kMost = 8;

    KissHosts();
    ~KissHosts();
    // Where programs find it: the terminal's path; "127.0.0.1:PORT", with the port that was taken
    // if it was 0. KISS knows no password: addresses that others reach are refused.
    Result<std::string> open_terminal(const std::string& link);
    Result<std::string> listen(const std::string& address);

    void run(std::size_t most_frame);         // takes who comes and what they say
    std::optional<std::string> next_frame();  // of all in turn
    void heard(const std::string& frame);

    struct Counts {
        std::uint64_t too_long = 0, dropped = 0, broken = 0;
    };
    Counts counts() const;

  private:
    struct Host {
        std::unique_ptr<HostEnd> end;
        kiss::Tnc tnc;
        std::string unwritten;
    };
    void accept(std::size_t most_frame);
    void serve(Host& host, std::size_t most_frame);
    void count(const Host& host);

    std::unique_ptr<Poco::Net::ServerSocket> server_;
    std::vector<Host> hosts_;
    std::size_t turn_ = 0;
    Counts gone_;  // of those that left
};

}  // namespace waypost::cli

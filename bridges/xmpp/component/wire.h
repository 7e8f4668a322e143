// SPDX-License-Identifier: Apache-2.0
// The socket of one stream, not blocking, and the bell that any thread may ring while another waits
// at it.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"

namespace waypost::xmpp {

class Bell {
  public:
    Bell();
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;
    void ring() noexcept;
    void silence() noexcept;
    int fd() const { return fd_; }
    // Until it rings or the time is over.
    void wait(milliseconds time);

  private:
    const int fd_;
};

class Wire {
  public:
    // Waits for `time` at most. An Error with code Conflict: the bell rang.
    static Result<Wire> connect(const std::string& host, int port, milliseconds time, Bell& bell);

    // How many bytes came; 0: none now. An Error: the stream is gone.
    Result<std::size_t> read(char* into, std::size_t size);
    // How many went; 0: none now.
    Result<std::size_t> write(std::string_view bytes);
    // Until there is input (if wanted), room (if wanted), the bell or the time. The bell is silent
    // then.
    struct Woken {
        bool input = false;  // there may be some
        bool rung = false;
    };
    Woken wait(bool input, bool room, milliseconds time, Bell& bell);

  private:
    explicit Wire(Poco::Net::StreamSocket socket);
    Poco::Net::StreamSocket socket_;
    int fd_;
};

}  // namespace waypost::xmpp

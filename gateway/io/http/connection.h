// SPDX-License-Identifier: Apache-2.0
// One connection of a client, in clear or with TLS. The front, which must not wait, reads a whole
// request from it; then one thread of the server has it, and never waits for what the other side
// would say. One thread at a time.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/SocketAddress.h>

#include <memory>
#include <string>

#include "gateway/base/fd.h"
#include "gateway/io/http/request_reader.h"

namespace waypost {

class HttpConnection {
  public:
    virtual ~HttpConnection() = default;
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    // Reads what is there. 0: the request is there, head and body; else what to wait for (POLLIN,
    // POLLOUT). Throws Poco::Exception: it is over.
    short go_on();
    // All of them; waits for the other side, for each piece some seconds. Throws Poco::Exception.
    void send(const char* bytes, int size);
    // Nothing more comes from here.
    virtual void say_end() = 0;
    // Reads what the other side still says, without looking at it. False: it said its end.
    bool drop_what_comes();

    virtual bool encrypted() const = 0;
    virtual int fd() const = 0;
    RequestReader& request() { return request_; }
    const Poco::Net::SocketAddress& peer() const { return peer_; }

  protected:
    HttpConnection(const Poco::Net::SocketAddress& peer, RequestLimits limits)
        : peer_(peer), request_(limits) {}

  private:
    // Bytes that came or went, at least one; 0 at the end of what comes; or what to wait for,
    // negative. Throws Poco::Exception.
    virtual int receive_some(char* room, int size) = 0;
    virtual int send_some(const char* bytes, int size) = 0;
    // 0: done; else what to wait for.
    virtual short shake_hands() = 0;

    const Poco::Net::SocketAddress peer_;
    RequestReader request_;
};

// `fd` does not block.
std::unique_ptr<HttpConnection> in_clear(Fd fd, const Poco::Net::SocketAddress& peer,
                                         RequestLimits limits);
std::unique_ptr<HttpConnection> encrypted(Fd fd, const Poco::Net::SocketAddress& peer,
                                          RequestLimits limits,
                                          const Poco::Net::Context::Ptr& context);

}  // namespace waypost

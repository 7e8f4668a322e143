// SPDX-License-Identifier: Apache-2.0
// One connection of a browser, in clear or with TLS, as Poco's server reads and writes it. First
// the front, which must not wait, brings it as far as a whole head of a request; then one thread of
// the server has it.
#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <chrono>

#include "gateway/base/fd.h"

namespace waypost::site {

class Connection {
  public:
    // 0: the head of the request is there; else what to wait for (POLLIN, POLLOUT). Throws
    // Poco::Exception: it is over.
    virtual short go_on() = 0;
    // From now on reading and writing wait, for all of the request `whole` at most.
    virtual void hand_on(std::chrono::seconds whole) = 0;
    virtual Poco::Net::StreamSocketImpl& socket() = 0;  // counted by Poco, this object itself

  protected:
    ~Connection() = default;
};

// The first reference is the caller's. `fd` does not block.
Connection* in_clear(Fd fd);
Connection* encrypted(Fd fd, const Poco::Net::Context::Ptr& context);

}  // namespace waypost::site

// SPDX-License-Identifier: Apache-2.0
// One connection of a browser, in clear or with TLS, as Poco's server reads and writes it. First
// the front, which must not wait, reads its whole request; then one thread of the server has it,
// and never waits for what the other side would say.
#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocketImpl.h>

#include "gateway/base/fd.h"

namespace waypost::site {

class Connection {
  public:
    // 0: the request is there, head and body; else what to wait for (POLLIN, POLLOUT). Throws
    // Poco::Exception: it is over.
    virtual short go_on() = 0;
    virtual bool has_head() const = 0;                  // the head of the request is there
    virtual Poco::Net::StreamSocketImpl& socket() = 0;  // counted by Poco, this object itself

  protected:
    ~Connection() = default;
};

// The first reference is the caller's. `fd` does not block.
Connection* in_clear(Fd fd);
Connection* encrypted(Fd fd, const Poco::Net::Context::Ptr& context);

}  // namespace waypost::site

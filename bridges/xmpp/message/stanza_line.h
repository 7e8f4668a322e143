// SPDX-License-Identifier: Apache-2.0
// What letters need of the stream: its tail, and to know what has arrived.
#pragma once

#include <functional>

#include "bridges/xmpp/component/component_stream.h"
#include "bridges/xmpp/stream/element.h"

namespace waypost::xmpp {

class StanzaLine {
  public:
    virtual ~StanzaLine() = default;
    // As ComponentStream::send and barrier. They call nobody back before they return.
    virtual Sent write(const Element& stanza) = 0;
    virtual Sent barrier(std::function<void(bool)> done) = 0;
};

}  // namespace waypost::xmpp

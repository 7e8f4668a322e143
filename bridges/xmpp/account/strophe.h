// SPDX-License-Identifier: Apache-2.0
// Owners of libstrophe's handles, and its stanzas as values.
#pragma once

#include <strophe.h>

#include <memory>
#include <string>

#include "bridges/xmpp/stream/stream_parser.h"

namespace waypost::xmpp {

struct FreeStrophe {
    void operator()(xmpp_ctx_t* context) const { xmpp_ctx_free(context); }
    void operator()(xmpp_conn_t* connection) const { xmpp_conn_release(connection); }
    void operator()(xmpp_sm_state_t* session) const { xmpp_free_sm_state(session); }
};
using StropheContext = std::unique_ptr<xmpp_ctx_t, FreeStrophe>;
using StropheConnection = std::unique_ptr<xmpp_conn_t, FreeStrophe>;
using StropheSession = std::unique_ptr<xmpp_sm_state_t, FreeStrophe>;

// libstrophe has no limits of its own; behind it each stanza is read once more, by the parser that
// the component has too, within its limits.
class StropheStanzas final : private StreamEvents {
  public:
    class Reader {
      public:
        virtual ~Reader() = default;
        virtual void stanza(Element stanza) = 0;
        virtual void passed_over(StanzaHead head) = 0;
    };
    StropheStanzas(xmpp_ctx_t* context, Reader& reader, const StreamLimits& limits);
    void read(xmpp_stanza_t* stanza);

  private:
    void begin();
    void stream_opened(const Element&) override {}
    void stream_stanza(Element stanza) override { reader_.stanza(std::move(stanza)); }
    void stream_passed_over(StanzaHead head) override { reader_.passed_over(std::move(head)); }
    void stream_closed() override { broken_ = true; }
    void stream_failed(StreamError error) override;

    xmpp_ctx_t* const context_;
    Reader& reader_;
    const StreamLimits limits_;
    std::unique_ptr<StreamParser> parser_;
    std::string why_;
    bool broken_ = false;
};

}  // namespace waypost::xmpp

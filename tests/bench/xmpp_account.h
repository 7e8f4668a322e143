// SPDX-License-Identifier: Apache-2.0
// A person's program on loopback, as bare as one can be: it signs in with its password in clear,
// writes what it is given, and hands on what comes. A thread reads.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "bridges/xmpp/stream/stream_parser.h"

namespace waypost::bench {

class XmppAccount final : private xmpp::StreamEvents {
  public:
    // Called with each stanza, on the thread that reads.
    using OnStanza = std::function<void(const xmpp::Element&)>;
    // Signed in and available when this returns; throws if it does not come so far. The password
    // is "pw-USER".
    XmppAccount(int port, std::string user, std::string domain, OnStanza on_stanza);
    ~XmppAccount() override;
    XmppAccount(const XmppAccount&) = delete;
    XmppAccount& operator=(const XmppAccount&) = delete;

    void send(const std::string& stanzas);  // any thread
    std::string address() const { return user_ + '@' + domain_; }

  private:
    void stream_opened(const xmpp::Element&) override {}
    void stream_stanza(xmpp::Element stanza) override;
    void stream_passed_over(xmpp::StanzaHead) override { fail("a stanza is too large"); }
    void stream_closed() override { fail("the server ended the stream"); }
    void stream_failed(xmpp::StreamError error) override { fail(error.text); }
    void read();
    void open();  // a stream, the first and behind the password
    void fail(const std::string& why);

    const std::string user_, domain_;
    const OnStanza on_stanza_;
    int fd_ = -1;
    bool opens_ = true;  // the next bytes are of a new stream
    bool trusted_ = false;
    std::mutex writing_;
    std::mutex mutex_;  // of the two below
    std::condition_variable changed_;
    bool online_ = false;
    std::string failure_;
    std::thread thread_;
};

}  // namespace waypost::bench

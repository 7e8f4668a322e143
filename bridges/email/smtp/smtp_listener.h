// SPDX-License-Identifier: Apache-2.0
// Sockets and threads around SmtpSession: one thread accepts, one or two serve all connections.
// What comes in is a Message; the answer goes out after the office has it on disk.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bridges/email/openpgp/encryption.h"
#include "bridges/email/smtp/smtp_session.h"
#include "bridges/email/srs.h"
#include "gateway/base/ip_network.h"

namespace waypost::email {

struct ListenerOptions {
    std::string address;  // "smtp:127.0.0.1:2525", "lmtp:127.0.0.1:2424", "lmtp:/run/x.sock"
    std::vector<IpNetwork> trusted;  // networks whose clients may relay
    std::string certificate;         // PEM files; empty: no STARTTLS
    std::string private_key;
    std::string authserv_id;  // whose Authentication-Results are believed; empty: nobody's
    std::size_t max_message_bytes = 20u << 20;
    int max_sessions = 50;
    TransportId transport;
    std::shared_ptr<const Srs> srs;  // may be null: bounces to rewritten senders are not taken
    openpgp::Encryption* encryption = nullptr;  // outlives the listener
};

class SmtpListener {
  public:
    // Binds at once; throws std::runtime_error with the address and the reason.
    SmtpListener(ListenerOptions options, Office& office);
    ~SmtpListener();
    SmtpListener(const SmtpListener&) = delete;
    SmtpListener& operator=(const SmtpListener&) = delete;

    void start();
    void stop();  // sessions are cut; what they had not finished is abandoned
    const std::string& address() const;  // as configured
    int port() const;                    // 0 on a path
    int sessions() const;

  private:
    class Server;
    std::unique_ptr<Server> server_;
};

}  // namespace waypost::email

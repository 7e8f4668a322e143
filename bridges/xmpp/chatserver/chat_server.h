// SPDX-License-Identifier: Apache-2.0
// The configuration of the box's Prosody: a whole instance in one folder, beside and without that
// of the system. Values in, texts out, no I/O.
//
// Villagers' programs speak to Prosody (XMPP over TLS, RFC 6120, RFC 7590; direct TLS, XEP-0368);
// everybody who is at its component's domain is behind the gateway.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/own_file.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "gateway/config/setting.h"

namespace waypost::xmpp {

// [chatserver.NAME]
const Section& chat_server_section();

inline constexpr char kProsody[] = "prosody";  // Debian's user and group

struct ChatServer {
    std::string domain;     // of the accounts: "hill.example"
    std::string component;  // of the gateway: "chat.hill.example"
    std::string folder;     // of the instance, absolute
    std::string listen;     // address for chat programs; empty: all of this machine's
    std::string wifi;       // address of the box's own Wi-Fi; empty: it has none
    std::string host;       // of links to files that programs put up: a name or an address
    int port = 5222;
    int tls_port = 5223;
    int upload_port = 5281;
    int component_port = 5347;  // on 127.0.0.1
    std::string certificate;    // PEM files
    std::string private_key;
    bool own_certificate = false;  // the box makes both
    // Of the sockets at which Dovecot says who may sign in; empty: Prosody has passwords of its
    // own.
    std::string sign_in;
    bool outside = false;
    std::vector<std::string> admins;  // names before the @
    int archive_days = 14;
    std::uint64_t max_upload_bytes = 10u << 20;
    std::uint64_t upload_space = 1u << 30;  // of all of them together
    bool log_to_files = false;              // in `folder`, else to syslog
};

// What cannot be written into Prosody's file: a path with a space, a name that is none.
Result<void> check(const ChatServer& server);

std::vector<OwnFolder> folders(const ChatServer& server);
// `prosody`: group that reads the configuration, for the secret stands in it. Else it stays with
// who writes it.
std::vector<DurableFile> prosody_files(const ChatServer& server, const Secret& component_secret,
                                       std::optional<gid_t> prosody);

// Names and addresses that a certificate of the box's own is for.
std::vector<std::string> certificate_names(const ChatServer& server);
std::vector<std::string> certificate_addresses(const ChatServer& server);
// "HOST:PORT", as links to files begin behind https://.
std::string upload_host(const ChatServer& server);

// Command lines for who does it by hand, as root.
std::string start_command(const ChatServer& server);
std::string check_command(const ChatServer& server);
std::string reload_command(const ChatServer& server);
std::string stop_command(const ChatServer& server);
// Where Prosody has the passwords: for one account.
std::string add_command(const ChatServer& server);

// As Lua writes a string.
std::string lua_text(std::string_view text);

}  // namespace waypost::xmpp

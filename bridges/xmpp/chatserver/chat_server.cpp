// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/chatserver/chat_server.h"

#include <Poco/Net/IPAddress.h>

#include <algorithm>
#include <cstdio>

#include "gateway/config/plain_words.h"

namespace waypost::xmpp {
namespace {

// The socket "auth-userdb" below it has to fit sun_path (unix(7): 108 bytes with a zero).
constexpr std::size_t kLongestSignIn = 90;

bool is_address(const std::string& text) {
    Poco::Net::IPAddress address;
    return Poco::Net::IPAddress::tryParse(text, address);
}

std::string control(const ChatServer& s, const char* what) {
    return "prosodyctl --config " + s.folder + "/prosody.cfg.lua " + what;
}

}  // namespace

Result<void> check(const ChatServer& server) {
    for (const std::string* name : {&server.domain, &server.component, &server.host}) {
        if (!is_plain_host(*name))
            return bad_input('"' + *name + "\" is no name of a host in ASCII");
    }
    if (server.domain == server.component)
        return bad_input(server.domain + ": accounts and the gateway need a domain each");
    std::vector<const std::string*> paths{&server.folder, &server.certificate, &server.private_key};
    if (!server.sign_in.empty()) paths.push_back(&server.sign_in);
    for (const std::string* path : paths) {
        if (!is_plain_path(*path))
            return bad_input('"' + *path +
                             "\": absolute paths of letters, digits, ., _ and - only");
    }
    if (server.sign_in.size() > kLongestSignIn)
        return bad_input("sign_in: a path of 90 letters at most, for its sockets");
    if (!server.listen.empty() && !is_address(server.listen))
        return bad_input("listen: an address is wanted, as 192.168.4.1, not " + server.listen);
    for (const std::string& each : server.admins) {
        if (!is_plain_name(each))
            return bad_input("admins: \"" + each + "\" is no name of a person; write [\"ana\"]");
    }
    if (server.outside && server.own_certificate)
        return bad_input(
            "outside: other servers believe no certificate that the box made itself; name one "
            "that the world knows in certificate and private_key");
    return {};
}

std::vector<OwnFolder> folders(const ChatServer& server) {
    std::vector<OwnFolder> all{{server.folder, 0755, {}},
                               {server.folder + "/modules", 0755, {}},
                               {server.folder + "/data", 0750, kProsody}};
    if (server.log_to_files) all.push_back({server.folder + "/log", 0750, kProsody});
    return all;
}

std::vector<std::string> certificate_names(const ChatServer& server) {
    std::vector<std::string> names{server.domain, "upload." + server.domain, server.component};
    if (!is_address(server.host) &&
        std::find(names.begin(), names.end(), server.host) == names.end())
        names.push_back(server.host);
    return names;
}

std::vector<std::string> certificate_addresses(const ChatServer& server) {
    std::vector<std::string> addresses;
    if (!server.listen.empty()) addresses.push_back(server.listen);
    if (is_address(server.host) && server.host != server.listen) addresses.push_back(server.host);
    if (!server.wifi.empty()) addresses.push_back(server.wifi);
    return addresses;
}

std::string upload_host(const ChatServer& server) {
    return server.host + ':' + std::to_string(server.upload_port);
}

std::string start_command(const ChatServer& server) {
    return "runuser -u " + std::string(kProsody) + " -- prosody --config " + server.folder +
           "/prosody.cfg.lua -D";
}

std::string check_command(const ChatServer& s) { return control(s, "check config"); }
std::string reload_command(const ChatServer& s) { return control(s, "reload"); }
std::string stop_command(const ChatServer& s) { return control(s, "stop"); }
std::string add_command(const ChatServer& s) {
    return control(s, ("adduser ana@" + s.domain).c_str());
}

std::string lua_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            char code[5];
            std::snprintf(code, sizeof code, "\\%03u", byte);
            out += code;
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace waypost::xmpp

// SPDX-License-Identifier: Apache-2.0
// Prosody 0.12 (prosody.im/doc/configure, and each module's page there).
#include <sstream>

#include "bridges/xmpp/chatserver/chat_server.h"
#include "bridges/xmpp/chatserver/prosody_modules.h"

namespace waypost::xmpp {
namespace {

std::string origin_of_file() {
    return std::string("-- ") + kOursMark +
           ": `waypost chat-server write` makes it from Waypost's settings.\n"
           "-- Change those, and write anew; what is changed here is lost then.\n";
}

std::string limits_and_archive(const ChatServer& s) {
    std::ostringstream out;
    out << R"(
-- SQLite syncs what waits for a phone before the gateway hears that it was taken, and an archive
-- stays quick however long it is. With internal storage each message costs a rewrite of the file
-- once an account's archive is full.
storage = "sql"
sql = { driver = "SQLite3", database = "prosody.sqlite" }
archive_expires_after = ")"
        << s.archive_days << R"(d"
storage_archive_item_limit = 20000

-- Of one connection.
limits = {
  c2s = { rate = "20kb/s", burst = "4s" },
  s2sin = { rate = "30kb/s", burst = "4s" },
}
c2s_unauthed_stanza_size_limit = 10000
c2s_stanza_size_limit = 262144
s2s_stanza_size_limit = 262144
component_stanza_size_limit = 262144
c2s_timeout = 60
)";
    return out.str();
}

std::string modules(const ChatServer& s) {
    std::ostringstream out;
    out << R"(
modules_enabled = {
  "roster", "saslauth", "tls", "disco", "posix", "ping", "time", "version",
  "private", "blocklist", "vcard4", "vcard_legacy", "pep", "bookmarks",
  "carbons", "smacks", "csi_simple", "mam", "offline", "limits", "admin_shell",
)";
    if (s.outside) out << "  \"s2s\", \"dialback\",\n";
    if (!s.admins.empty()) out << "  \"admin_adhoc\", \"announce\",\n";
    out << "}\n";
    if (!s.outside) out << "-- No servers of others.\nmodules_disabled = { \"s2s\" }\n";
    if (s.outside) out << "s2s_secure_auth = true\ns2s_require_encryption = true\n";
    out << "allow_registration = false\nadmins = {";
    for (const std::string& each : s.admins) out << ' ' << lua_text(each + '@' + s.domain) << ',';
    out << " }\n";
    return out.str();
}

std::string accounts(const ChatServer& s) {
    std::ostringstream out;
    out << "\nVirtualHost " << lua_text(s.domain) << '\n';
    if (s.sign_in.empty()) {
        out << "  -- There is no mail server of the box to ask: `" << add_command(s) << "`\n"
            << "  authentication = \"internal_hashed\"\n";
    } else {
        out << "  -- The passwords of the mail server.\n  authentication = \"waypost\"\n"
            << "  waypost_sign_in = " << lua_text(s.sign_in + "/auth") << '\n'
            << "  waypost_people = " << lua_text(s.sign_in + "/auth-userdb") << '\n';
    }
    // Those below its own name it lists by itself.
    if (!s.component.ends_with('.' + s.domain))
        out << "  disco_items = { { " << lua_text(s.component) << ", \"Waypost\" } }\n";
    return out.str();
}

std::string prosody_cfg(const ChatServer& s, const Secret& secret) {
    std::ostringstream out;
    out << origin_of_file() << "\npidfile = " << lua_text(s.folder + "/data/prosody.pid")
        << "\ndata_path = " << lua_text(s.folder + "/data") << "\nplugin_paths = { "
        << lua_text(s.folder + "/modules") << " }\n"
        << "prosody_user = \"prosody\"\nlog = { info = "
        << (s.log_to_files ? lua_text(s.folder + "/log/prosody.log") : "\"*syslog\"") << " }\n\n"
        << "interfaces = { " << (s.listen.empty() ? "\"*\", \"::\"" : lua_text(s.listen)) << " }\n"
        << "local_interfaces = { \"127.0.0.1\" }\nc2s_ports = { " << s.port
        << " }\nc2s_direct_tls_ports = { " << s.tls_port
        << " }\ncomponent_interfaces = { \"127.0.0.1\" }\n"
        << "component_ports = { " << s.component_port << " }\nhttp_ports = { }\nhttps_ports = { "
        << s.upload_port << " }\n"
        << "\nssl = {\n  certificate = " << lua_text(s.certificate)
        << ";\n  key = " << lua_text(s.private_key) << ";\n  protocol = \"tlsv1_2+\";\n}\n"
        << "certificates = " << lua_text(s.folder + "/modules") << " -- none there\n"
        << "c2s_require_encryption = true\nallow_unencrypted_plain_auth = false\n"
        << modules(s) << limits_and_archive(s) << accounts(s);
    out << "\n-- Pictures and files, as links.\nComponent " << lua_text("upload." + s.domain)
        << " \"http_file_share\"\n  http_host = " << lua_text(s.host)
        << "\n  http_external_url = " << lua_text("https://" + upload_host(s) + '/')
        << "\n  http_file_share_size_limit = " << s.max_upload_bytes
        << "\n  http_file_share_daily_quota = " << 10 * s.max_upload_bytes
        << "\n  http_file_share_global_quota = " << s.upload_space
        << "\n  http_file_share_expires_after = " << s.archive_days << " * 86400\n"
        << "\n-- Everybody here, whatever he has: the gateway.\nComponent " << lua_text(s.component)
        << "\n  component_secret = " << lua_text(secret.reveal()) << '\n';
    return out.str();
}

}  // namespace

std::vector<DurableFile> prosody_files(const ChatServer& server, const Secret& component_secret,
                                       std::optional<gid_t> prosody) {
    std::vector<DurableFile> files{
        {server.folder + "/prosody.cfg.lua", prosody_cfg(server, component_secret), 0640, prosody}};
    for (const auto& [name, text] : kProsodyModules) {
        files.push_back({server.folder + "/modules/" + std::string(name) + ".lua",
                         origin_of_file() + std::string(text),
                         0644,
                         {}});
    }
    return files;
}

}  // namespace waypost::xmpp

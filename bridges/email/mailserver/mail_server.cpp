// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailserver/mail_server.h"

#include <Poco/Net/IPAddress.h>

#include <algorithm>

#include "gateway/config/plain_words.h"

namespace waypost::email {
namespace {

// Sockets below it have to fit sun_path (unix(7): 108 bytes) with Dovecot's own names.
constexpr std::size_t kLongestFolder = 64;

}  // namespace

std::string origin_of_file() {
    return std::string("# ") + kOursMark +
           ": `waypost mail-server write` makes it from Waypost's settings.\n"
           "# Change those, and write anew; what is changed here is lost then.\n";
}

Result<void> check(const MailServer& server) {
    for (const std::string* name : {&server.domain, &server.host}) {
        if (!is_plain_host(*name))
            return bad_input('"' + *name + "\" is no name of a host in ASCII");
    }
    std::vector<const std::string*> paths{&server.folder, &server.passwords, &server.mail,
                                          &server.certificate, &server.private_key};
    if (!server.chat_sign_in.empty()) paths.push_back(&server.chat_sign_in);
    for (const std::string* path : paths) {
        if (!is_plain_path(*path)) {
            return bad_input("\"" + *path +
                             "\": Postfix and Dovecot take absolute paths of letters, digits, ., _ "
                             "and - only");
        }
    }
    if (server.folder.size() > kLongestFolder)
        return bad_input(server.folder + ": a path of 64 letters at most, for its sockets");
    if (!is_plain_name(server.mail_user)) return bad_input(server.mail_user + " is no user's name");
    Poco::Net::IPAddress address;
    if (!server.listen.empty() && !Poco::Net::IPAddress::tryParse(server.listen, address))
        return bad_input(server.listen + ": listen takes an address: 192.168.4.1");
    return {};
}

std::vector<OwnFolder> folders(const MailServer& server) {
    const std::string& f = server.folder;
    std::vector<OwnFolder> all{{f, 0755, {}},
                               {f + "/run", 0755, {}},
                               {f + "/postfix", 0755, {}},
                               {f + "/queue", 0755, {}},
                               {f + "/data", 0700, "postfix"},
                               {f + "/dovecot", 0755, {}},
                               {f + "/dovecot/run", 0755, {}},
                               {f + "/dovecot/state", 0755, {}},
                               {f + "/log", 0755, {}},
                               {server.mail, 0700, server.mail_user}};
    if (!server.chat_sign_in.empty()) all.push_back({server.chat_sign_in, 0755, {}});
    return all;
}

std::vector<std::string> start_commands(const MailServer& server) {
    return {"dovecot -c " + server.folder + "/dovecot/dovecot.conf",
            "postfix -c " + server.folder + "/postfix start"};
}

std::vector<std::string> reload_commands(const MailServer& server) {
    return {"doveadm -c " + server.folder + "/dovecot/dovecot.conf reload",
            "postfix -c " + server.folder + "/postfix reload"};
}

std::vector<std::string> stop_commands(const MailServer& server) {
    return {"postfix -c " + server.folder + "/postfix stop",
            "doveadm -c " + server.folder + "/dovecot/dovecot.conf stop"};
}

}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
// Postfix 3.7 (postconf(5), master(5), SASL_README, ADDRESS_VERIFICATION_README).
#include <algorithm>
#include <sstream>

#include "bridges/email/mailserver/mail_server.h"

namespace waypost::email {
namespace {

// A dot of a domain is any letter to a regular expression.
std::string escaped(const std::string& domain) {
    std::string out;
    for (const char c : domain) out += c == '.' ? std::string("\\.") : std::string(1, c);
    return out;
}

std::string at(const MailServer& server, int port) {
    const bool six = server.listen.find(':') != std::string::npos;
    const std::string address =
        server.listen.empty() ? "" : (six ? '[' + server.listen + ']' : server.listen) + ':';
    return address + std::to_string(port);
}

std::string main_cf(const MailServer& s) {
    const std::string pf = s.folder + "/postfix";
    std::ostringstream out;
    out << origin_of_file() << R"(
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
queue_directory = )"
        << s.folder << "/queue\ndata_directory = " << s.folder << "/data\n"
        << "\nmyhostname = " << s.host << "\nmydomain = " << s.domain << "\nmyorigin = " << s.domain
        << R"(
inet_interfaces = all
inet_protocols = all
# No client may relay for its address alone, not even one of this machine.
mynetworks = 127.0.0.1/32
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
disable_vrfy_command = yes
smtpd_peername_lookup = no
smtputf8_enable = no

# Nothing is delivered here: the gateway decides where a mail goes.
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
recipient_delimiter = +
smtp_dns_support_level = disabled
relay_domains = )"
        << s.domain << "\ntransport_maps = inline:{{ " << s.domain << " = " << s.incoming_to
        << " }}\ndefault_transport = " << s.submitted_to << R"(
always_add_missing_headers = yes
message_size_limit = )"
        << s.max_message_bytes << R"(
mailbox_size_limit = 0
# The gateway may be away for a moment; it is on this machine.
queue_run_delay = 30s
minimal_backoff_time = 30s
maximal_backoff_time = 5m

smtpd_tls_chain_files = )"
        << s.private_key << ", " << s.certificate << R"(
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_sasl_type = dovecot
smtpd_sasl_path = )"
        << s.folder << R"(/run/sasl
smtpd_sasl_security_options = noanonymous

# Who signed in as ana writes as ana@ and nobody else.
smtpd_sender_login_maps = regexp:)"
        << pf << R"(/logins
villager_sender_restrictions = check_sender_access regexp:)"
        << pf << R"(/senders, reject_sender_login_mismatch
# From outside nobody writes as a villager, and the gateway is asked before a mail is taken whether
# there is such a person; its answer counts for a minute.
outside_sender_restrictions = check_sender_access regexp:)"
        << pf << R"(/outside, reject_non_fqdn_sender
outside_recipient_restrictions = reject_unverified_recipient
address_verify_map =
address_verify_poll_delay = 1s
address_verify_positive_refresh_time = 1m
address_verify_positive_expire_time = 2m
address_verify_negative_refresh_time = 30s
address_verify_negative_expire_time = 1m
unverified_recipient_reject_code = 550
)";
    if (s.log_to_files) {
        out << "maillog_file = " << s.folder
            << "/log/postfix.log\nmaillog_file_prefixes = " << s.folder << '\n';
    }
    return out.str();
}

std::string submission(const MailServer& s, int port, const char* name, const char* tls) {
    std::ostringstream out;
    out << at(s, port) << " inet n - n - - smtpd\n  -o syslog_name=postfix/" << name << "\n  -o "
        << tls << R"(
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=$villager_sender_restrictions
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o content_filter=)"
        << s.submitted_to << '\n';
    return out.str();
}

// Nothing comes in by the sendmail command, but postqueue wants `pickup` there.
constexpr char kServices[] = R"(pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
)";

std::string master_cf(const MailServer& s) {
    std::ostringstream out;
    out << origin_of_file() << "\n# For villagers' mail programs.\n"
        << submission(s, s.submission_port, "submission", "smtpd_tls_security_level=encrypt")
        << submission(s, s.submissions_port, "submissions", "smtpd_tls_wrappermode=yes");
    if (s.outside_port != 0) {
        out << "\n# For the mail servers of others: mail for " << s.domain << " only.\n"
            << at(s, s.outside_port) << R"( inet n - n - - smtpd
  -o syslog_name=postfix/outside
  -o smtpd_sasl_auth_enable=no
  -o smtpd_sender_restrictions=$outside_sender_restrictions
  -o smtpd_relay_restrictions=reject_unauth_destination
  -o smtpd_recipient_restrictions=$outside_recipient_restrictions
  -o smtpd_data_restrictions=reject_unauth_pipelining
)";
    }
    out << '\n' << kServices;
    return out.str();
}

}  // namespace

std::vector<DurableFile> postfix_files(const MailServer& server) {
    const std::string pf = server.folder + "/postfix/";
    const std::string domain = escaped(server.domain);
    const std::string name = "/^([a-z0-9-]+)(\\+[^@]*)?@" + domain + "$/";
    // The null sender belongs to nobody, so nobody could be held to it.
    const std::string senders = "/^<>$/ REJECT a mail program writes in somebody's name\n!/@" +
                                domain + "$/ REJECT this server is for name@" + server.domain +
                                '\n';
    const std::string outside = "/@" + domain + "$/ REJECT who lives here signs in to write\n";
    return {{pf + "main.cf", main_cf(server), 0644, {}},
            {pf + "master.cf", master_cf(server), 0644, {}},
            {pf + "logins", origin_of_file() + name + " ${1}\n", 0644, {}},
            {pf + "senders", origin_of_file() + senders, 0644, {}},
            {pf + "outside", origin_of_file() + outside, 0644, {}}};
}

}  // namespace waypost::email

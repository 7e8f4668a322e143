// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/direct/world.h"

#include <fstream>

namespace waypost::interop {

World::World(const std::string& more_records) : names(folder, records(more_records)) {
    policies.publish("mta-sts.safe.test",
                     "version: STSv1\r\nmode: enforce\r\nmx: mx.safe.test\r\nmax_age: 86400\r\n");
}

bool World::make_certificates() const {
    make_authority(folder);
    make_certificate(folder, "web",
                     {"mta-sts.safe.test", "mta-sts.false.test", "mta-sts.moved.test",
                      "mta-sts.page.test", "mta-sts.large.test"});
    make_certificate(folder, "mx", {"mx.safe.test"});
    return true;
}

// dkim.pem for "v1" and ed25519.pem for "v2", and their records; a string of a TXT holds 255 bytes.
std::string World::make_dkim_key() const {
    const std::string second = folder / "ed25519.pem";
    shell("openssl genpkey -algorithm ed25519 -out " + second);
    const std::string key = folder / "dkim.pem";
    shell("openssl genrsa -out " + key + " 2048 && chmod 600 " + key);
    std::string value =
        "v=DKIM1; k=rsa; p=" +
        shell("openssl rsa -in " + key + " -pubout -outform DER 2>/dev/null | base64 -w 0");
    std::string strings;
    for (std::size_t at = 0; at < value.size(); at += 200)
        strings += " \"" + value.substr(at, 200) + '"';
    const std::string ed25519 =
        shell("openssl pkey -in " + second + " -pubout -outform DER | tail -c 32 | base64 -w 0");
    return "v1._domainkey.village TXT (" + strings + " )\nv2._domainkey.village TXT \"v=DKIM1; " +
           "k=ed25519; p=" + ed25519 + "\"\n";
}

std::string World::records(const std::string& more) const {
    return dkim_record +
           "hill MX 10 away.hill\nhill MX 20 mx.hill\naway.hill A 127.0.0.2\nmx.hill A 127.0.0.1\n"
           "safe MX 10 mx.safe\nmx.safe A 127.0.0.1\n"
           "_mta-sts.safe TXT \"v=STSv1; id=1;\"\nmta-sts.safe A 127.0.0.1\n"
           "far MX 10 mx.far\nmx.far A 127.0.0.3\n"
           "none MX 0 .\nself MX 10 village\nself MX 20 mx.hill\nvillage A 127.0.0.1\n" +
           more;
}

std::map<std::string, std::string> World::postfix_settings() const {
    const std::string box = "smtp:[127.0.0.1]:" + std::to_string(box_smtp);
    const std::string mailbox = "lmtp:inet:127.0.0.1:" + std::to_string(ports.mailbox);
    return {{"smtpd_tls_cert_file", folder / "mx.crt"},
            {"smtpd_tls_key_file", folder / "mx.key"},
            {"relay_domains", "village.test"},
            {"smtpd_milters", verifier.milter()},
            {"virtual_mailbox_domains", "hill.test, safe.test, false.test, xn--bcher-kva.test"},
            {"transport_maps", "inline:{{ village.test = " + box + " }, { hill.test = " + mailbox +
                                   " }, { safe.test = " + mailbox + " }, { false.test = " +
                                   mailbox + " }, { xn--bcher-kva.test = " + mailbox + " }}"}};
}

std::string World::toml(const std::string& more) const {
    return "[email.out]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(box_smtp) +
           "\"]\ndirect = true\nnameserver = \"127.0.0.1:" + std::to_string(names.port()) +
           "\"\ndirect_port = " + std::to_string(ports.mx) +
           "\nmta_sts_port = " + std::to_string(policies.port()) +
           "\nca_file = \"ca.crt\"\ndkim_selector = \"v1\"\ndkim_key = \"dkim.pem\"\n" + more;
}

std::string mail_with(const Dovecot& dovecot, const std::string& user, const std::string& word) {
    std::string found;
    eventually([&] {
        for (const std::string& mail : dovecot.mails(user)) {
            if (mail.find(word) != std::string::npos) found = mail;
        }
        return !found.empty();
    });
    return found;
}

std::string dkim_verdict(const World& world, const std::string& mail) {
    std::ofstream(world.folder / "signed.eml", std::ios::binary) << mail;
    return shell("/usr/bin/python3 " WAYPOST_DIRECT_SCRIPTS "/verify_dkim.py " +
                 std::to_string(world.names.port()) + ' ' + world.folder / "signed.eml");
}

std::string send(const BoxProcess& box, const std::string& to, const std::string& subject) {
    const std::string id = shell("echo 'Come to the ford' | " + box.command() +
                                 " send --from ana --to " + to + " --subject '" + subject + "'");
    return id.substr(0, id.find('\n'));
}

std::string trace_with(const BoxProcess& box, const std::string& id, const std::string& word) {
    std::string trace;
    eventually([&] {
        trace = box.waypost("trace " + id);
        return trace.find(word) != std::string::npos;
    });
    return trace;
}

}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
// village.test sends by itself into the little Internet of internet.h.
//
//   hill.test     two hosts: the preferred one is away (127.0.0.2), the other is Postfix, which has
//                 signatures verified by OpenDKIM
//   safe.test     Postfix, with an enforced MTA-STS policy
//   far.test      Exim
//   none.test     takes no mail (null MX); self.test leads back to the box
//   broken.       the name server fails
#pragma once

#include "tests/interop/direct/internet.h"

namespace waypost::interop {

struct World {
    explicit World(const std::string& more_records = {});

    Folder folder;
    Ports ports;
    int box_smtp = free_port();
    bool certificates = make_certificates();
    std::string dkim_record = make_dkim_key();
    NameServer names;
    PolicyServer policies{folder};
    OpenDkim verifier{folder, names.port()};
    Dovecot dovecot{folder, ports};
    Postfix postfix{folder, ports, postfix_settings()};
    Exim exim{folder, ports.mx, box_smtp};

    // Of a box that may send to them all; "[email.out]" and what belongs to it.
    std::string toml(const std::string& more = {}) const;

  private:
    bool make_certificates() const;
    std::string make_dkim_key() const;
    std::string records(const std::string& more) const;
    std::map<std::string, std::string> postfix_settings() const;
};

// The newest mail of a mailbox, waiting for one whose text holds `word`; empty after the time.
std::string mail_with(const Dovecot& dovecot, const std::string& user, const std::string& word);

// "pass\n" or "fail\n" for a mail's newest DKIM signature, by dkimpy and the world's name server.
std::string dkim_verdict(const World& world, const std::string& mail);

// `waypost send` from ana; the message's number.
std::string send(const BoxProcess& box, const std::string& to, const std::string& subject);

// Its trace, once that holds `word` or the time is over.
std::string trace_with(const BoxProcess& box, const std::string& id, const std::string& word);

}  // namespace waypost::interop

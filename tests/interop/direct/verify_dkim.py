# SPDX-License-Identifier: Apache-2.0
"""Prints "pass" or "fail" for the newest DKIM signature of a mail, by dkimpy and a DNS of ours.

verify_dkim.py PORT_OF_NAME_SERVER MAIL
"""
import sys

import dkim
import dns.resolver

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = ["127.0.0.1"]
resolver.port = int(sys.argv[1])


def txt(name, timeout=5):
    answer = resolver.resolve(name.decode(), "TXT", lifetime=timeout)
    return b"".join(answer[0].strings)


with open(sys.argv[2], "rb") as file:
    mail = file.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
print("pass" if dkim.verify(mail, dnsfunc=txt) else "fail")

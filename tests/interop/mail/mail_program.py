#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A mail program at its simplest, for tests: sends one mail, or lists what a mailbox holds.

send SERVER PORT starttls|tls|plain USER PASSWORD FROM TO [HEADER=VALUE]... < body
read SERVER PORT starttls|tls USER PASSWORD       each mail of INBOX, whole, a line of ===== before it
Its exit status is 0, or 1 with what the server said. With SOURCE=127.0.0.2 in the environment it
calls from that address: servers let an address wait that failed to sign in.
"""
import imaplib
import os
import smtplib
import socket
import ssl
import sys
from email.message import EmailMessage
from email.utils import formatdate, make_msgid


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def send(server, port, security, user, password, sender, recipients, *headers):
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = recipients
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain="phone.test")
    for header in headers:
        name, value = header.split("=", 1)
        del mail[name]
        mail[name] = value
    mail.set_content(sys.stdin.read())
    if security == "tls":
        wire = smtplib.SMTP_SSL(server, int(port), timeout=20, context=trusting())
    else:
        wire = smtplib.SMTP(server, int(port), timeout=20)
    if security == "starttls":
        wire.starttls(context=trusting())
    if user:
        wire.esmtp_features["auth"] = "PLAIN"  # one try: each failed one makes the next wait
        wire.login(user, password)
    wire.sendmail(sender, recipients.split(","), mail.as_bytes())
    wire.quit()
    print(mail["Message-ID"])


def read(server, port, security, user, password):
    if security == "tls":
        wire = imaplib.IMAP4_SSL(server, int(port), ssl_context=trusting())
    else:
        wire = imaplib.IMAP4(server, int(port))
    if security == "starttls":
        wire.starttls(ssl_context=trusting())
    wire.login(user, password)
    wire.select("INBOX", readonly=True)
    _, found = wire.search(None, "ALL")
    for number in found[0].split():
        _, data = wire.fetch(number, "(BODY.PEEK[])")
        print("=====")
        print(data[0][1].decode("utf-8", "replace").replace("\r\n", "\n"))
    wire.logout()


def main():
    if os.environ.get("SOURCE"):
        plain = socket.create_connection
        source = (os.environ["SOURCE"], 0)
        socket.create_connection = lambda to, *more, **named: plain(to, source_address=source)
    try:
        {"send": send, "read": read}[sys.argv[1]](*sys.argv[2:])
    except (smtplib.SMTPException, imaplib.IMAP4.error, OSError) as error:
        print(error)
        sys.exit(1)


main()

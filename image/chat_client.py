# SPDX-License-Identifier: Apache-2.0
"""A chat program at its simplest, for servers_test: signs in by XMPP (RFC 6120: STARTTLS, SASL PLAIN, a resource), writes, and
waits for what is written to it."""
import base64
import hashlib
import re
import socket
import ssl
from xml.sax.saxutils import escape

PATIENCE = 60  # seconds


class Refused(Exception):
    pass


class Chat:
    def __init__(self, port, user, domain, password):
        self.domain, self.got = domain, ""
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.open("urn:ietf:params:xml:ns:xmpp-tls")
        self.say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        self.until("<proceed ")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.wire = context.wrap_socket(self.wire, server_hostname=domain)
        digest = hashlib.sha256(self.wire.getpeercert(True)).hexdigest().upper()
        self.fingerprint = ":".join(re.findall("..", digest))
        self.open("PLAIN")
        plain = base64.b64encode(("\0%s\0%s" % (user, password)).encode()).decode()
        self.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>" % plain)
        if "<failure" in self.until("<success|<failure.*?</failure>"):
            raise Refused(self.got)
        self.open("urn:ietf:params:xml:ns:xmpp-bind")
        self.say("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        self.until("<jid>")
        self.say("<presence/>")

    def say(self, text):
        self.wire.sendall(text.encode())

    def open(self, offer):
        self.got = ""
        self.say("<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='jabber:client' "
                 "xmlns:stream='http://etherx.jabber.org/streams'>" % self.domain)
        self.until("(?s)" + offer + ".*</stream:features>")

    def until(self, pattern):
        """What has come, once that is in it."""
        while not re.search(pattern, self.got):
            piece = self.wire.recv(65536)
            if not piece:
                raise Refused("closed: " + self.got)
            self.got += piece.decode(errors="replace")
        return self.got

    def write(self, to, text):
        self.got = ""
        self.say("<message to='%s' type='chat' id='m1'><body>%s</body></message>" % (to, escape(text)))

    def asks(self, to, text):
        """Whether an answer comes, and no error: while the gateway is not connected to the server there is one."""
        self.write(to, text)
        self.wire.settimeout(10)
        try:
            return "type='error'" not in self.until("(?s)<message[^>]*from=.%s.*</message>" % re.escape(to))
        except TimeoutError:
            return False
        finally:
            self.wire.settimeout(PATIENCE)

    def close(self):
        self.wire.close()

# SPDX-License-Identifier: Apache-2.0
"""A person with a chat program: says what standard input tells, prints what it is shown.

chat.py USER@DOMAIN CLIENT_PORT

A line of input is an address, an id and what stands in the message, as XML:
    ana@gw.example id-1 <body>hello</body>
or a stanza as it is:
    <presence to='news@gw.example/bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>
A line of output is what came, from whom, its id and its text:
    message ana@gw.example 5f0c hello
    receipt ana@gw.example id-1
    error ana@gw.example id-1 item-not-found
    post news@gw.example/ana 5f0c hello
    presence ana@gw.example away heard 14:05
    subscribed ana@gw.example
"""
import os
import sys
import xml.etree.ElementTree as xml

import slixmpp

USER, PORT = sys.argv[1], int(sys.argv[2])


def show(*words):
    print(*words, flush=True)


class Client(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(USER + "/phone", "pw-" + USER.split("@")[0])
        self.input = b""  # the beginning of a line
        self.register_plugin("xep_0184", {"auto_ack": True})
        self.register_plugin("xep_0199")
        self.add_event_handler("session_start", self.session)
        self.add_event_handler("message", self.on_message)
        self.add_event_handler("message_error", self.on_error)
        self.add_event_handler("receipt_received", self.on_receipt)
        for each in ("available", "away", "xa", "unavailable"):
            self.add_event_handler("presence_" + each, self.on_presence)
        self.add_event_handler("presence_subscribed",
                               lambda it: show("subscribed", it["from"].bare))
        self.add_event_handler("disconnected", lambda _: self.loop.stop())

    def on_message(self, message):
        body = str(message["body"]).replace("\n", "|")
        if message["type"] == "groupchat":
            show("post", message["from"], message["id"], body)
            return
        late = message.xml.find("{urn:xmpp:delay}delay") is not None
        origin = message.xml.find("{urn:xmpp:sid:0}origin-id")
        same = origin is not None and origin.get("id") == message["id"]
        if body:
            show("late" if late else "message", message["from"].bare,
                 message["id"] if same else "-", body)

    def on_presence(self, presence):
        if presence["from"].bare != self.boundjid.bare:
            show("presence", presence["from"], presence["type"], presence["status"])

    def on_receipt(self, message):
        show("receipt", message["from"].bare, message["receipt"])

    def on_error(self, message):
        show("error", message["from"].bare, message["id"], message["error"]["condition"])

    async def session(self, _):
        self.send_presence()
        await self.get_roster()
        show("ready")
        self.loop.add_reader(sys.stdin.fileno(), self.on_input)

    def on_input(self):
        more = os.read(sys.stdin.fileno(), 65536)
        if not more:
            self.loop.remove_reader(sys.stdin.fileno())
            self.disconnect()
            return
        *lines, self.input = (self.input + more).split(b"\n")
        for line in lines:
            line = line.decode()
            if line.startswith("<"):
                self.send_raw(line)
            else:
                self.say(*line.split(" ", 2))

    def say(self, to, id_, inside):
        message = self.make_message(mto=to, mtype="chat")
        message["id"] = id_
        for child in xml.fromstring("<m xmlns='jabber:client'>" + inside + "</m>"):
            message.append(child)
        message.send()


client = Client()
client.connect(address=("127.0.0.1", PORT), disable_starttls=True)
client.process(forever=True)

#SPDX - License - Identifier : Apache - 2.0
"""Somebody with an ordinary chat program: does what each line of stdin says, prints what happens.

correspondent.py USER@DOMAIN CLIENT_PORT

  say TO TEXT             sends it, and asks for a receipt
  answer TO ID TEXT       the same, as an answer to that message (XEP-0461)
  burst TO COUNT          "burst 0" to "burst COUNT-1", each with an origin-id
"""
import asyncio
import sys

import slixmpp
from slixmpp.xmlstream import ET

USER, PORT = sys.argv[1], int(sys.argv[2])


def show(*words):
    print(*words, flush=True)


class Client(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(USER + "/test", "pw-" + USER.split("@")[0])
        for plugin in ("0030", "0184", "0199"):
            self.register_plugin("xep_" + plugin)
        self["xep_0184"].auto_request = True
        self.add_event_handler("session_start", self.session)
        self.add_event_handler("message", self.on_message)
        self.add_event_handler("message_error", self.on_error)
        self.add_event_handler("receipt_received", self.on_receipt)
        self.add_event_handler("disconnected", lambda _: sys.exit(0))

    def on_message(self, message):
        if message["type"] != "error" and message["body"]:
            late = message.xml.find("{urn:xmpp:delay}delay") is not None
            show("got", message["id"], "late" if late else "-", message["from"].bare,
                 message["body"].replace("\n", "|"))

    def on_error(self, message):
        show("error", message["error"]["condition"], message["error"]["text"])

    def on_receipt(self, message):
        show("receipt", message["receipt"])

    async def session(self, _):
        self.send_presence()
        await self.get_roster()
        self.typing = asyncio.ensure_future(self.type())  # kept, or it is collected as garbage
        show("ready")

    async def type(self):
        reader = asyncio.StreamReader()
        await asyncio.get_event_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().rstrip("\n"):
            self.do(*line.split(" ", 1))
        self.disconnect()

    def say(self, to, text, more=None):
        message = self.make_message(mto=to, mbody=text, mtype="chat")
        message["id"] = self.new_id() + "-long-enough"
        origin = ET.Element("{urn:xmpp:sid:0}origin-id", {"id": message["id"]})
        message.append(origin)
        if more is not None:
            message.append(more)
        message.send()

    def do(self, what, rest):
        if what == "say":
            self.say(*rest.split(" ", 1))
        elif what == "answer":
            to, about, text = rest.split(" ", 2)
            self.say(to, text, ET.Element("{urn:xmpp:reply:0}reply", {"to": to, "id": about}))
        elif what == "burst":
            to, count = rest.split(" ")
            for number in range(int(count)):
                self.say(to, f"burst {number}")


client = Client()
client.connect(address=("127.0.0.1", PORT), disable_starttls=True)
client.process(forever=True)

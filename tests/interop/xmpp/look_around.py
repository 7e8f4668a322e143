# SPDX-License-Identifier: Apache-2.0
"""A client that meets the gateway: prints what it is shown, one thing a line.

look_around.py USER@DOMAIN CLIENT_PORT GATEWAY resident|outsider|wait

`wait` stays until the gateway has answered a subscription with yes or no.
"""
import asyncio
import hashlib
import sys

import slixmpp

USER, PORT, GATEWAY, ROLE = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
BEN = "ben@" + GATEWAY
SECONDS = 20  # for any one answer


def show(*words):
    print(*words, flush=True)


class Client(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(USER + "/test", "pw-" + USER.split("@")[0])
        for plugin in ("0004", "0012", "0030", "0050", "0054", "0077", "0092", "0115", "0153",
                       "0199", "0202"):
            self.register_plugin("xep_" + plugin)
        self.answered = asyncio.Event()
        self.seen = asyncio.Event()
        self.add_event_handler("session_start", self.session)
        self.add_event_handler("failed_auth", lambda _: show("failed"))
        self.add_event_handler("presence_subscribed", self.on_answer)
        self.add_event_handler("presence_unsubscribed", self.on_answer)
        self.add_event_handler("presence_available", self.on_presence)

    def on_answer(self, presence):
        show(presence["type"], presence["from"])
        self.answered.set()

    def on_presence(self, presence):
        if presence["from"].bare == BEN and not self.seen.is_set():
            show("presence", presence["show"] or "-", presence["status"] or "-")
            self.photo = presence["vcard_temp_update"]["photo"]
            self.seen.set()

    async def session(self, _):
        try:
            self.send_presence()
            await self.get_roster()
            await {"resident": self.resident, "outsider": self.outsider, "wait": self.wait}[ROLE]()
            show("end")
        except Exception as error:  # the test reads it
            show("error", repr(error))
        self.disconnect()

    async def until(self, event):
        await asyncio.wait_for(event.wait(), SECONDS)

    async def condition(self, what):
        """The stanza error that answers it."""
        try:
            await what
            return "none"
        except slixmpp.exceptions.IqError as error:
            return error.condition

    async def wait(self):
        self.send_presence_subscription(BEN)
        await self.until(self.answered)
        await self.until(self.seen)

    async def outsider(self):
        info = self["xep_0030"].get_info
        show("ben", await self.condition(info(BEN)), "nobody",
             await self.condition(info("nobody@" + GATEWAY)))
        items = await self["xep_0030"].get_items(GATEWAY)
        show("items", *sorted(str(item[0]) for item in items["disco_items"]["items"]))
        form = await self["xep_0077"].get_registration(GATEWAY)
        show("fields", *sorted(form["register"]["form"].get_fields()))
        wrong = self.make_iq_set(ito=GATEWAY)
        wrong["register"]["username"] = "ben"
        wrong["register"]["password"] = "12345678"
        show("wrong code", await self.condition(wrong.send()))

    async def resident(self):
        info = await self["xep_0030"].get_info(GATEWAY)
        show("identities", *sorted("/".join(i[:2]) for i in info["disco_info"]["identities"]))
        items = await self["xep_0030"].get_items(GATEWAY)
        show("items", *sorted(str(item[0]) for item in items["disco_items"]["items"]))
        self.send_presence_subscription(BEN)
        await self.until(self.answered)
        await self.until(self.seen)
        caps = self["xep_0115"]  # which takes only what has the hash that presence said
        for _ in range(SECONDS * 10):
            if await caps.get_verstring(jid=BEN) and await caps.get_caps(jid=BEN):
                break
            await asyncio.sleep(0.1)
        known = await caps.get_caps(jid=BEN)
        show("caps", *sorted("/".join(i[:2]) for i in known["identities"]))
        card = await self["xep_0054"].get_vcard(BEN)
        picture = card["vcard_temp"]["PHOTO"]["BINVAL"]
        same = hashlib.sha1(picture).hexdigest() == self.photo
        show("card", card["vcard_temp"]["FN"], picture[1:4].decode(), same)
        last = await self["xep_0012"].get_last_activity(BEN)
        show("last", last["last_activity"]["seconds"])
        version = await self["xep_0092"].get_version(GATEWAY)
        show("software", version["software_version"]["name"])
        time = await self["xep_0202"].get_entity_time(GATEWAY)
        show("time", time.xml.findtext(".//{urn:xmpp:time}utc"))  # its own reading adds a Z
        await self["xep_0199"].send_ping(GATEWAY)
        await self.commands()

    async def commands(self):
        items = await self["xep_0050"].get_commands(GATEWAY)
        show("commands", *sorted(item[1] for item in items["disco_items"]["items"]))
        listed = await self["xep_0050"].send_command(GATEWAY, "list")
        show("list", listed["command"]["status"])
        begun = await self["xep_0050"].send_command(GATEWAY, "language")
        form = begun["command"]["form"]
        form.reply()
        form.set_values({"language": "sw"})
        form["type"] = "submit"
        done = await self["xep_0050"].send_command(
            GATEWAY, "language", action="complete", payload=form,
            sessionid=begun["command"]["sessionid"])
        show("language", done["command"]["status"])


client = Client()
client.connect(address=("127.0.0.1", PORT), disable_starttls=True)
client.process(forever=False)

# SPDX-License-Identifier: Apache-2.0
"""A phone on the box's Wi-Fi: signs in over TLS that it checks, and does what a script says.

phone.py USER@DOMAIN PASSWORD PORT tls|starttls CERTIFICATE

The script comes on standard input, a step on a line:
    say TO TEXT
    put TO FILE      puts the file up and sends its link
    mark FILE        makes the file: so far it came
    ping N           asks the server as often, ten times a second
    wait WORDS       until a line that was printed begins with WORDS; fails after 30 seconds
Printed: what happened.
    ready
    refused CONDITION
    from ana@chat.hill.example hello
    error nobody@hill.example service-unavailable
    quick            each ping was answered within a second; else: slow
    signed-out
SOURCE in the environment: the address that it calls from.
"""
import asyncio
import functools
import os
import ssl
import sys
import urllib.request
import xml.etree.ElementTree as xml

import slixmpp

JID, PASSWORD, PORT, SECURITY, CERTIFICATE = sys.argv[1:]
UPLOAD = "urn:xmpp:http:upload:0"
OOB = "<x xmlns='jabber:x:oob'><url>%s</url></x>"


class Phone(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(JID + "/phone", PASSWORD, sasl_mech="PLAIN")
        self.ca_certs = CERTIFICATE
        self.register_plugin("xep_0199")
        self.printed, self.news = [], asyncio.Event()
        self.add_event_handler("session_start", self.run)
        self.add_event_handler("message", self.on_message)
        self.add_event_handler("message_error", self.on_error)
        self.add_event_handler("failed_auth", self.on_refused)
        self.add_event_handler("stream_error", lambda _: self.show("signed-out"))
        self.add_event_handler("disconnected", lambda _: self.loop.stop())

    def show(self, *words):
        self.printed.append(" ".join(str(each) for each in words))
        print(self.printed[-1], flush=True)
        self.news.set()

    def on_message(self, message):
        if message["type"] != "error" and message["body"]:
            self.show("from", message["from"].bare, str(message["body"]).replace("\n", "|"))

    def on_error(self, message):
        self.show("error", message["from"].bare, message["error"]["condition"])

    def on_refused(self, failure):
        self.show("refused", failure["condition"])
        self.abort()

    async def put(self, to, path):
        request = self.make_iq_get(ito="upload." + self.boundjid.domain)
        request.append(xml.Element("{%s}request" % UPLOAD, {
            "filename": os.path.basename(path), "size": str(os.path.getsize(path)),
            "content-type": "image/jpeg"}))
        slot = (await request.send()).xml[0]
        put, get = (slot.find("{%s}%s" % (UPLOAD, each)) for each in ("put", "get"))
        headers = {each.get("name"): each.text for each in put}
        headers["Content-Type"] = "image/jpeg"
        with open(path, "rb") as file:
            http = urllib.request.Request(put.get("url"), file.read(), headers, method="PUT")
        urllib.request.urlopen(http, context=ssl.create_default_context(cafile=CERTIFICATE))
        message = self.make_message(mto=to, mtype="chat", mbody=get.get("url"))
        message.append(xml.fromstring(OOB % get.get("url")))
        message.send()

    async def wait(self, words):
        while not any(each.startswith(words) for each in self.printed):
            self.news.clear()
            await self.news.wait()

    async def ping(self, times):
        slowest = 0
        for _ in range(times):
            slowest = max(slowest, await self["xep_0199"].ping(self.boundjid.domain))
            await asyncio.sleep(0.1)
        self.show("quick" if slowest < 1 else "slow")

    async def run(self, _):
        self.send_presence()
        self.show("ready")
        for line in SCRIPT:
            do, what = line.split(" ", 1)
            if do == "wait":
                await asyncio.wait_for(self.wait(what), 30)
            elif do == "mark":
                open(what, "w").close()
            elif do == "ping":
                await self.ping(int(what))
            elif do == "say":
                to, text = what.split(" ", 1)
                self.send_message(mto=to, mbody=text, mtype="chat")
            else:
                await self.put(*what.split(" ", 1))
        await self.disconnect()


SCRIPT = sys.stdin.read().splitlines()
phone = Phone()
if "SOURCE" in os.environ:
    phone.loop.create_connection = functools.partial(
        phone.loop.create_connection, local_addr=(os.environ["SOURCE"], 0))
phone.connect(address=("127.0.0.1", int(PORT)), use_ssl=SECURITY == "tls")
phone.process(forever=True)

// SPDX-License-Identifier: Apache-2.0
// The usual XMPP library of JavaScript as a person's program: STARTTLS, SCRAM, one letter, and what
// comes back for it.
//   node talk.mjs PORT USER@DOMAIN PASSWORD TO TEXT
// prints "receipt" and "message TEXT", and ends when it has both.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;  // Debian's Node.js 18 keeps it in a module; the library wants it here
const { client, xml } = await import("@xmpp/client");

const [port, address, password, to, text] = process.argv.slice(2);
const [username, domain] = address.split("@");
const waits = new Set(["receipt", "message"]);

const person = client({ service: `xmpp://127.0.0.1:${port}`, domain, username, password, resource: "js" });
person.on("error", (error) => {
  console.log(`error ${error}`);
  process.exit(1);
});
person.on("stanza", async (stanza) => {
  if (!stanza.is("message") || !stanza.attrs.from?.startsWith(to)) return;
  if (stanza.getChild("received", "urn:xmpp:receipts")?.attrs.id === "js-letter-0001") {
    console.log("receipt");
    waits.delete("receipt");
  }
  const body = stanza.getChildText("body");
  if (body) {
    console.log(`message ${body}`);
    waits.delete("message");
  }
  if (waits.size > 0) return;
  await person.stop();
  process.exit(0);
});
person.on("online", async () => {
  await person.send(xml("presence"));
  await person.send(
    xml("message", { type: "chat", to, id: "js-letter-0001" }, xml("body", {}, text), xml("request", "urn:xmpp:receipts")),
  );
});
await person.start();

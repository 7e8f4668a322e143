// SPDX-License-Identifier: Apache-2.0
// MeshCore's own client library drives a simulated companion radio over TCP and serial, unchanged; an independent
// decoder reads what the simulated radios put on air, and Node.js's own cryptography opens their texts.
// usage: node client_test.mjs PATH-OF-waypost-test-meshcore
import { spawn } from "node:child_process";
import crypto from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Constants, NodeJSSerialConnection, TCPConnection } from "@liamcottle/meshcore.js";

const folder = mkdtempSync(join(tmpdir(), "waypost-meshcore-"));
// The decoder asks by require() for a module that Debian's Node.js 18 takes by import alone: made one file.
const decoder = join(folder, "decoder.cjs");
await build({
  stdin: { contents: 'export * from "@michaelhart/meshcore-decoder"', resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
  bundle: true, platform: "node", format: "cjs", outfile: decoder, logLevel: "error",
});
const { MeshCoreDecoder, PayloadType } = createRequire(import.meta.url)(decoder);
const publicChannel = "8b3387e9c5cdea6ac9e5edbaa115cd72";
let passed = 0;
let failed = 0;
const check = (name, good, detail = "") => {
  good ? passed++ : failed++;
  console.log(`${good ? "ok" : "NOT OK"} ${name} ${good ? "" : detail}`);
};
const within = (promise, seconds, name) =>
  Promise.race([promise, new Promise((_, no) => {
    setTimeout(() => no(new Error(`${name}: nothing in ${seconds} s`)), seconds * 1000).unref();
  })]);
const hex = (bytes) => Buffer.from(bytes).toString("hex");

const village = spawn(process.argv[2], ["tcp:127.0.0.1:0", `pty:${join(folder, "radio")}`], { stdio: ["pipe", "pipe", "inherit"] });
const events = [];
const waiters = new Set();
village.stdout.setEncoding("utf8");
let buffer = "";
village.stdout.on("data", (text) => {
  buffer += text;
  for (let end = buffer.indexOf("\n"); end >= 0; end = buffer.indexOf("\n")) {
    events.push(JSON.parse(buffer.slice(0, end)));
    buffer = buffer.slice(end + 1);
    for (const each of [...waiters]) each();
  }
});
const happens = (who, what, text, seconds = 30) => within(new Promise((yes) => {
  const look = () => {
    const found = events.find((e) => e.who === who && e.what === what && (text === undefined || e.text === text));
    if (!found) return;
    waiters.delete(look);
    yes(found);
  };
  waiters.add(look);
  look();
}), seconds, `${who} ${what} ${text ?? ""}`);
const type = (line) => village.stdin.write(`${line}\n`);
const of = (who, what) => events.find((e) => e.who === who && e.what === what).text;
const once = (connection, code, seconds, name) => within(new Promise((yes) => connection.once(code, yes)), seconds, name);
const rejected = (promise) => promise.then(() => false, () => true);

// Ed25519 keys as X25519 ones, and MeshCore's cipher, written without looking at ours.
const prime = 2n ** 255n - 19n;
const power = (base, exponent) => {
  let result = 1n;
  for (let b = base % prime, e = exponent; e > 0n; e >>= 1n, b = (b * b) % prime) if (e & 1n) result = (result * b) % prime;
  return result;
};
const montgomery = (edwards) => {
  const y = BigInt(`0x${hex(Buffer.from(edwards).reverse())}`) & (2n ** 255n - 1n);
  const u = ((1n + y) * power(prime + 1n - y, prime - 2n)) % prime;
  return Buffer.from(u.toString(16).padStart(64, "0"), "hex").reverse();
};
const secretOf = (seed, peer) => {
  const scalar = crypto.createHash("sha512").update(Buffer.from(seed, "hex")).digest().subarray(0, 32);
  const privateKey = crypto.createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), scalar]), format: "der", type: "pkcs8" });
  const publicKey = crypto.createPublicKey({ key: Buffer.concat([Buffer.from("302a300506032b656e032100", "hex"), montgomery(Buffer.from(peer, "hex"))]), format: "der", type: "spki" });
  return crypto.diffieHellman({ privateKey, publicKey });
};
const open = (secret, mac, cipher) => {
  const expected = crypto.createHmac("sha256", secret).update(cipher).digest().subarray(0, 2);
  if (hex(expected) !== mac.toLowerCase()) return null;
  const decipher = crypto.createDecipheriv("aes-128-ecb", secret.subarray(0, 16), null).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(cipher), decipher.final()]);
  return { time: plain.readUInt32LE(0), flags: plain[4], text: plain.subarray(5, plain.indexOf(0, 5) < 0 ? undefined : plain.indexOf(0, 5)).toString() };
};

const overTcp = async (port) => {
  const radio = new TCPConnection("127.0.0.1", port);
  const connected = new Promise((yes) => radio.once("connected", yes));
  await radio.connect();
  await within(connected, 10, "connect");
  const self = await radio.getSelfInfo(5000);
  check("self info", self.name === "post" && self.radioSf === 7 && self.radioFreq === 869618 && self.radioBw === 62500, JSON.stringify(self));
  check("its key", hex(self.publicKey) === of("post", "key"));
  const device = await radio.deviceQuery(1);
  check("device info", device.firmwareVer === 8 && device.manufacturerModel.startsWith("Waypost simulator"), JSON.stringify(device));
  await radio.syncDeviceTime();
  const time = await radio.getDeviceTime();
  check("the clock is set", Math.abs(time.epochSecs - Date.now() / 1000) < 30, `${time.epochSecs}`);
  const contacts = await radio.getContacts();
  const kinds = Object.fromEntries(contacts.map((c) => [c.advName, c.type]));
  check("contacts", kinds.ana === 1 && kinds.hill === 2 && kinds.club === 3, JSON.stringify(kinds));
  const channels = await radio.getChannels();
  check("the public channel", channels[0].name === "Public" && hex(channels[0].secret) === publicChannel);

  const ana = await radio.findContactByName("ana");
  const confirmed = once(radio, Constants.PushCodes.SendConfirmed, 30, "ack");
  const sent = await radio.sendTextMessage(ana.publicKey, "Pont coup\u00e9 au km 4");
  check("a text is taken", sent.result === 1 && sent.estTimeout > 0, JSON.stringify(sent));
  const ack = await confirmed;
  check("and acknowledged by her radio", ack.ackCode === sent.expectedAckCrc, JSON.stringify([ack, sent]));
  await happens("ana", "sees", "Pont coup\u00e9 au km 4");

  const waits = once(radio, Constants.PushCodes.MsgWaiting, 30, "message waiting");
  type("ana: Bien re\u00e7u \u{1f41f}");
  await waits;
  const [got, ...more] = await radio.getWaitingMessages();
  check("hers waits in the radio", got?.contactMessage?.text === "Bien re\u00e7u \u{1f41f}" && more.length === 0, JSON.stringify(got));
  check("from her key", hex(got.contactMessage.pubKeyPrefix) === of("ana", "key").slice(0, 12));
  await happens("ana", "tick");

  await radio.sendChannelTextMessage(0, "march\u00e9 \u00e0 9h");
  await happens("ben", "hears", "post: march\u00e9 \u00e0 9h");
  const heard = once(radio, Constants.PushCodes.MsgWaiting, 30, "channel message");
  type("ben>all: SOS");
  await heard;
  const [cry] = await radio.getWaitingMessages();
  check("a channel's text", cry?.channelMessage?.text === "ben: SOS" && cry.channelMessage.channelIdx === 0, JSON.stringify(cry));

  const club = await radio.findContactByName("club");
  await within(radio.login(club.publicKey, "hallo"), 30, "login");
  check("a room lets it in", true);
  type("ana join club hallo");
  await happens("ana", "joined");
  const posted = once(radio, Constants.PushCodes.MsgWaiting, 60, "post");
  type("ana>club: Wasser steigt");
  await posted;
  const [post] = await radio.getWaitingMessages();
  check("a post of the room", post?.contactMessage?.txtType === 2 && post.contactMessage.text.endsWith("Wasser steigt"), JSON.stringify(post));
  await radio.sendTextMessage(club.publicKey, "verstanden");
  await happens("ana", "reads", "verstanden", 60);

  const card = await radio.exportContact();
  check("its own card", card.advertPacketBytes[0] === 0x11, hex(card.advertPacketBytes));
  await radio.resetPath(ana.publicKey);
  await radio.removeContact(ana.publicKey);
  check("who is no contact is written to in vain", await rejected(radio.sendTextMessage(ana.publicKey, "hi")));
  await radio.addOrUpdateContact(ana.publicKey, 1, 0, 0xff, new Uint8Array(64), "Ana", 0, 0, 0);
  check("and added again", (await radio.findContactByName("Ana")) !== undefined);
  check("text beyond the packet is refused", await rejected(radio.sendTextMessage(ana.publicKey, "x".repeat(161))));
  const advert = once(radio, Constants.PushCodes.Advert, 30, "advert");
  type("ben advert");
  check("an advert is pushed", hex((await advert).publicKey) === of("ben", "key"));
  check("what it does not know is an error", await rejected(radio.getStatsPackets()));
  await radio.sendFloodAdvert();
  radio.close();
};

const overSerial = async (path) => {
  const radio = new NodeJSSerialConnection(path);
  const connected = new Promise((yes) => radio.once("connected", yes));
  await radio.connect();
  await within(connected, 10, "serial connect");
  const self = await within(radio.getSelfInfo(5000), 6, "self info");
  check("serial: self info", self.name === "post");
  const ben = await radio.findContactByName("ben");
  const confirmed = once(radio, Constants.PushCodes.SendConfirmed, 30, "serial ack");
  const sent = await radio.sendTextMessage(ben.publicKey, "par le fil");
  check("serial: acknowledged", (await confirmed).ackCode === sent.expectedAckCrc);
  await happens("ben", "sees", "par le fil");
  const waits = once(radio, Constants.PushCodes.MsgWaiting, 30, "serial message");
  type("ben: merci");
  await waits;
  const messages = await radio.getWaitingMessages();
  check("serial: a message", messages.some((m) => m.contactMessage?.text === "merci"), JSON.stringify(messages));
  await radio.close();
};

const onAir = async () => {
  const keyStore = MeshCoreDecoder.createKeyStore({ channelSecrets: [publicChannel] });
  const packets = events.filter((e) => e.what === "packet").map((e) => ({ who: e.who, hex: e.text, decoded: MeshCoreDecoder.decode(e.text, { keyStore }) }));
  const bad = packets.filter((p) => !p.decoded.isValid);
  check(`${packets.length} packets are valid to the decoder`, packets.length > 20 && bad.length === 0, JSON.stringify(bad[0]));
  const kinds = (kind) => packets.filter((p) => p.decoded.payloadType === kind);
  const channel = kinds(PayloadType.GroupText).map((p) => p.decoded.payload.decoded.decrypted);
  check("it reads the channel", channel.some((t) => t?.sender === "post" && t.message === "march\u00e9 \u00e0 9h") && channel.some((t) => t?.sender === "ben" && t.message === "SOS"), JSON.stringify(channel));
  const adverts = await Promise.all(kinds(PayloadType.Advert).map((p) => MeshCoreDecoder.decodeWithVerification(p.hex)));
  const named = adverts.map((a) => a.payload.decoded);
  check("adverts are signed", named.length >= 2 && named.every((a) => a.signatureValid === true) && named.some((a) => a.appData.name === "ben"), JSON.stringify(named[0]));
  check("a repeater adds itself to paths", packets.some((p) => p.who === "hill" && p.decoded.path?.at(-1)?.toLowerCase() === of("hill", "key").slice(0, 2)));
  check("acks and paths", kinds(PayloadType.Path).length > 0 && kinds(PayloadType.AnonRequest).length > 0 && kinds(PayloadType.Response).length > 0);

  const secret = secretOf(of("ana", "seed"), of("post", "key"));
  check("one secret at both ends", hex(secret) === hex(secretOf(of("post", "seed"), of("ana", "key"))));
  const opened = kinds(PayloadType.TextMessage).map((p) => p.decoded.payload.decoded)
    .map((t) => open(secret, t.cipherMac, Buffer.from(t.ciphertext, "hex"))).filter(Boolean);
  check("texts open by Node's cryptography", opened.some((t) => t.text === "Pont coup\u00e9 au km 4") && opened.some((t) => t.text === "Bien re\u00e7u \u{1f41f}"), JSON.stringify(opened));
};

try {
  await happens("village", "open", undefined, 10);
  const [, , port] = events.find((e) => e.what === "is at" && e.text.startsWith("tcp:")).text.split(":");
  await overTcp(Number(port));
  await overSerial(join(folder, "radio"));
  await onAir();
} catch (error) {
  check("no step hangs or throws", false, String(error?.stack ?? error));
} finally {
  type("quit");
  village.kill();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

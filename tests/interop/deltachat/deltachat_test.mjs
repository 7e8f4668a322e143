// SPDX-License-Identifier: Apache-2.0
// Delta Chat's own core, over a real Postfix and Dovecot, and a radio behind a real box.
// usage: node deltachat_test.mjs PATH-OF-waypost-deltachat-stage PATH-OF-waypost
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DeltaChat, eventually, Stage } from "./world.mjs";

let passed = 0;
let failed = 0;
const check = (name, good, detail = "") => {
  good ? passed++ : failed++;
  console.log(`${good ? "ok" : "NOT OK"} ${name} ${good ? "" : detail}`);
};

async function clearMode(stage, delta) {
  const bob = await delta.account(stage, "bob", { force_encryption: "0" });
  const chat = await delta.chatWith(bob, "ana@village.test");
  await delta.rpc.miscSendTextMessage(bob, chat, "Is the ford open?");
  const held = await stage.sees("ana", "Mail held from bob@hill.test");
  check("a stranger's mail is announced", true);
  stage.type("ana", held.match(/@\+\d+/)[0]);
  const line = await stage.sees("ana", "Is the ford open?");
  check("and comes once she takes it", true);
  const number = line.match(/sees: (\d+) /)?.[1];
  check("the handheld shows its number and no more than it says", /sees: \d+ bob: Is the ford open\?$/.test(line), line);
  stage.type("ana", `*${number} Since noon`);
  const answer = await delta.receives(bob, chat, "Since noon");
  check("her answer is in the same chat", answer.chatId === chat, `${answer.chatId} ${chat}`);
  check("and claims no padlock", answer.showPadlock === false);
  check("it is her text alone, with the note that goes before a first answer at most", answer.text.startsWith("Since noon"), answer.text);
  check("it is labelled in clear", labelsOf("bob@hill.test") === "in clear", labelsOf("bob@hill.test"));
  return bob;
}

const waypost = (...args) => execFileSync(process.argv[3], ["--config", stage.config, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

// The honest labels of all messages from this address, as the operator sees them.
function labelsOf(from) {
  const labels = new Set();
  for (let id = 1; id < 40; id++) {
    try {
      const message = JSON.parse(waypost("--json", "trace", `${id}`));
      if (message.from === `mailto:${from}`) labels.add(message.privacy);
    } catch { /* numbers end somewhere */ }
  }
  return [...labels].join();
}

// Encrypted to somebody, but to nobody here. Bob is told, in his Delta Chat.
async function unreadable(stage, delta, bob) {
  const sealed = [
    "From: <bob@hill.test>", "To: <ana@village.test>", "Subject: ...", "Message-ID: <sealed@hill.test>", "MIME-Version: 1.0",
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b', "",
    "--b", "Content-Type: application/pgp-encrypted", "", "Version: 1", "",
    "--b", "Content-Type: application/octet-stream", "", readFileSync("not_for_us.asc", "latin1"), "--b--", ""].join("\r\n");
  execFileSync("swaks", ["--server", `127.0.0.1:${stage.mx}`, "--from", "bob@hill.test", "--to", "ana@village.test", "--data", sealed], { stdio: "ignore" });
  const post = await delta.chatWith(bob, "postmaster@village.test");
  await delta.receives(bob, post, "no key for it here");
  check("who encrypts to no key of ours is told", true);
}

// As a new profile is, and nothing else: it sends nothing in clear and drops what comes so.
async function defaultMode(stage, delta) {
  const eve = await delta.account(stage, "eve");
  const link = waypost("people", "invite", "ana").trim();
  const qr = await delta.rpc.checkQr(eve, link);
  check("the link is an invitation to a contact", qr.kind === "askVerifyContact", JSON.stringify(qr));
  const chat = await delta.rpc.secureJoin(eve, link);
  const contact = (await delta.rpc.getChatContacts(eve, chat))[0];
  await delta.joined(eve, contact);
  check("the handshake ends", true);
  await delta.rpc.miscSendTextMessage(eve, chat, "The doctor comes at ten");
  const line = await stage.sees("ana", "The doctor comes at ten");
  check("a message reaches the handheld, held by nothing", /sees: \d+ eve: The doctor comes at ten$/.test(line), line);
  stage.type("ana", `*${line.match(/sees: (\d+) /)[1]} Thanks, I tell all`);
  const answer = await delta.receives(eve, chat, "Thanks, I tell all");
  check("her answer is in the same chat", answer.chatId === chat, `${answer.chatId} ${chat}`);
  check("with the padlock", answer.showPadlock === true);
  check("it is labelled as encrypted to the gateway", labelsOf("eve@hill.test") === "to the gateway", labelsOf("eve@hill.test"));
  await delta.rpc.miscSendTextMessage(eve, chat, "He is late");
  await stage.sees("ana", "He is late");
  stage.type("ana", "eve@hill.test The road is bad");
  const fresh = await delta.receives(eve, chat, "The road is bad");
  check("so is what she writes unasked", fresh.showPadlock === true && fresh.chatId === chat);
  stage.type("box", "kill");
  await eventually("the box", () => stage.screens.includes("box is up again"));
  await delta.rpc.miscSendTextMessage(eve, chat, "He is here");
  const late = await stage.sees("ana", "He is here");
  stage.type("ana", `*${late.match(/sees: (\d+) /)[1]} At last`);
  check("the keys outlive a kill -9", (await delta.receives(eve, chat, "At last")).showPadlock === true);
  const again = await delta.rpc.secureJoin(eve, waypost("people", "invite", "ben").trim());
  await delta.joined(eve, (await delta.rpc.getChatContacts(eve, again))[0]);
  await delta.rpc.miscSendTextMessage(eve, again, "Ben, the doctor is here");
  await stage.sees("ben", "Ben, the doctor is here");
  check("another villager has another chat", again !== chat);
  check("no step of the handshake was shown on a radio", !stage.screens.some((s) => s.includes("Secure-Join")));
}

const stage = await Stage.open(process.argv[2]);
const delta = new DeltaChat();
try {
  const bob = await clearMode(stage, delta);
  await unreadable(stage, delta, bob);
  await defaultMode(stage, delta);
} catch (error) {
  check("no step hangs or throws", false, String(error?.stack ?? error));
  console.log(stage.screens.join("\n"));
} finally {
  delta.close();
  await stage.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

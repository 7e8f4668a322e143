// SPDX-License-Identifier: Apache-2.0
// Delta Chat's own core, over a real Postfix and Dovecot, and a radio behind a real box.
// usage: node deltachat_test.mjs PATH-OF-waypost-deltachat-stage PATH-OF-waypost
import { DeltaChat, Stage } from "./world.mjs";

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
}

const stage = await Stage.open(process.argv[2]);
const delta = new DeltaChat();
try {
  await clearMode(stage, delta);
} catch (error) {
  check("no step hangs or throws", false, String(error?.stack ?? error));
  console.log(stage.screens.join("\n"));
} finally {
  delta.close();
  await stage.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

// SPDX-License-Identifier: Apache-2.0
// What the test talks to: the stage (mail servers, box, village) and Delta Chat accounts.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startDeltaChat } from "@deltachat/stdio-rpc-server";

const kLookEveryMs = 100;

export async function eventually(what, find, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((yes) => setTimeout(yes, kLookEveryMs));
  }
}

export class Stage {
  static async open(program) {
    const stage = new Stage();
    stage.screens = [];
    stage.child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
    stage.ended = new Promise((yes) => stage.child.on("exit", yes));
    createInterface({ input: stage.child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) Object.assign(stage, JSON.parse(line));
      else stage.screens.push(line);
    });
    stage.child.stdin.on("error", () => {});
    await eventually("the stage", () => stage.config ?? (stage.child.exitCode !== null && "ended"), 60);
    if (!stage.config) throw new Error("the stage does not open");
    return stage;
  }
  type(who, text) { this.child.stdin.write(`${who}: ${text}\n`); }
  // The handheld shows `text`, maybe behind a number and a name.
  sees(who, text, seconds = 60) {
    return eventually(`${who} sees ${text}`, () => this.screens.find((line) =>
      line.startsWith(`${who} sees: `) && line.includes(text)), seconds);
  }
  async close() {
    this.child.stdin.end();
    await this.ended;
  }
}

// Several accounts in one core.
export class DeltaChat {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "waypost-deltachat-"));
    this.core = startDeltaChat(this.folder, { muteStdErr: true });
    this.rpc = this.core.rpc;
    this.progress = new Map();
    this.core.on("SecurejoinJoinerProgress", (account, { contactId, progress }) =>
      this.progress.set(`${account} ${contactId}`, progress));
  }
  async account(stage, name, config = {}) {
    const id = await this.rpc.addAccount();
    const addr = `${name}@hill.test`;
    for (const [key, value] of Object.entries({ displayname: name, ...config })) await this.rpc.setConfig(id, key, value);
    await this.rpc.addOrUpdateTransport(id, {
      addr, password: "pw", oauth2: false, imapFolder: null, certificateChecks: "acceptInvalidCertificates",
      imapServer: "127.0.0.1", imapPort: stage.imaps, imapSecurity: "ssl", imapUser: addr,
      smtpServer: "127.0.0.1", smtpPort: stage.submission, smtpSecurity: "starttls", smtpUser: addr, smtpPassword: "pw",
    });
    await this.rpc.startIo(id);
    return id;
  }
  chatWith(account, address) {
    return this.rpc.createContact(account, address, null).then((contact) => this.rpc.createChatByContactId(account, contact));
  }
  async texts(account, chat) {
    const ids = await this.rpc.getMessageIds(account, chat, false, false);
    return Promise.all(ids.map((id) => this.rpc.getMessage(account, id)));
  }
  // The inviter has confirmed.
  joined(account, contact, seconds = 60) {
    return eventually("the end of the handshake", () => this.progress.get(`${account} ${contact}`) === 1000, seconds);
  }
  // A message of the other side in this chat.
  receives(account, chat, text, seconds = 60) {
    return eventually(`${text} in the chat`, async () => (await this.texts(account, chat)).find((message) =>
      message.fromId !== 1 && message.text.includes(text)), seconds);
  }
  close() {
    this.core.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

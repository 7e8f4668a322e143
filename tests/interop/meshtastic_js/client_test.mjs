// SPDX-License-Identifier: Apache-2.0
// The official Meshtastic client library drives a simulated device over TCP, unchanged.
// usage: node client_test.mjs PATH-OF-waypost
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MeshDevice, Types, Utils } from "@meshtastic/core";

globalThis.crypto ??= webcrypto;  // Debian's Node.js 18 keeps it in a module; the client wants it here

const folder = mkdtempSync(join(tmpdir(), "waypost-js-"));
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

const freePort = () => new Promise((yes) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => yes(port));
  });
});

// The test's own transport: a TCP socket behind the library's streams.
const tcpTransport = (port) => new Promise((yes, no) => {
  const socket = net.connect(port, "127.0.0.1", () => {
    const framed = Utils.toDeviceStream();
    framed.readable.pipeTo(new WritableStream({ write: (bytes) => void socket.write(bytes) })).catch(() => {});
    const raw = new ReadableStream({
      start(controller) {
        socket.on("data", (bytes) => controller.enqueue(new Uint8Array(bytes)));
        socket.on("close", () => { try { controller.close(); } catch {} });
      },
    });
    yes({
      toDevice: framed.writable,
      fromDevice: raw.pipeThrough(Utils.fromDeviceStream()),
      disconnect: async () => void socket.destroy(),
    });
  });
  socket.on("error", no);
});

const port = await freePort();
writeFileSync(join(folder, "village.toml"), `
[channel]
preset = 6
speed = 2.0
[[node]]
name = "post"
long_name = "Post"
id = "!00000001"
port = "tcp:127.0.0.1:${port}"
[[node]]
name = "ana"
long_name = "Ana"
id = "!0000000a"
`);
const village = spawn(process.argv[2], ["simulate", join(folder, "village.toml"), "--json"], { stdio: ["pipe", "pipe", "inherit"] });
const seen = [];
let opened;
const isOpen = new Promise((yes) => { opened = yes; });
village.stdout.setEncoding("utf8");
let buffer = "";
village.stdout.on("data", (text) => {
  buffer += text;
  for (let end = buffer.indexOf("\n"); end >= 0; end = buffer.indexOf("\n")) {
    const event = JSON.parse(buffer.slice(0, end));
    buffer = buffer.slice(end + 1);
    if (event.what === "open") opened();
    seen.push(event);
  }
});

try {
  await within(isOpen, 10, "village");
  const device = new MeshDevice(await tcpTransport(port));
  device.log.settings.minLevel = 7;
  const nodes = [];
  device.events.onNodeInfoPacket.subscribe((node) => nodes.push(node));
  let myNumber = 0;
  device.events.onMyNodeInfo.subscribe((info) => { myNumber = info.myNodeNum; });
  const configured = new Promise((yes) => device.events.onDeviceStatus.subscribe((status) => {
    if (status === Types.DeviceStatusEnum.DeviceConfigured) yes();
  }));
  await device.configure().catch(() => {});
  await within(configured, 15, "configure");
  check("it configures", true);
  check("our own number", myNumber === 1, `${myNumber}`);
  check("the node list has both", nodes.some((n) => n.num === 10 && n.user?.longName === "Ana") && nodes.some((n) => n.num === 1));

  const id = await within(device.sendText("Pont coup\u00e9 au km 4", 10, true), 30, "ack");
  check("a direct text is acknowledged by the other node", id > 0);
  check("and shown there", seen.some((e) => e.who === "ana" && e.what === "sees" && e.text === "Pont coup\u00e9 au km 4"));

  const message = new Promise((yes) => device.events.onMessagePacket.subscribe(yes));
  village.stdin.write("ana: Bien re\u00e7u\n");
  const got = await within(message, 30, "message");
  check("a direct text comes in", got.data === "Bien re\u00e7u" && got.from === 10 && got.type === "direct", JSON.stringify(got.data));

  const traced = new Promise((yes) => device.events.onTraceRoutePacket.subscribe(yes));
  device.traceRoute(10).catch(() => {});
  const way = await within(traced, 30, "trace");
  check("a traced way comes back with what each end heard", way.from === 10 && way.data.snrTowards.length === 1 && way.data.snrBack.length === 1, JSON.stringify(way.data));

  await new Promise((yes) => setTimeout(yes, 1500));
  const unknown = await within(device.sendText("hello?", 0x12345678, true).then(() => null, (e) => e), 30, "unknown node");
  check("an unknown node is error 39", unknown?.error === 39, JSON.stringify(unknown));
  await new Promise((yes) => setTimeout(yes, 1500));
  const large = await within(device.sendText("x".repeat(225), 10, true).then(() => null, (e) => e), 30, "too large");
  check("225 bytes are error 7", large?.error === 7, JSON.stringify(large));
} catch (error) {
  check("no step hangs or throws", false, String(error?.stack ?? error));
} finally {
  village.stdin.write("quit\n");
  village.kill();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

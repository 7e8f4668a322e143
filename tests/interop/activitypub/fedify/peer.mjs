// SPDX-License-Identifier: Apache-2.0
// peer.mjs '{"origin": "https://dale.test", "address": "127.0.1.2", "users": ["bob"], "folder": ...,
// "certificate": ..., "key": ..., "control": port, "first": "draft-cavage-http-signatures-12"}'
// Serves `origin` with TLS on port 443 of `address`, and takes deeds (deeds.mjs) on a port of 127.0.0.1:
// POST /NAME with JSON. Says "ready" when both listen; ends when it is told to.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { makeDeeds } from "./deeds.mjs";
import { makeFederation, World } from "./federation.mjs";
import { bodyOf, listening } from "./http.mjs";

const options = JSON.parse(process.argv[2]);
if (!globalThis.Temporal) globalThis.Temporal = (await import("@js-temporal/polyfill")).Temporal;
const world = new World(options);
const { federation, keys } = await makeFederation(world, options.first);
const deeds = makeDeeds(world, federation, keys);

function failure(incoming) {
  const fail = world.settings.fail;
  if (incoming.method !== "POST" || !fail || fail.times <= 0) return null;
  --fail.times;
  return { status: fail.status, headers: fail.retry_after ? { "Retry-After": String(fail.retry_after) } : {} };
}

// A server that knows one kind of signature alone.
function unknownSignature({ headers }) {
  const { only } = world.settings;
  if (!only || !headers.signature) return null;
  return ("signature-input" in headers) === (only === "rfc9421") ? null : { status: 401 };
}

// Megabytes of nothing, as long as somebody takes them.
async function pour(outgoing, { type, megabytes }) {
  outgoing.writeHead(200, { "Content-Type": type });
  const piece = Buffer.alloc(1 << 20, " ");
  for (let sent = 0; sent < megabytes && !outgoing.destroyed; ++sent)
    if (!outgoing.write(piece)) await Promise.race(["drain", "close"].map((each) => once(outgoing, each)));
  outgoing.end();
}

async function answer(incoming, body) {
  const url = new URL(incoming.url, options.origin);
  const failed = failure(incoming) ?? unknownSignature(incoming);
  if (failed) return new Response("told to fail", failed);
  if (world.gone.has(url.pathname)) {
    return new Response(JSON.stringify(world.gone.get(url.pathname)), {
      status: 410, headers: { "Content-Type": "application/activity+json" },
    });
  }
  const page = world.pages.get(url.pathname);
  const pageBody = page?.base64 ? Buffer.from(page.base64, "base64") : page?.body;
  if (page) return new Response(pageBody ?? null, { status: page.status, headers: page.headers });
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  const request = new Request(url, {
    method: incoming.method, headers: incoming.headers, body: hasBody ? body : undefined,
  });
  return federation.fetch(request, { contextData: undefined });
}

const server = https.createServer(
  { cert: readFileSync(options.certificate), key: readFileSync(options.key) },
  async (incoming, outgoing) => {
    try {
      const body = await bodyOf(incoming);
      const page = world.pages.get(incoming.url);
      if (page?.megabytes) return await pour(outgoing, page);
      const made = await answer(incoming, body);
      console.error(incoming.method, incoming.url, made.status);
      outgoing.writeHead(made.status, Object.fromEntries(made.headers));
      outgoing.end(Buffer.from(await made.arrayBuffer()));
    } catch (error) {
      console.error(incoming.method, incoming.url, error);
      outgoing.writeHead(500).end();
    }
  },
);

const control = http.createServer(async (incoming, outgoing) => {
  const reply = (status, value) =>
    outgoing.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
  try {
    const asked = (await bodyOf(incoming)).toString();
    const deed = deeds[incoming.url.slice(1)];
    if (!deed) return reply(404, { error: `there is no deed ${incoming.url}` });
    reply(200, await deed(asked ? JSON.parse(asked) : {}));
  } catch (error) {
    reply(500, { error: error.stack ?? String(error) });
  }
});

await listening(server, 443, options.address);
await listening(control, options.control, "127.0.0.1");
console.log("ready");

// SPDX-License-Identifier: Apache-2.0
// bench.mjs '{"origin": "http://dale.test", "address": "127.0.1.2", "control": port}'
// A server on Fedify as lean as it gets, for `./dev bench activitypub`: without TLS, all in memory, one
// RSA key, nothing but counted. Serves `origin` on port 80, and on a port of 127.0.0.1:
//   POST /came {"count": N}   answers once N notes have come in all
//   POST /send {"host": ..., "first": port, "count": N}   one public note to N servers' shared inboxes
import {
  createFederation, generateCryptoKeyPair, InProcessMessageQueue, MemoryKvStore, ParallelMessageQueue,
} from "@fedify/fedify";
import { Create, Endpoints, Note, Person, PUBLIC_COLLECTION } from "@fedify/vocab";
import http from "node:http";
import { bodyOf, listening } from "./http.mjs";

const WORKERS = 16; // several at once do it more good than one after the other
const options = JSON.parse(process.argv[2]);
if (!globalThis.Temporal) globalThis.Temporal = (await import("@js-temporal/polyfill")).Temporal;

const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: new ParallelMessageQueue(new InProcessMessageQueue(), WORKERS),
  origin: options.origin,
  allowPrivateAddress: true,
  circuitBreaker: false,
  onOutboxError: (error) => console.error("outbox:", error.message),
});
const pair = await generateCryptoKeyPair("RSASSA-PKCS1-v1_5");
federation.setActorDispatcher("/users/{identifier}", async (ctx, name) => {
  const [key] = await ctx.getActorKeyPairs(name);
  return new Person({
    id: ctx.getActorUri(name), preferredUsername: name, inbox: ctx.getInboxUri(name),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }), publicKey: key.cryptographicKey,
  });
}).setKeyPairsDispatcher(() => [pair]);

let came = 0;
let waiting = null; // { count, done }
federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(Create, () => {
    if (++came >= (waiting?.count ?? Infinity)) waiting.done();
  })
  .onError((_, error) => console.error("inbox:", error));

let sent = 0;
const deeds = {
  "/came": ({ count }) => new Promise((done) => {
    waiting = { count, done: () => done({ came }) };
    if (came >= count) waiting.done();
  }),
  "/send": async ({ host, first, count }) => {
    const ctx = federation.createContext(new URL(options.origin));
    const author = ctx.getActorUri("bob");
    const note = new Note({
      id: new URL(`/users/bob/note/${++sent}`, options.origin), attribution: author,
      content: `<p>Post ${sent}: the road is open</p>`, tos: [PUBLIC_COLLECTION],
      ccs: [new URL("/users/bob/followers", options.origin)], published: Temporal.Now.instant(),
    });
    const recipients = Array.from({ length: count }, (_, i) => ({
      id: new URL(`http://${host}:${first + i}/ap/f-0`),
      inboxId: new URL(`http://${host}:${first + i}/ap/inbox`), endpoints: null,
    }));
    await ctx.sendActivity({ identifier: "bob" }, recipients, new Create({
      id: new URL("#create", note.id), actor: author, object: note, tos: note.toIds, ccs: note.ccIds,
    }));
    return { sent };
  },
};

const server = http.createServer(async (incoming, outgoing) => {
  try {
    const body = await bodyOf(incoming);
    const made = await federation.fetch(new Request(new URL(incoming.url, options.origin), {
      method: incoming.method, headers: incoming.headers,
      body: incoming.method === "POST" ? body : undefined,
    }), { contextData: undefined });
    const text = Buffer.from(await made.arrayBuffer());
    if (made.status >= 400) console.error(incoming.url, made.status, text.toString());
    outgoing.writeHead(made.status, { ...Object.fromEntries(made.headers), "Content-Length": text.length });
    outgoing.end(text);
  } catch (error) {
    console.error(incoming.url, error);
    outgoing.writeHead(500, { "Content-Length": 0 }).end();
  }
});
server.keepAliveTimeout = 60_000;
const control = http.createServer(async (incoming, outgoing) => {
  const asked = JSON.parse((await bodyOf(incoming)).toString());
  try {
    outgoing.end(JSON.stringify(await deeds[incoming.url](asked)));
  } catch (error) {
    outgoing.writeHead(500).end(error.stack);
  }
});

await listening(server, 80, options.address);
await listening(control, options.control, "127.0.0.1");
console.log("ready");

// SPDX-License-Identifier: Apache-2.0
// A server of the fediverse on Fedify: its people, keys and what it has got. What it does of its own:
// it answers a Follow as its settings say, and forgets followers who undo.
import {
  createExponentialBackoffPolicy, createFederation, exportJwk, generateCryptoKeyPair, importJwk,
  InProcessMessageQueue, MemoryKvStore,
} from "@fedify/fedify";
import {
  Accept, Activity, Application, Create, Delete, Endpoints, Follow, Note, Person, PUBLIC_COLLECTION, Question,
  Article, Reject, Undo,
} from "@fedify/vocab";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

export const BOX = "instance"; // the server's own actor: read without a signature

export class World {
  constructor({ origin, users, folder }) {
    this.origin = origin;
    this.keyFile = `${folder}/keys.json`;
    this.people = new Map([...users, BOX].map((name) => [name, { aliases: [], locked: false }]));
    this.followers = new Map([...this.people.keys()].map((name) => [name, new Map()]));
    this.settings = { answer: "accept", secure: false, fail: null, only: null };
    this.got = []; // verified activities
    this.holds = new Map(); // what others wrote and have not deleted: id to author
    this.notes = new Map(); // by id: { object, create, to }
    this.sent = new Map(); // activities by id: { activity, as, to }
    this.gone = new Map(); // paths that answer 410
    this.pages = new Map(); // paths that answer what a test says
    this.count = 0;
  }

  next(as, kind) {
    return new URL(`/users/${as}/${kind}/${Date.now()}-${++this.count}`, this.origin);
  }

  // A restart must not change them: who keeps the old key refuses everything. `fresh`: of this person
  // they are new.
  async keys(fresh = null) {
    const kept = existsSync(this.keyFile) ? JSON.parse(readFileSync(this.keyFile, "utf8")) : {};
    const pairs = new Map();
    for (const name of this.people.keys()) {
      if (name === fresh) delete kept[name];
      kept[name] ??= await Promise.all(["RSASSA-PKCS1-v1_5", "Ed25519"].map(async (algorithm) => {
        const pair = await generateCryptoKeyPair(algorithm);
        return { privateKey: await exportJwk(pair.privateKey), publicKey: await exportJwk(pair.publicKey) };
      }));
      pairs.set(name, await Promise.all(kept[name].map(async (pair) => ({
        privateKey: await importJwk(pair.privateKey, "private"),
        publicKey: await importJwk(pair.publicKey, "public"),
      }))));
    }
    writeFileSync(this.keyFile, JSON.stringify(kept), { mode: 0o600 });
    return pairs;
  }
}

function isPublic(object) {
  return [...object.toIds, ...object.ccIds].some((id) => id.href === PUBLIC_COLLECTION.href);
}

function serveActors(federation, world, keys) {
  federation.setActorDispatcher("/users/{identifier}", async (ctx, name) => {
    const person = world.people.get(name);
    if (!person) return null;
    const [main, ...more] = await ctx.getActorKeyPairs(name);
    return new (name === BOX ? Application : Person)({
      id: ctx.getActorUri(name),
      preferredUsername: name,
      name: person.name ?? name,
      summary: person.summary ?? null,
      url: new URL(`/@${name}`, world.origin),
      inbox: ctx.getInboxUri(name),
      outbox: ctx.getOutboxUri(name),
      followers: ctx.getFollowersUri(name),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
      manuallyApprovesFollowers: person.locked,
      aliases: person.aliases.map((each) => new URL(each)),
      successor: person.successor ? new URL(person.successor) : null,
      publicKey: main.cryptographicKey,
      assertionMethods: [main, ...more].map((pair) => pair.multikey),
    });
  })
    .setKeyPairsDispatcher((_, name) => keys.get(name) ?? [])
    .mapHandle((_, name) => (world.people.has(name) ? name : null))
    .authorize(async (ctx, name) =>
      name === BOX || !world.settings.secure || (await ctx.getSignedKeyOwner()) !== null);
}

function serveCollections(federation, world) {
  federation.setFollowersDispatcher("/users/{identifier}/followers", (_, name) => {
    const all = world.followers.get(name);
    return all ? { items: [...all.values()] } : null;
  }).setCounter((_, name) => world.followers.get(name)?.size ?? 0);
  federation.setOutboxDispatcher("/users/{identifier}/outbox", (_, name) => ({
    items: [...world.notes.values()]
      .filter((each) => each.as === name && isPublic(each.object)).map((each) => each.create),
  }));
  for (const [cls, kind] of [[Note, "note"], [Article, "article"], [Question, "question"]]) {
    federation.setObjectDispatcher(cls, `/users/{name}/${kind}/{id}`, (_, { name, id }) =>
      world.notes.get(`${world.origin}/users/${name}/${kind}/${id}`)?.object ?? null)
      .authorize(async (ctx, { name, id }) => {
        const object = world.notes.get(`${world.origin}/users/${name}/${kind}/${id}`)?.object;
        if (!object || (isPublic(object) && !world.settings.secure)) return true;
        const reader = (await ctx.getSignedKeyOwner())?.id?.href;
        if (!reader) return false;
        return isPublic(object) || [...object.toIds, ...object.ccIds].some((id) => id.href === reader) ||
          world.followers.get(name).has(reader);
      });
  }
  federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
    software: { name: "fedify-peer", version: "1.0.0" },
    protocols: ["activitypub"],
    usage: { users: { total: world.people.size }, localPosts: world.notes.size, localComments: 0 },
  }));
}

// What others wrote is kept until its author deletes it.
function hold(world, activity) {
  const [id, author] = [activity.objectId?.href, activity.actorId?.href];
  if (activity instanceof Create) world.holds.set(id, author);
  if (activity instanceof Delete && world.holds.get(id) === author) world.holds.delete(id);
}

// Follow -> the answer of the settings, with the whole Follow embedded.
async function answerFollow(ctx, world, follow, answer) {
  const name = ctx.parseUri(follow.objectId)?.identifier;
  const follower = await follow.getActor(ctx);
  if (!world.people.has(name) || !follower?.inboxId || answer === "none") return;
  const Answer = answer === "accept" ? Accept : Reject;
  if (answer === "accept") {
    world.followers.get(name).set(follower.id.href, {
      id: follower.id, inboxId: follower.inboxId,
      endpoints: follower.endpoints?.sharedInbox ? { sharedInbox: follower.endpoints.sharedInbox } : null,
    });
  }
  await ctx.sendActivity({ identifier: name }, follower, new Answer({
    id: world.next(name, answer), actor: ctx.getActorUri(name), object: follow,
  }));
}

function listen(federation, world) {
  federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .setSharedKeyDispatcher(() => ({ identifier: BOX }))
    .on(Activity, async (ctx, activity) => {
      world.got.push({
        type: activity.constructor.name, id: activity.id?.href ?? null, actor: activity.actorId?.href,
        box: ctx.recipient ?? "shared", json: await activity.toJsonLd(ctx),
      });
      hold(world, activity);
      if (activity instanceof Follow) return answerFollow(ctx, world, activity, world.settings.answer);
      if (!(activity instanceof Undo)) return;
      const undone = await activity.getObject(ctx);
      if (!(undone instanceof Follow)) return;
      world.followers.get(ctx.parseUri(undone.objectId)?.identifier)?.delete(activity.actorId.href);
    })
    .onError((_, error) => console.error("inbox:", error));
}

export async function makeFederation(world, firstKnock) {
  const federation = createFederation({
    kv: new MemoryKvStore(),
    queue: new InProcessMessageQueue(),
    origin: world.origin,
    allowPrivateAddress: true,
    firstKnock,
    circuitBreaker: false,
    outboxRetryPolicy: createExponentialBackoffPolicy({
      initialDelay: { seconds: 1 }, maxDelay: { seconds: 3 }, maxAttempts: 20,
    }),
    onOutboxError: (error) => console.error("outbox:", error.message),
  });
  const keys = await world.keys();
  serveActors(federation, world, keys);
  serveCollections(federation, world);
  listen(federation, world);
  return { federation, keys };
}

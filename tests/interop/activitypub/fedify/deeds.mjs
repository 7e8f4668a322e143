// SPDX-License-Identifier: Apache-2.0
// What a test may have the peer do: one function for each, of its JSON to an answer in JSON. `as` is the
// name of one of its people; who or what is meant elsewhere is an URL, or "@name@host".
import { signRequest } from "@fedify/fedify";
import {
  Announce, Article, Block, Create, Delete, Document, Flag, Follow, isActor, Like, Mention, Move,
  Note, PUBLIC_COLLECTION, Question, Tombstone, Undo, Update,
} from "@fedify/vocab";
import { BOX } from "./federation.mjs";

const KINDS = { note: Note, article: Article, question: Question };

export function makeDeeds(world, federation, keys) {
  const ctx = () => federation.createContext(new URL(world.origin));
  const loader = (as) => ctx().getDocumentLoader({ identifier: as });
  const me = (as) => ctx().getActorUri(as);

  async function look(as, what) {
    const found = await ctx().lookupObject(what, { documentLoader: await loader(as) });
    if (!found) throw new Error(`nothing is found at ${what}`);
    return found;
  }
  async function lookActor(as, whom) {
    const actor = await look(as, whom);
    if (!isActor(actor)) throw new Error(`${whom} is nobody`);
    return actor;
  }
  const authorOf = async (as, object) =>
    await object.getAttribution({ ...ctx(), documentLoader: await loader(as) }) ?? null;

  async function send(as, to, activity) {
    world.sent.set(activity.id.href, { activity, as, to });
    for (const each of [...new Set(to)]) {
      const recipients = each === "followers" ? "followers" : [each];
      await ctx().sendActivity({ identifier: as }, recipients, activity);
    }
    return { id: activity.id.href };
  }

  function addressed(as, how, people) {
    const followers = ctx().getFollowersUri(as);
    const ids = people.map((each) => each.id);
    if (how === "public") return { tos: [PUBLIC_COLLECTION], ccs: [followers, ...ids] };
    if (how === "unlisted") return { tos: [followers], ccs: [PUBLIC_COLLECTION, ...ids] };
    if (how === "followers") return { tos: [followers], ccs: ids };
    if (how === "direct") return { tos: ids, ccs: [] };
    throw new Error(`to: public, unlisted, followers or direct, not ${how}`);
  }

  const handle = (actor) => `@${actor.preferredUsername}@${actor.id.host}`;

  // { as, text | html, to, mention: [...], reply_to, kind, title, warning, choices, media, language }
  async function note(asked) {
    const { as, to = "public", mention = [], reply_to: replyTo, kind = "note" } = asked;
    const people = await Promise.all(mention.map((each) => lookActor(as, each)));
    const parent = replyTo ? await look(as, replyTo) : null;
    const author = parent ? await authorOf(as, parent) : null;
    if (author && !people.some((each) => each.id.href === author.id.href)) people.push(author);
    const common = {
      id: world.next(as, kind), attribution: me(as), ...addressed(as, to, people),
      content: asked.html ?? `<p>${asked.text}</p>`, replyTarget: parent?.id ?? null,
      tags: people.map((each) => new Mention({ href: each.id, name: handle(each) })),
      published: Temporal.Now.instant(), name: asked.title ?? null,
      sensitive: asked.warning ? true : null, summary: asked.warning ?? null,
      attachments: (asked.media ?? []).map((each) => new Document({
        url: new URL(each.url), mediaType: each.type, name: each.name ?? null,
      })),
    };
    if (kind === "question")
      common.exclusiveOptions = asked.choices.map((name) => new Note({ name }));
    const object = new KINDS[kind](common);
    const create = new Create({
      id: new URL("#create", object.id), actor: me(as), object, tos: common.tos, ccs: common.ccs,
      published: common.published,
    });
    const targets = [...people, ...(to === "direct" ? [] : ["followers"])];
    world.notes.set(object.id.href, { as, object, create, to: targets });
    await send(as, targets, create);
    return { id: object.id.href, activity: create.id.href };
  }

  async function update({ as, id, text }) {
    const kept = world.notes.get(id);
    kept.object = kept.object.clone({ content: `<p>${text}</p>`, updated: Temporal.Now.instant() });
    return send(as, kept.to, new Update({
      id: world.next(as, "update"), actor: me(as), object: kept.object,
      tos: kept.object.toIds, ccs: kept.object.ccIds,
    }));
  }

  async function remove({ as, id }) {
    const kept = world.notes.get(id);
    world.notes.delete(id);
    const tombstone = new Tombstone({ id: new URL(id), deleted: Temporal.Now.instant() });
    world.gone.set(new URL(id).pathname, await tombstone.toJsonLd());
    return send(as, kept.to, new Delete({
      id: world.next(as, "delete"), actor: me(as), object: tombstone,
      tos: kept.object.toIds, ccs: kept.object.ccIds,
    }));
  }

  // The whole account: whoever asks for it is told that it is gone.
  async function leave({ as }) {
    const to = [...world.followers.get(as).values()];
    const activity = new Delete({
      id: world.next(as, "delete"), actor: me(as), object: me(as), tos: [PUBLIC_COLLECTION],
    });
    for (const each of to) await ctx().sendActivity({ identifier: as }, each, activity, { immediate: true });
    world.gone.set(me(as).pathname, await new Tombstone({ id: me(as) }).toJsonLd());
    return { id: activity.id.href };
  }

  // Of somebody's note: Like, Announce. { as, object }
  const about = (Kind, name, more = () => ({})) => async (asked) => {
    const object = await look(asked.as, asked.object);
    const author = await authorOf(asked.as, object);
    const followers = name === "announce" ? ["followers"] : [];
    return send(asked.as, [author, ...followers], new Kind({
      id: world.next(asked.as, name), actor: me(asked.as), object: object.id, ...more(asked, author),
    }));
  };

  // Of somebody: Follow, Block. { as, whom }
  const towards = (Kind, name) => async ({ as, whom }) => {
    const actor = await lookActor(as, whom);
    return send(as, [actor], new Kind({
      id: world.next(as, name), actor: me(as), object: actor.id, to: actor.id,
    }));
  };

  async function undo({ as, id }) {
    const { activity, to } = world.sent.get(id);
    return send(as, to, new Undo({ id: world.next(as, "undo"), actor: me(as), object: activity }));
  }

  // { as, whom, objects: [...], text }: told to the admins there, by the server's own actor.
  async function flag({ whom, objects = [], text }) {
    const actor = await lookActor(BOX, whom);
    return send(BOX, [actor], new Flag({
      id: world.next(BOX, "flag"), actor: me(BOX), content: text,
      objects: [actor.id, ...objects.map((each) => new URL(each))],
    }));
  }

  // { as, name, summary, locked, aliases, successor, tell }: what is given changes.
  async function profile({ as, tell = true, ...changes }) {
    Object.assign(world.people.get(as), changes);
    if (!tell) return {};
    return send(as, ["followers"], new Update({
      id: world.next(as, "update"), actor: me(as), object: await federation.createContext(new Request(me(as))).getActor(as),
      tos: [PUBLIC_COLLECTION],
    }));
  }

  async function move({ as, target }) {
    const there = await lookActor(as, target);
    await profile({ as, successor: there.id.href, tell: false });
    return send(as, ["followers"], new Move({
      id: world.next(as, "move"), actor: me(as), object: me(as), target: there.id,
      tos: [ctx().getFollowersUri(as)],
    }));
  }

  // Any bytes to any inbox. { as, inbox, json, flavour, headers, body }: signed first, then `headers` and
  // `body` take the place of what was signed; of as null it is not signed. `skew`: seconds by which its
  // clock is wrong; `key`: what it calls its key.
  async function raw({
    as, inbox, json, flavour = "draft-cavage-http-signatures-12", headers = {}, body, skew = 0, key,
  }) {
    const text = typeof json === "string" ? json : JSON.stringify(json);
    let request = new Request(inbox, {
      method: "POST", body: text, headers: { "Content-Type": "application/activity+json" },
    });
    const currentTime = Temporal.Now.instant().add({ seconds: skew });
    if (as)
      request = await signRequest(request, keys.get(as)[0].privateKey, new URL(key ?? "#main-key", me(as)),
                                  { spec: flavour, currentTime });
    const changed = new Headers(request.headers);
    for (const [name, value] of Object.entries(headers))
      value === null ? changed.delete(name) : changed.set(name, value);
    const answered = await fetch(inbox, { method: "POST", headers: changed, body: body ?? text });
    return { status: answered.status, body: await answered.text() };
  }

  // A GET, signed by `as`, of null not. { as, url, accept }
  async function get({ as, url, accept = "application/activity+json", flavour = "draft-cavage-http-signatures-12" }) {
    let request = new Request(url, { headers: { Accept: accept }, redirect: "manual" });
    if (as)
      request = await signRequest(request, keys.get(as)[0].privateKey, new URL("#main-key", me(as)), { spec: flavour });
    const answered = await fetch(request);
    const bytes = Buffer.from(await answered.arrayBuffer());
    return {
      status: answered.status, type: answered.headers.get("content-type"), body: bytes.toString(),
      base64: bytes.toString("base64"), cache: answered.headers.get("cache-control"),
    };
  }

  // Its keys are new from now on, under their old ids.
  async function rotate({ as }) {
    keys.set(as, (await world.keys(as)).get(as));
    return {};
  }

  return {
    rotate, note, update, delete: remove, leave, undo, flag, profile, move, raw, get,
    follow: towards(Follow, "follow"), block: towards(Block, "block"),
    like: about(Like, "like"),
    announce: about(Announce, "announce", ({ as }, author) => ({
      tos: [PUBLIC_COLLECTION], ccs: [ctx().getFollowersUri(as), author.id],
    })),
    lookup: async ({ as, what }) => (await look(as, what)).toJsonLd(ctx()),
    followers: ({ as }) => [...world.followers.get(as).keys()],
    got: ({ after = 0 } = {}) => world.got.slice(after),
    holds: ({ id }) => ({ holds: world.holds.has(id) }), // a note of somebody elsewhere
    // { path, status, headers, body | base64 }, or { path, type, megabytes }: what a path answers from now on.
    page: ({ path, ...page }) => (world.pages.set(path, page), {}),
    // { answer: "accept" | "reject" | "none", secure: true: GETs have to be signed,
    //   fail: { times, status, retry_after }: of the next POSTs, only: "rfc9421" or "draft" signatures }
    settings: (changes) => Object.assign(world.settings, changes),
  };
}

// SPDX-License-Identifier: Apache-2.0
// Opens the console without a line: the shell from what is kept, the last state as it was.
import { kStart, mayKeep, startOf, withoutTexts } from './lib/kept.js';

const kShell = `waypost-shell-${VERSION}`;
const kState = 'waypost-state';

async function fill() {
  const cache = await caches.open(kShell);
  await cache.addAll(SHELL);
  await self.skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name !== kShell && name !== kState) await caches.delete(name);
  }
  await self.clients.claim();
}

// Files named by their hash never change. The page itself is asked for first: it may be newer.
async function shell(request, path) {
  const cache = await caches.open(kShell);
  if (path.startsWith('/assets/')) return (await cache.match(path)) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (e) {
    const kept = await cache.match(request.mode === 'navigate' ? '/' : path);
    if (kept) return kept;
    throw e;
  }
}

const jsonAnswer = (body, time) => new Response(JSON.stringify(body), {
  headers: { 'Content-Type': 'application/json', 'X-Waypost-Kept': String(time) } });

async function keep(url, path, body) {
  if (!mayKeep(path)) return;
  const cache = await caches.open(kState);
  await cache.put(url, jsonAnswer(withoutTexts(path, body), Date.now()));
}

async function keepAll(url, path, answer) {
  const body = await answer.json();
  if (path !== kStart) {
    await keep(url, path, body);
    return;
  }
  for (const [part, each] of Object.entries(body)) {
    const at = new URL(`/api${part}`, url);
    await keep(at.href, at.pathname, each);
  }
}

async function kept(request, path) {
  const cache = await caches.open(kState);
  if (path !== kStart) return cache.match(request.url);
  const found = await cache.match(new URL('/api/session', request.url).href);
  return found && jsonAnswer(startOf(await found.json()), found.headers.get('X-Waypost-Kept'));
}

async function state(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.ok && (mayKeep(path) || path === kStart)) await keepAll(request.url, path, answer.clone());
    return answer;
  } catch (e) {
    const found = await kept(request, path);
    if (found) return found;
    throw e;
  }
}

self.addEventListener('install', (e) => e.waitUntil(fill()));
self.addEventListener('activate', (e) => e.waitUntil(tidy()));
// What never ends, and what is read in pieces.
const passes = ['/api/events', '/api/live', '/tiles.pmtiles'];

self.addEventListener('fetch', (e) => {
  const { request } = e;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || passes.includes(pathname)) return;
  if (pathname.startsWith('/api/')) e.respondWith(state(request, pathname));
  else e.respondWith(shell(request, pathname));
});

// SPDX-License-Identifier: Apache-2.0
// Opens the console without a line: the shell from what is kept, the last state as it was.
import { mayKeep, withoutTexts } from './lib/kept.js';

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

async function keep(path, request, answer) {
  const headers = { 'Content-Type': 'application/json', 'X-Waypost-Kept': String(Date.now()) };
  const body = JSON.stringify(withoutTexts(path, await answer.json()));
  const cache = await caches.open(kState);
  await cache.put(request.url, new Response(body, { headers }));
}

async function state(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.ok && mayKeep(path)) await keep(path, request, answer.clone());
    return answer;
  } catch (e) {
    const kept = await (await caches.open(kState)).match(request.url);
    if (kept) return kept;
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

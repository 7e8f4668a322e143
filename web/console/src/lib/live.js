// SPDX-License-Identifier: Apache-2.0
// News of the box as server-sent events. The browser tries again by itself while the line is only
// cut; where the server refused, we do, later each time. An operator's page needs no polling.
import { signal } from '@preact/signals';
import { loadSession } from './api.js';
import { connection, heard } from './connection.js';
import { refreshShown } from './load.js';

export const live = signal(false);

const concerns = {
  delivery: (path) => /^\/(status|queue|messages|me\/messages)/.test(path),
  message: (path) => /^\/(status|queue|messages|me\/messages|alarms)/.test(path),
  transport: (path) => /^\/(status|neighbours)/.test(path),
};

let source = null;
let timer = 0;
let wait = 0;
let pending = new Set();
let soon = 0;

function news(kind) {
  pending.add(kind);
  if (soon) return;
  // Many come at once; asking once for all of them is enough.
  soon = setTimeout(() => {
    const kinds = [...pending];
    pending = new Set();
    soon = 0;
    refreshShown((path) => kinds.some((each) => concerns[each](path)));
  }, 500);
}

function later(what) {
  clearTimeout(timer);
  wait = Math.min((wait || 1000) * 2, 60000);
  timer = setTimeout(what, wait);
}

async function ask() {
  try {
    await loadSession();
    if (connection.peek().up) refreshShown();
  } catch { /* lost() was called */ }
}

function open() {
  source?.close();
  source = new EventSource('/api/events');
  source.onopen = () => {
    const again = !connection.peek().up || wait > 0;
    wait = 0;
    live.value = true;
    heard();
    if (again) refreshShown();
  };
  source.onerror = () => {
    live.value = false;
    source.close();
    // Says by connection whether it is the line, or only that nobody tells us news.
    ask();
    later(open);
  };
  for (const kind of Object.keys(concerns)) source.addEventListener(kind, () => news(kind));
}

// Villagers have no feed of the whole box: they are asked for only when the line was lost.
let watching = false;
export function watchLine(feed) {
  stopWatching();
  watching = true;
  if (feed) open();
  stopSubscription = connection.subscribe(({ up }) => {
    if (feed || !watching) return;
    if (up) wait = 0;
    else later(retry);
  });
}

let stopSubscription = () => {};
async function retry() {
  await ask();
  if (watching && !connection.peek().up) later(retry);
}

export function stopWatching() {
  watching = false;
  stopSubscription();
  source?.close();
  source = null;
  live.value = false;
  wait = 0;
  clearTimeout(timer);
}

// A phone that wakes up looks at once.
addEventListener('online', () => ask());
addEventListener('visibilitychange', () => {
  if (!document.hidden && watching) ask();
});

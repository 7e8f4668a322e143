// SPDX-License-Identifier: Apache-2.0
// News of the box as server-sent events: nothing is polled while they come. Where they do not, the
// page tries again, later each time, and looks itself meanwhile.
import { loadSession } from './api.js';
import { connection, heard } from './connection.js';
import { refreshShown } from './load.js';
import { hearStick } from './news.js';

const concerns = {
  delivery: (path) => /^\/(status|queue|messages|me\/messages|alarms|map)/.test(path),
  message: (path) => /^\/(status|queue|messages|me\/messages|alarms|map)/.test(path),
  transport: (path) => /^\/(status|neighbours|map)/.test(path),
  link: (path) => /^\/(status|neighbours|map)/.test(path),
  stick: (path) => /^\/couriers/.test(path),
};

let source = null;
let timer = 0;
let wait = 0;
let pending = new Set();
let soon = 0;
let lookedAt = 0;

// One piece of news is shown at once. Of many the box is not asked each time: it is small, and fifty
// pages may watch it.
const kAtOnce = 300;
const kBetween = 4000;

function look() {
  const kinds = [...pending];
  pending = new Set();
  soon = 0;
  lookedAt = Date.now();
  refreshShown((path) => kinds.some((each) => concerns[each](path)));
}

function news(kind) {
  pending.add(kind);
  if (!soon) soon = setTimeout(look, Math.max(kAtOnce, lookedAt + kBetween - Date.now()));
}

// How far a stick is comes four times a second, and says all that there is to say.
function hear(kind, data) {
  const more = kind !== 'stick' || hearStick(data);
  if (more) news(kind);
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
    wait = 0;
    heard();
    // What happened between the first look and now was told to nobody.
    refreshShown();
  };
  source.onerror = () => {
    source.close();
    // Says by connection whether it is the line, or only that nobody tells us news.
    ask();
    later(open);
  };
  for (const kind of Object.keys(concerns)) source.addEventListener(kind, ({ data }) => hear(kind, data));
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
  wait = 0;
  clearTimeout(timer);
}

// A phone that wakes up looks at once.
addEventListener('online', () => ask());
addEventListener('visibilitychange', () => {
  if (!document.hidden && watching) ask();
});

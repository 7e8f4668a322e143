// SPDX-License-Identifier: Apache-2.0
// News of the box as server-sent events: nothing is polled while they come. Where they do not, the
// page tries again, later each time, and looks itself meanwhile.
import { loadSession } from './api.js';
import { connection, heard } from './connection.js';
import { refreshShown } from './load.js';
import { hearStick } from './news.js';

const concerns = {
  delivery: (path) => /^\/(status|queue|messages|me\/messages|alarms|map)/.test(path),
  letter: (path) => path.startsWith('/me/messages'),
  transport: (path) => /^\/(status|health|neighbours|map)/.test(path),
  link: (path) => /^\/(status|neighbours|map)/.test(path),
  power: (path) => /^\/(status|health)/.test(path),
  stick: (path) => path.startsWith('/couriers'),
  missed: () => true,
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
  if (kind === 'power') loadSession().catch(() => { /* the line is gone: it is said */ });
  if (more) news(kind);
}

function later() {
  clearTimeout(timer);
  wait = Math.min((wait || 1000) * 2, 60000);
  timer = setTimeout(open, wait);
}

async function ask() {
  try {
    await loadSession();
    if (connection.peek().up) refreshShown();
  } catch { /* lost() was called */ }
}

// `after`: the number of the newest event before all that is shown was asked for. Later the page
// begins from now on, and looks itself at what was told to nobody meanwhile.
function open(after) {
  source?.close();
  source = new EventSource(after === undefined ? '/api/events' : `/api/events?after=${after}`);
  source.onopen = () => {
    wait = 0;
    heard();
    if (after === undefined) refreshShown();
  };
  source.onerror = () => {
    source.close();
    // Says by connection whether it is the line, or only that nobody tells us news.
    ask();
    later();
  };
  for (const kind of Object.keys(concerns)) source.addEventListener(kind, ({ data }) => hear(kind, data));
}

let watching = false;
export function watchLine(after) {
  stopWatching();
  watching = true;
  open(after);
}

export function stopWatching() {
  watching = false;
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

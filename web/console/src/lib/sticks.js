// SPDX-License-Identifier: Apache-2.0
// Sticks of couriers: what the list says of them, and what has been told since. Pure.

// Of a state the tone, and the words in the catalogue.
const states = { asking: 'warn', working: 'wait', safe: 'good', failed: 'bad', refused: 'off' };
const told = { asked: 'asking', began: 'working', progress: 'working', safe: 'safe', failed: 'failed' };
export const stickTone = (state) => states[state] ?? 'off';
export const stickKey = (state) => (state in states ? `stick.${state}` : 'stick.here');

// A folder of the settings is served like a stick, and nobody pulls it: of one that is done the box
// does not say that it is safe.
export const isFolder = ({ safe, text }) => safe && /^done\b/.test(text ?? '');

// News of a stick is newer than the list. What is only noticed changes nothing yet.
export function toldOf(stick, news) {
  const state = told[news?.what];
  if (!state) return stick;
  const all = Number(news.all_bytes ?? 0);
  const done = Number(news.bytes ?? 0);
  return {
    ...stick, state, safe: state === 'safe', text: news.words || stick.text,
    in: news.received ?? stick.in,
    out: news.sent ?? stick.out,
    progress: state === 'working' ? { phase: news.phase ?? '', done, all, share: all ? Math.min(1, done / all) : null } : null,
  };
}

export const stillTold = (told, sticks) => Object.fromEntries(Object.entries(told).filter(([id, news]) =>
  news.what === 'progress' && sticks.some((each) => each.id === id && each.state === 'working')));

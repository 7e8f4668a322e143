// SPDX-License-Identifier: Apache-2.0
// A store of a hundred thousand letters: how long lists and searches of it take.
import { calm, startGateway } from './gateway.js';
import { percentile } from './figures.js';
import { ask, claim, must } from './http.js';
import { letter, sendMails } from './mail.js';

const kLetters = 100_000;
const kRequests = 200;
const kPeople = 20;
const subjects = ['goat', 'bread', 'bridge', 'doctor', 'school', 'market', 'harvest', 'wedding', 'battery', 'roof'];
const words = ['water', 'road', 'rain', 'well', 'ford', 'mill', 'lamp', 'boat', 'seed', 'today', 'tomorrow', 'behind', 'under', 'again'];
const pick = (from, i) => from[i % from.length];

// Every second one is for the administrator, whose own letters are looked at; the others are for
// somebody else of the village.
const mailOf = (i) => {
  const of = (n) => `p${n % kPeople}@hill.example`;
  const rare = i % 1000 === 500 ? ' lighthouse' : '';
  return letter({ from: of(i), to: i % 2 ? of(i + 7) : 'carl@hill.example', subject: `${pick(subjects, i >> 1)} ${i}`,
    text: `Number ${i}. ${Array.from({ length: 60 }, (_, k) => pick(words, i + k * 5)).join(' ')}${rare}.`, number: i });
};

async function people(url, signedIn) {
  for (let i = 0; i < kPeople; i += 1) {
    await must(url, 'PUT', `/api/people/p${i}`, { ...signedIn, body: { name: `Person ${i}`, language: 'en' } });
  }
}

async function timed(url, path, signedIn) {
  const start = performance.now();
  const { status, body } = await ask(url, 'GET', path, signedIn);
  if (status !== 200) throw new Error(`${path}: ${status}`);
  return { ms: performance.now() - start, body };
}

// Page by page from the newest; where the letters end, anew.
async function scroll(url, signedIn) {
  const times = [];
  let before = 0;
  while (times.length < kRequests) {
    const { ms, body } = await timed(url, `/api/me/messages?box=in&limit=50${before ? `&before=${before}` : ''}`, signedIn);
    if (!body.messages.length) throw new Error('there are no letters to scroll');
    times.push(ms);
    before = body.next;
  }
  return times;
}

// A word of many letters, of few, and of none in turn, each search where the one before it ended.
async function search(url, path, [many, few, none], signedIn) {
  const times = [];
  const before = new Map();
  for (let i = 0; i < kRequests; i += 1) {
    const word = [many, few, none][i % 3];
    const from = before.get(word) ? `&before=${before.get(word)}` : '';
    const { ms, body } = await timed(url, `${path}limit=50&search=${word}${from}`, signedIn);
    times.push(ms);
    before.set(word, body.next);
  }
  return times;
}

function rowOf(figures, name, times, as) {
  figures.row(`${name}, p95`, percentile(times, 0.95), 'ms', { limit: 100, as,
    note: `of ${times.length}; median ${percentile(times, 0.5).toFixed(1)}, most ${Math.max(...times).toFixed(1)}` });
}

async function measure(gateway, figures) {
  const { url, smtp, pid } = gateway;
  const signedIn = await claim(gateway);
  await people(url, signedIn);
  const rate = await sendMails(smtp, { count: kLetters, sessions: 20, mailOf });
  figures.row('letters in the store', kLetters, '', { as: 'letters',
    note: `half of them one person's; put in by SMTP at ${Math.round(rate)} a second` });
  await calm(pid);
  rowOf(figures, 'own letters, scrolled', await scroll(url, signedIn), 'own_scroll_ms');
  rowOf(figures, 'own letters, searched', await search(url, '/api/me/messages?box=in&', ['goat', 'lighthouse', 'elephant'], signedIn), 'own_search_ms');
  rowOf(figures, 'envelopes of all, searched', await search(url, '/api/messages?', ['carl', 'p13@', 'elephant'], signedIn), 'envelopes_search_ms');
}

export async function letters(where, figures) {
  const gateway = await startGateway(where, '');
  try {
    await measure(gateway, figures);
  } finally {
    await gateway.stop();
  }
}

// SPDX-License-Identifier: Apache-2.0
// What a box with radios would answer, so that each screen of theirs has something to draw: the
// box of these tests has none. Times are those of now.
import { answerRange, tilesFile } from './tiles.js';

const kStep = 5 * 60000;
const ago = (minutes) => Date.now() - minutes * 60000;

// A day with two hours of which nothing is known, and one value alone in the middle of them.
function series(length, make) {
  const gap = (i) => i > length * 0.4 && i < length * 0.5 && i !== Math.round(length * 0.45);
  return Array.from({ length }, (_, i) => (gap(i) ? null : make(i)));
}

export function history(hours) {
  const step = hours > 24 ? 6 * kStep : kStep;
  const length = hours * 3600000 / step;
  return {
    from_ms: Date.now() - hours * 3600000, step_ms: step,
    transports: [
      { id: 'meshtastic', network: 'meshtastic', series: {
        airtime_ms: series(length, (i) => 900 + 800 * Math.sin(i / 9)), snr_db: series(length, (i) => -6 + 5 * Math.cos(i / 20)),
        loss: series(length, (i) => (i % 50 ? 2 : 30)), heard: series(length, (i) => 5 + (i % 3)), up: series(length, () => 1) } },
      { id: 'trunk.dale', network: 'email', series: { up: series(length, () => 0) } },
    ],
  };
}

export const transports = [
  { id: 'meshtastic', network: 'meshtastic', up: true, why: '', airtime_limited: true, airtime_used_ms: 21000, airtime_left_ms: 15000,
    tests_signal: true, details: { node: '!00000001', name: 'POST hill', firmware: '2.5.20', region: 'EU_868' } },
  { id: 'trunk.dale', network: 'email', up: false, why: 'no modem on /dev/ttyUSB0', airtime_limited: false, airtime_used_ms: 0, airtime_left_ms: 0,
    details: { neighbour: 'dale', 'heard, s ago': '7400' } },
];

export const map = {
  places: [
    { kind: 'box', name: 'Hill', latitude: 47.1234, longitude: 11.5678, metres: 0, at_ms: ago(9000), alarm: 0 },
    { kind: 'neighbour', name: 'dale', latitude: 47.1634, longitude: 11.6478, metres: 0, at_ms: ago(9000), alarm: 0 },
    { kind: 'neighbour', name: 'moor', latitude: 47.0934, longitude: 11.5078, metres: 0, at_ms: ago(9000), alarm: 0 },
    { kind: 'alarm', name: 'ana', latitude: 47.1334, longitude: 11.5978, metres: 400, at_ms: ago(6), alarm: 3 },
  ],
  links: [
    { from: 'Hill', to: 'dale', transport: 'trunk.dale', up: false, loss: 60, snr_db: -14, heard_ms: ago(125) },
    { from: 'Hill', to: 'moor', transport: 'trunk.moor', up: true, loss: 2, snr_db: 6.5, heard_ms: ago(1) },
  ],
  radios: [
    { transport: 'meshtastic', address: 'meshtastic:!a1b2c3d4', person: 'ana', name: 'Ana', heard_ms: ago(6), hops: 1, snr_db: -3.5 },
    { transport: 'meshtastic', address: 'meshtastic:!00ff00ff', person: '', name: '', heard_ms: ago(60), hops: 3, snr_db: -11 },
  ],
  tiles: false,
};

// There by Ana and by one that does not say who it is, and back at once.
export const signal = {
  state: 'answered', node: 'meshtastic:!00ff00ff', asked_ms: ago(2), why: '', took_ms: 4200,
  legs: [
    { from: 'meshtastic:!00000001', to: 'meshtastic:!a1b2c3d4', snr_db: 6.25 },
    { from: 'meshtastic:!a1b2c3d4', to: '', snr_db: null },
    { from: '', to: 'meshtastic:!00ff00ff', snr_db: -9.5 },
    { from: 'meshtastic:!00ff00ff', to: 'meshtastic:!00000001', snr_db: -12.75 },
  ],
};

export const couriers = {
  enabled: true,
  sticks: [
    { id: '1A2B-3C4D', label: 'red stick', state: 'safe', text: 'safe to pull, 3 came, 5 went', in: 3, out: 5, bytes: 81234, free: 7.4e9, safe: true, at_ms: ago(2) },
    { id: '9F8E-7D6C', label: 'NO NAME', state: 'asking', text: 'not known here', in: 0, out: 0, bytes: 0, free: 0, safe: false, at_ms: ago(1) },
    { id: '5555-AAAA', label: 'blue stick', state: 'working', text: 'do not pull: writing 40 %', in: 1, out: 2, bytes: 4000, free: 1e9, safe: false, at_ms: ago(0) },
    { id: '6666-BBBB', label: '', state: 'failed', text: 'failed: no room', in: 0, out: 0, bytes: 0, free: 0, safe: false, at_ms: ago(4) },
  ],
};

const events = (all) => `: live\n\n${all.map(([kind, data]) => `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`).join('')}`;

export const live = () => events([
  ['log', { at_ms: ago(3), level: 'info', component: 'trunk', event: 'link up', fields: { neighbour: 'dale' } }],
  ['log', { at_ms: ago(1), level: 'warning', component: 'email', event: 'deferred', fields: { id: '42' } }],
  ['log', { at_ms: ago(0), level: 'error', component: 'store', event: 'disk full', fields: {} }],
  ['packet', { at_ms: ago(2), transport: 'meshtastic', direction: 'in', bytes: 48, text: 'position from !a1b2c3d4', snr_db: -3.25, rssi_dbm: -101 }],
  ['packet', { at_ms: ago(1), transport: 'meshtastic', direction: 'out', bytes: 31, text: 'letter to !a1b2c3d4, 1 of 2' }],
]);

// In the place of the box's own answers. `change` gives other ones, by the name of the answer.
export async function answerRadios(page, change = {}) {
  const json = (body) => (route) => route.fulfill({ json: body });
  await page.route('**/api/status', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...await answer.json(), transports } });
  });
  await page.route('**/api/start', async (route) => {
    const answer = await route.fetch();
    const parts = await answer.json();
    if (parts['/status']) parts['/status'] = { ...parts['/status'], transports };
    await route.fulfill({ response: answer, json: parts });
  });
  await page.route('**/api/history?*', (route) => route.fulfill({ json: change.history ?? history(Number(new URL(route.request().url()).searchParams.get('hours'))) }));
  await page.route('**/api/map', json(change.map ?? map));
  await page.route('**/api/radios/*/test', (route) => route.fulfill({ json: route.request().method() === 'GET' ? change.signal ?? signal : {} }));
  await page.route('**/api/couriers', json(change.couriers ?? couriers));
  await page.route('**/api/live?*', (route) => route.fulfill({ contentType: 'text/event-stream', body: live() }));
  const file = change.tiles ?? tilesFile();
  await page.route('**/tiles.pmtiles', (route) => route.fulfill(answerRange(file, route.request().headers().range)));
}

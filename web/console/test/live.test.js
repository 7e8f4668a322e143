// SPDX-License-Identifier: Apache-2.0
// Lines of the live screen, radios, and sticks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addLines, lineOf, matchingLines, transportsOf } from '../src/lib/lines.js';
import { airtimeShare, heardAt, nodesOf, radiosOf } from '../src/lib/radios.js';
import { isFolder, stickKey, stickTone, stillTold, toldOf } from '../src/lib/sticks.js';

const log = (at_ms, event, fields = {}) => lineOf('log', { at_ms, level: 'info', component: 'trunk', event, fields });
const packet = (at_ms, text) => lineOf('packet', { at_ms, transport: 'meshtastic', direction: 'in', bytes: 20, text });

test('lines stand in the order of time, each once, the newest so many', () => {
  const first = addLines([], [log(1, 'a'), log(3, 'c'), packet(2, 'b')]);
  assert.deepEqual(first.map((each) => each.at_ms), [1, 2, 3]);
  assert.equal(addLines(first, [log(1, 'a'), packet(2, 'b')]), first, 'what is told again is not shown again');
  const many = addLines(first, Array.from({ length: 600 }, (_, i) => log(10 + i, 'x')));
  assert.equal(many.length, 500);
  assert.equal(many[499].at_ms, 609);
});

test('lines are found by words, way and kind', () => {
  const lines = [log(1, 'link up', { neighbour: 'dale' }), packet(2, 'telemetry from !a1b2'), log(3, 'sent', { transport: 'meshtastic' })];
  const times = (wish) => matchingLines(lines, wish).map((each) => each.at_ms);
  assert.deepEqual(times({ text: 'UP dale' }), [1]);
  assert.deepEqual(times({ transport: 'meshtastic' }), [2, 3]);
  assert.deepEqual(times({ kind: 'packet' }), [2]);
  assert.deepEqual(times({}), [1, 2, 3]);
  assert.deepEqual(transportsOf(lines), ['meshtastic', 'trunk']);
  assert.equal(lines[0].text, 'trunk link up neighbour=dale');
});

test('radios and links among the ways of the box', () => {
  const all = [{ id: 'meshtastic' }, { id: 'trunk.dale' }, { id: 'email' }, { id: 'mailbox.post' }, { id: 'mailserver.main' }, { id: 'nncp' },
    { id: 'xmpp.home' }, { id: 'xmpp_account.ana' }, { id: 'activitypub.home' }, { id: 'fediverse_account.ana' },
    { id: 'exec.sms' }, { id: 'sensors.well' }, { id: 'lorawan.roof' }];
  assert.deepEqual(radiosOf(all).map((each) => each.id), ['meshtastic', 'trunk.dale']);
  assert.equal(airtimeShare({ airtime_used_ms: 9000, airtime_left_ms: 27000 }), 0.25);
  assert.equal(airtimeShare({ airtime_used_ms: 9000, airtime_left_ms: -1000 }), 1);
  assert.equal(airtimeShare({ airtime_used_ms: 0, airtime_left_ms: 0 }), null);
});

test('when a radio last heard something', () => {
  const nodes = [{ transport: 'meshtastic', heard_ms: 5000 }, { transport: 'meshtastic', heard_ms: 9000 }, { transport: 'trunk.dale', heard_ms: 9500 }];
  assert.equal(heardAt({ id: 'meshtastic' }, nodes, 10000), 9000);
  assert.equal(heardAt({ id: 'trunk.moor', details: { 'heard, s ago': '3' } }, nodes, 10000), 7000);
  assert.equal(heardAt({ id: 'trunk.moor', details: {} }, nodes, 10000), 0);
  assert.equal(heardAt({ id: 'meshtastic', heard_ms: 9700 }, nodes, 10000), 9700, 'what was for nobody here too');
  assert.deepEqual(nodesOf(nodes, 'meshtastic').map((each) => each.heard_ms), [9000, 5000]);
});

test('news of a stick are newer than the list, and never call safe what is not', () => {
  const stick = { id: 's', state: 'asking', safe: false, text: 'old' };
  assert.equal(toldOf(stick, undefined), stick);
  assert.equal(toldOf(stick, { what: 'noticed' }), stick);
  const busy = toldOf({ ...stick, safe: true }, { what: 'progress', phase: 'writing', bytes: 50, all_bytes: 200, words: 'do not pull' });
  assert.equal(busy.state, 'working');
  assert.equal(busy.safe, false);
  assert.deepEqual(busy.progress, { phase: 'writing', done: 50, all: 200, share: 0.25 });
  assert.equal(toldOf(stick, { what: 'safe', received: 2, sent: 1 }).safe, true);
  assert.equal(toldOf(stick, { what: 'failed' }).safe, false);
  assert.ok(isFolder({ safe: true, text: 'done, 3 came, 1 went' }));
  assert.ok(!isFolder({ safe: true, text: 'safe to pull, 3 came, 1 went' }));
  const told = { s: { what: 'progress' }, u: { what: 'safe' }, v: { what: 'progress' } };
  assert.deepEqual(Object.keys(stillTold(told, [{ id: 's', state: 'working' }, { id: 'u', state: 'safe' }, { id: 'v', state: 'safe' }])), ['s']);
  assert.equal(stickKey('of a newer release'), 'stick.here');
  assert.equal(stickTone('of a newer release'), 'off');
});

// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, packetsOf, plainAddress, recipientsOf, tame } from '../src/lib/text.js';

test('bytes are those of UTF-8', () => {
  assert.equal(bytesOf('ana'), 3);
  assert.equal(bytesOf('باكو'), 8);
  assert.equal(bytesOf('🏠'), 4);
});

test('no letter is cut between two packets', () => {
  assert.equal(packetsOf(''), 0);
  assert.equal(packetsOf('a'.repeat(130)), 1);
  assert.equal(packetsOf('a'.repeat(131)), 2);
  // 32 houses of 4 bytes fill 128 of 130; the 33rd begins a packet.
  assert.equal(packetsOf('🏠'.repeat(32)), 1);
  assert.equal(packetsOf('🏠'.repeat(33)), 2);
});

test('stacked marks are cut, what scripts need stays', () => {
  const wild = tame(`a${'\u0301'.repeat(10000)}b`);
  assert.equal(wild.cut, true);
  assert.equal(wild.shown, `a${'\u0301'.repeat(8)}b`);
  for (const each of ['Zoë', 'हिन्दी', 'ที่นี่', 'مُحَمَّدٌ', 'שָׁלוֹם']) assert.deepEqual(tame(each), { shown: each, cut: false });
});

test('marks that turn text around are left out', () => {
  assert.equal(tame('\u202egpj.exe').shown, 'gpj.exe');
  assert.equal(tame(null).shown, '');
});

test('recipients', () => {
  assert.deepEqual(recipientsOf('bob@x.org, @ana ana; <zoe@x.org>'), ['bob@x.org', 'ana', 'zoe@x.org']);
  assert.deepEqual(recipientsOf('ana، bob'), ['ana', 'bob']);
  assert.deepEqual(recipientsOf('  '), []);
  assert.deepEqual(recipientsOf('xmpp:bob@x.org meshtastic:!a1b2c3d4'), ['xmpp:bob@x.org', 'meshtastic:!a1b2c3d4']);
});

test('addresses as people say them', () => {
  assert.equal(plainAddress('mailto:bob@x.org'), 'bob@x.org');
  assert.equal(plainAddress('person:ana'), 'ana');
  assert.equal(plainAddress('meshtastic:!a1b2c3d4'), 'meshtastic:!a1b2c3d4');
});

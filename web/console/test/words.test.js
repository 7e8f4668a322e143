// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayKeep, withoutTexts } from '../src/lib/kept.js';
import { isFrom, letterOf, worstState } from '../src/lib/letters.js';
import { bestLanguage, fill, isolate, placeholders } from '../src/lib/pattern.js';
import { proofOf, wayOf } from '../src/lib/trace.js';
import { actionsFor, deviceOf, errorKey, eventKey, privacyTone, stateKey } from '../src/lib/words.js';
import { barOf, hereInBar, isHere, menuOf } from '../src/shell/menu.js';

test('values stand in a sentence with their own direction', () => {
  assert.equal(fill('to {who} at {time}', { who: 'باكو', time: '8' }), `to ${isolate('باكو')} at ${isolate('8')}`);
  assert.equal(fill('{who}', { other: 1 }), '{who}');
  assert.equal(fill('{a}', { a: '{b}', b: 'x' }), isolate('{b}'), 'a value is no pattern');
  assert.deepEqual(placeholders('{b} of {a}'), ['a', 'b']);
});

test('the language that a browser asks for first', () => {
  assert.equal(bestLanguage(['de-CH', 'pt-BR', 'en'], ['en', 'pt'], 'en'), 'pt');
  assert.equal(bestLanguage(['de'], ['en', 'pt'], 'pt'), 'pt');
  assert.equal(bestLanguage(['de'], ['en'], 'xx'), 'en');
});

test('a trace is the way of each copy', () => {
  const way = wayOf({
    from: 'meshtastic:!1', network: 'meshtastic', privacy: 'to the gateway', created_ms: 5,
    deliveries: [{ id: 7, state: 'delivered' }],
    events: [{ event: 'accepted', delivery: 0, proof: 'observed' }, { event: 'sent', delivery: 7, proof: 'observed' },
      { event: 'delivered', delivery: 7, proof: 'reported' }],
  });
  assert.equal(way.here.length, 1);
  assert.equal(way.legs[0].events.length, 2);
  assert.equal(proofOf(way.legs[0]), 'reported');
  assert.equal(proofOf({ state: 'read', events: way.legs[0].events }), undefined, 'no proof is claimed without an event');
});

test('words of the API', () => {
  assert.equal(stateKey('held'), 'state.held');
  assert.equal(stateKey('of a newer release'), 'state.unknown');
  assert.equal(eventKey('sender told'), 'event.sender_told');
  assert.equal(eventKey('late sent'), '');
  assert.equal(errorKey('not-found'), 'error.not_found');
  assert.equal(errorKey('what'), 'error.other');
  assert.equal(privacyTone('in clear'), 'warn');
  assert.equal(privacyTone('to the recipient'), 'good');
  assert.equal(privacyTone(''), 'off', 'what is not known is not called good');
  assert.deepEqual(actionsFor('held'), ['release', 'cancel']);
  assert.deepEqual(actionsFor('ready'), ['bump', 'hold', 'cancel']);
  assert.deepEqual(actionsFor('delivered'), []);
});

test('devices in few words', () => {
  assert.equal(deviceOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36'), 'Chrome, Linux');
  assert.equal(deviceOf('Mozilla/5.0 (Android 9; Mobile; rv:120.0) Gecko/120.0 Firefox/120.0'), 'Firefox, Android');
  assert.equal(deviceOf('waypost'), 'waypost');
});

test('villagers find their own things only', () => {
  const paths = (role) => menuOf(role).flatMap((group) => group.entries.map((each) => each.path));
  assert.deepEqual(paths('villager'), ['/inbox', '/sent', '/write', '/me']);
  assert.ok(!paths('operator').includes('/audit'));
  assert.ok(paths('admin').includes('/audit'));
  assert.ok(!paths('operator').includes('/tokens'));
  assert.ok(paths('admin').includes('/tokens'));
  assert.ok(barOf('admin').length <= 5);
  assert.ok(isHere('/people', '/people/ana'));
  assert.ok(!isHere('/', '/people'));
  assert.equal(hereInBar('admin', '/groups/news'), '/more');
  assert.equal(hereInBar('admin', '/'), '/');
});

test('kept without a line: no text of somebody else', () => {
  for (const each of ['/api/messages', '/api/messages/7/trace', '/api/alarms', '/api/groups/news/posts', '/api/audit']) {
    assert.equal(mayKeep(each), false, each);
  }
  assert.equal(mayKeep('/api/me/messages'), true);
  assert.equal(mayKeep('/api/me/messages/12'), true);
  assert.equal(withoutTexts('/api/status', { neighbours_alarms: [{ text: 'flood' }] }).neighbours_alarms[0].text, '');
  assert.equal(withoutTexts('/api/session', { csrf: 'x' }).csrf, '');
});

test('a letter from a list and a whole one look the same', () => {
  const deliveries = [{ to: 'mailto:bob@x.org', state: 'delivered' }, { to: 'person:ana', state: 'held' }];
  for (const each of [{ id: 1, deliveries }, { id: 1, trace: { deliveries } }]) {
    const letter = letterOf(each);
    assert.deepEqual(letter.to, ['mailto:bob@x.org', 'person:ana']);
    assert.equal(letter.state, 'held');
  }
  assert.equal(letterOf({ to: ['ana'], state: 'read' }).state, 'read');
  assert.equal(worstState([]), '');
  assert.ok(isFrom({ from: 'mailto:ana@hill.example' }, { handle: 'ana', domain: 'hill.example' }));
  assert.ok(!isFrom({ from: 'gateway' }, { handle: 'ana', domain: 'hill.example' }));
});

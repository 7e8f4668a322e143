// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import {
  accountChanges, cameBack, guessedHosts, hostOf, mailSection, nextOpen, openOf, placeOf, relayChanges, serverOf, stepsOf, testAddress, testToken, troubleOf,
} from '../src/lib/setup.js';

// Every browser has it; Debian's Node.js 18 keeps it in a module.
globalThis.crypto ??= webcrypto;

test('steps', () => {
  const steps = stepsOf({ steps: [{ name: 'place', state: 'done' }, { name: 'radios', state: 'skipped' }, { name: 'mail', state: '' }] }, true);
  assert.deepEqual(steps.map((each) => each.state), ['done', 'done', 'skipped', '', '', '']);
  assert.deepEqual(openOf(steps).map((each) => each.name), ['mail', 'people', 'backup']);
  assert.equal(nextOpen(steps, 'mail'), 'people');
  assert.equal(nextOpen(steps, 'backup'), 'mail');
  assert.equal(nextOpen(stepsOf({ steps: [] }, false), 'language'), 'place');
  const image = stepsOf({ steps: [{ name: 'wifi', state: '' }] }, true);
  assert.equal(nextOpen(image, 'place'), 'wifi', 'a box from a disk image has a Wi-Fi');
  assert.equal(nextOpen([{ name: 'mail', state: '' }], 'mail'), '', 'the one that ends is not the next');
});

test('servers as people write them', () => {
  assert.equal(serverOf('imap.x.org', 'imap'), 'imaps:imap.x.org:993');
  assert.equal(serverOf(' mail.x.org:143 ', 'imap'), 'imap:mail.x.org:143');
  assert.equal(serverOf('mail.x.org:995', 'imap'), 'pop3s:mail.x.org:995');
  assert.equal(serverOf('imaps:mail.x.org:993', 'imap'), 'imaps:mail.x.org:993');
  assert.equal(serverOf('mail.x.org:2993', 'imap'), 'imaps:mail.x.org:2993');
  assert.equal(serverOf('smtp.x.org', 'smtp'), 'smtps:smtp.x.org:465');
  assert.equal(serverOf('smtp.x.org:587', 'smtp'), 'smtp:smtp.x.org:587');
  assert.equal(serverOf('mail.x.org', 'relay'), 'smtp:mail.x.org:587');
  assert.equal(serverOf('', 'smtp'), '');
  assert.equal(hostOf('imaps:imap.x.org:993'), 'imap.x.org:993');
  assert.deepEqual(guessedHosts('hill@x.org'), { server: 'imap.x.org', smtp: 'smtp.x.org' });
  assert.deepEqual(guessedHosts('hill@'), { server: '', smtp: '' });
});

const by = (changes) => Object.fromEntries(changes.map((each) => [each.key, each.unset ? null : each.value ?? each.values ?? each.secret]));

test('an account in few fields', () => {
  const changes = accountChanges('mailbox.post', { address: ' hill@x.org ', server: '', smtp: 'out.x.org:587', user: '', plus: true, password: 'p w' });
  assert.deepEqual(by(changes), { address: 'hill@x.org', server: 'imaps:imap.x.org:993', smtp: 'smtp:out.x.org:587',
    security: null, user: null, separator: '+', password_file: 'p w' });
  assert.ok(changes.every((each) => each.section === 'mailbox.post'));
  assert.ok(!('password_file' in by(accountChanges('mailbox.post', { address: 'a@b.org', password: '' }))), 'no password: it stays');
  assert.equal(by(accountChanges('m', { address: 'a@b.org', server: '127.0.0.1:143' })).security, 'plain');
});

test('a relay', () => {
  assert.deepEqual(by(relayChanges('email.relay', { smtp: 'mail.x.org', user: 'hill', password: 'p', listen: 'smtp:0.0.0.0:25' })),
    { smarthost: 'smtp:mail.x.org:587', security: 'starttls', user: 'hill', password_file: 'p', listen: ['smtp:0.0.0.0:25'] });
  assert.equal(by(relayChanges('e', { smtp: 'mail.x.org:465' })).security, 'tls');
  assert.equal(by(relayChanges('e', { smtp: '127.0.0.1:25' })).security, 'plain');
});

test('the account that is there is changed', () => {
  const section = (name, values) => ({ name, settings: Object.entries(values).map(([key, value]) => ({ key, value })) });
  const all = [section('mailbox.ana', { person: 'ana', address: 'ana@x.org' }), section('mailbox.village', { person: '', address: 'hill@x.org' }), section('email.in', { smarthost: '' }),
    { name: 'email.out', settings: [{ key: 'smarthost', value: 'smtp:x.org:587' }, { key: 'listen', value: 'smtp:a:25, smtp:b:25', values: ['smtp:a:25', 'smtp:b:25'] }] }];
  assert.equal(mailSection(all, 'mailbox').name, 'mailbox.village');
  assert.equal(mailSection(all, 'mailbox').of('address'), 'hill@x.org');
  assert.equal(mailSection(all, 'email').of('listen'), 'smtp:a:25');
  assert.deepEqual([mailSection([], 'email').name, mailSection([], 'email').there], ['email.relay', false]);
});

test('the test mail finds back to who sent it', () => {
  assert.equal(testAddress('hill@x.org', true, 'carl'), 'hill+carl@x.org');
  assert.equal(testAddress('hill@x.org', false, 'carl'), 'hill@x.org');
  assert.equal(testToken((bytes) => bytes.fill(255)).length, 10);
  assert.match(testToken(), /^[a-z2-9]{10}$/);
});

test('the box finds its own mail in the mailbox', () => {
  const line = { component: 'mailbox', event: 'left', fields: { transport: 'mailbox.post', why: 'this mail goes round in a circle' } };
  assert.ok(cameBack(line, 'mailbox.post'));
  assert.ok(!cameBack(line, 'mailbox.ana'));
  assert.ok(!cameBack({ ...line, event: 'pause' }, 'mailbox.post'));
  assert.ok(!cameBack({ ...line, fields: { transport: 'mailbox.post', why: 'larger than 5 bytes (max_message)' } }, 'mailbox.post'));
});

test('what does not work, in plain words', () => {
  assert.equal(troubleOf('mailbox: [AUTHENTICATIONFAILED] Invalid credentials'), 'password');
  assert.equal(troubleOf('the relay refused the password'), 'password');
  assert.equal(troubleOf('Host not found: imap.x.org'), 'name');
  assert.equal(troubleOf('certificate verify failed'), 'certificate');
  assert.equal(troubleOf('Connection refused'), 'line');
  assert.equal(troubleOf('the provider did not answer in time'), 'line');
  assert.equal(troubleOf('mailbox is full'), 'other');
});

test('a place', () => assert.equal(placeOf({ latitude: -1.29207, longitude: 36.82191 }), '-1.2921, 36.8219'));

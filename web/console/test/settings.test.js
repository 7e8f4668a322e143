// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changesOf, checked, choicesOf, durationOf, freshSection, inputOf, matching, overtaken, problemsBy, rebased, sizeOf, textOf, withTyped, wrongWith,
} from '../src/lib/settings.js';

const setting = (kind, more = {}) => ({
  key: 'k', kind, value: '', fallback: '', range: '', unit: '', help: 'what it does', required: false, own: false, by_default: false, ...more,
});

test('each kind has its input', () => {
  assert.equal(inputOf('boolean').as, 'check');
  assert.equal(inputOf('choice').as, 'select');
  assert.equal(inputOf('list').as, 'textarea');
  assert.equal(inputOf('integer').inputMode, 'numeric');
  assert.equal(inputOf('secret-file').type, 'password');
  assert.equal(inputOf('text').dir, 'auto');
  for (const each of ['path', 'address', 'duration', 'bytes', 'of a newer release']) {
    assert.deepEqual([inputOf(each).as, inputOf(each).dir], ['input', 'ltr'], each);
  }
  assert.deepEqual(choicesOf(setting('choice', { range: 'plain|tls' })), ['plain', 'tls']);
});

test('values as texts', () => {
  assert.equal(textOf(setting('list', { value: 'a, b', values: ['a', 'b'] })), 'a\nb');
  assert.equal(textOf(setting('list', {})), '');
  assert.equal(textOf(setting('secret-file', { value: 'x.password' })), '', 'the name of a file is no secret to go on with');
  assert.equal(textOf(setting('text', { value: 'Hill' })), 'Hill');
});

test('times and sizes are those of the box', () => {
  assert.equal(durationOf('2500ms'), 2500);
  assert.equal(durationOf('2h'), 7200e3);
  assert.equal(sizeOf('64KiB'), 65536);
  assert.equal(sizeOf('7'), 7);
  for (const each of ['', '5', '1.5h', '-1s', '1 h', 'h', '1w']) assert.ok(Number.isNaN(durationOf(each)), each);
  for (const each of ['', '1kb', 'KiB', '1.5MiB']) assert.ok(Number.isNaN(sizeOf(each)), each);
});

test('what is wrong is seen before the box is asked', () => {
  const port = setting('integer', { range: '1..65535' });
  assert.equal(wrongWith(port, '80'), '');
  assert.equal(wrongWith(port, ' 80 '), '');
  assert.equal(wrongWith(port, '0'), 'settings.wrong.range');
  assert.equal(wrongWith(port, 'eighty'), 'settings.wrong.integer');
  assert.equal(wrongWith(port, ''), '', 'empty: as the box has it');
  assert.equal(wrongWith(setting('integer', { range: '-9..30' }), '-9'), '');
  const time = setting('duration', { range: '1s..10m' });
  assert.equal(wrongWith(time, '11m'), 'settings.wrong.range');
  assert.equal(wrongWith(time, '600s'), '');
  assert.equal(wrongWith(time, '60'), 'settings.wrong.duration');
  assert.equal(wrongWith(setting('bytes', { range: '1KiB..1GiB' }), '2GiB'), 'settings.wrong.range');
  assert.equal(wrongWith(setting('text', { required: true }), ' '), 'settings.wrong.empty');
  assert.equal(wrongWith(setting('secret-file', { required: true, value: 'there' }), ''), '');
  assert.equal(wrongWith(setting('secret-file', { required: true }), ''), 'settings.wrong.empty');
});

test('a draft is what differs', () => {
  const village = setting('text', { key: 'village', value: 'Hill' });
  const draft = withTyped({}, village, 'Hills');
  assert.deepEqual(draft, { village: { text: 'Hills', was: 'Hill' } });
  assert.deepEqual(withTyped(draft, village, 'Hill'), {});
  const changed = { ...village, value: 'Dale' };
  assert.deepEqual(overtaken(draft, [village]), []);
  assert.deepEqual(overtaken(draft, [changed]), ['village']);
  assert.deepEqual(rebased(draft, [changed]), { village: { text: 'Hills', was: 'Dale' } });
  assert.deepEqual(rebased(draft, [{ ...village, value: 'Hills' }]), {}, 'somebody else typed the same');
});

test('values become changes', () => {
  const all = [
    setting('text', { key: 'village', value: 'Hill', own: true }), setting('list', { key: 'operators', value: 'ana', values: ['ana'] }),
    setting('secret-file', { key: 'password_file', value: 'a.password' }), setting('boolean', { key: 'approval', value: 'false' }),
    setting('text', { key: 'quiet', value: '22:00-06:00' }), setting('integer', { key: 'most', value: '5', by_default: true }),
  ];
  const typed = { village: 'Dale ', operators: 'ana\n\n bob ', password_file: ' s3cret', approval: 'true' };
  const draft = Object.entries(typed).reduce((so_far, [key, text]) => withTyped(so_far, all.find((each) => each.key === key), text), {});
  assert.deepEqual(changesOf('box', all, draft), [
    { section: 'box', key: 'village', value: 'Dale' },
    { section: 'box', key: 'operators', values: ['ana', 'bob'] },
    { section: 'box', key: 'password_file', secret: ' s3cret' },
    { section: 'box', key: 'approval', value: 'true' },
  ]);
  const emptied = ['village', 'quiet', 'most'].reduce((so_far, key) => withTyped(so_far, all.find((each) => each.key === key), ''), {});
  assert.deepEqual(changesOf('box', all, emptied), [
    { section: 'box', key: 'village', unset: true },
    { section: 'box', key: 'quiet', value: '' },
    { section: 'box', key: 'most', unset: true },
  ], 'what the file of the box says is taken back by an empty text only');
  assert.deepEqual(changesOf('box', all, withTyped(withTyped({}, all[2], 'x'), all[2], '')), []);
});

test('of a new section all that is needed is asked', () => {
  const fresh = freshSection({ name: 'mailbox', help: 'an account', settings: [
    setting('text', { key: 'address', required: true }), setting('integer', { key: 'connections', fallback: '1' })] }, 'post');
  assert.equal(fresh.name, 'mailbox.post');
  assert.deepEqual(checked(fresh.settings, {}, { fresh: true }), { address: 'settings.wrong.empty' });
  assert.deepEqual(checked(fresh.settings, {}), {});
  assert.deepEqual(changesOf(fresh.name, fresh.settings, withTyped({}, fresh.settings[0], 'a@b.example')),
    [{ section: 'mailbox.post', key: 'address', value: 'a@b.example' }]);
});

test('what the box finds stands beside its field', () => {
  const all = [setting('text', { key: 'server' }), setting('text', { key: 'smtp' })];
  assert.deepEqual(problemsBy([{ at: 'mailbox.post.server', text: 'no such server' }, { at: 'page.toml:3', text: 'smtp must be a text' },
    { at: 'page.toml:1', text: '[mailbox.post] needs server: where mail is read' }, { at: 'page.toml', text: 'something else' }], 'mailbox.post', all), {
    server: 'no such server\n[mailbox.post] needs server: where mail is read', smtp: 'smtp must be a text', '': 'page.toml: something else',
  });
});

test('search', () => {
  const sections = [{ name: 'box', help: 'Who this box is.', settings: [setting('text', { key: 'domain' }), setting('text', { key: 'village', help: 'its name' })] }];
  assert.deepEqual(matching(sections, 'its vill')[0].shown.map((each) => each.key), ['village']);
  assert.equal(matching(sections, 'nothing').length, 0);
  assert.equal(matching(sections, '')[0].shown.length, 2);
});

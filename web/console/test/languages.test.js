// SPDX-License-Identifier: Apache-2.0
// All catalogues have the same keys and placeholders, the page uses each, and no text is in code.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { placeholders } from '../src/lib/pattern.js';

const home = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(home, 'languages'));
const all = Object.fromEntries(files.map((each) => [each.slice(0, 2), JSON.parse(readFileSync(join(home, 'languages', each), 'utf8'))]));
const sources = readdirSync(join(home, 'src'), { recursive: true }).filter((each) => /\.jsx?$/.test(each))
  .map((each) => [each, readFileSync(join(home, 'src', each), 'utf8')]);

test('eight languages', () => {
  assert.deepEqual(Object.keys(all).sort(), ['ar', 'en', 'es', 'fr', 'hi', 'pt', 'sw', 'uk']);
});

for (const [name, texts] of Object.entries(all)) {
  test(`${name} has the keys and placeholders of English`, () => {
    assert.deepEqual(Object.keys(texts), Object.keys(all.en));
    for (const [key, text] of Object.entries(texts)) {
      assert.ok(text.trim(), key);
      assert.deepEqual(placeholders(text), placeholders(all.en[key]), key);
      assert.doesNotMatch(text, /[<>]/, key);
    }
  });
  test(`${name} is no copy of English`, () => {
    if (name === 'en') return;
    const same = Object.keys(texts).filter((key) => texts[key] === all.en[key]);
    assert.ok(same.length < 15, same.join(' '));
  });
}

test('every key that the page asks for is there, and every key is asked for', () => {
  const code = sources.map(([, text]) => text).join('\n');
  const fixed = [...code.matchAll(/\bt\('([^']+)'/g)].map((each) => each[1]);
  for (const each of fixed) assert.ok(each in all.en, each);
  // portal.: of the page for who is new in the box's Wi-Fi, which the gateway makes.
  const prefixes = [...code.matchAll(/`((?:[a-z_]+\.)+)\$\{/g)].map((each) => each[1]).concat('mode.', 'portal.', 'post.');
  const quoted = new Set([...code.matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)].map((each) => each[1]));
  for (const key of Object.keys(all.en)) {
    assert.ok(fixed.includes(key) || quoted.has(key) || prefixes.some((each) => key.startsWith(each)), `${key} is not used`);
  }
});

test('no words in the code', () => {
  for (const [name, text] of sources.filter(([each]) => each.endsWith('.jsx'))) {
    const found = [...text.matchAll(/>\s*([A-Za-z]{3,}[^<>{}()=;]*)\s*</g)].map((each) => each[1].trim());
    assert.deepEqual(found, [], name);
  }
});

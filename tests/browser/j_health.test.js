// SPDX-License-Identifier: Apache-2.0
// The Health screen with everything that can be wrong, in each language: what it is, what to do,
// who is told. The answers are such a box's; the real one is asked first.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, fits, openBrowser, openPage, phone, picture, settled, touchable, unroll, url, wide, words } from './browser.js';
import { api, signInAdmin, speak } from './village.js';

const kinds = ['way', 'letters', 'disk', 'store', 'backup', 'clock', 'airtime', 'settings', 'certificate', 'neighbour'];
const named = { way: 'meshtastic.roof', letters: 'email', airtime: 'meshtastic.roof', neighbour: 'dale' };
const matters = kinds.map((kind, i) => ({
  kind, of: named[kind] ?? '', text: '', detail: kind === 'way' ? 'no answer from /dev/ttyUSB0' : '', grave: kind === 'disk', since_ms: Date.now() - i * 3600000,
}));
const ill = { health: 'down', matters, told: [{ who: 'carl', radio: true, mail: true }, { who: 'ana', radio: false, mail: false, other: true }, { who: 'quentin', radio: false, mail: false, other: false }] };
const said = { way: 'needs.down', disk_full: 'needs.disk', store: 'needs.store', clock: 'needs.time' };

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

async function enter(viewport, answer) {
  const opened = await openPage(browser, { viewport, serviceWorkers: 'block' });
  await signInAdmin(opened.page);
  if (answer) await opened.page.route('**/api/health/matters', (route) => route.fulfill({ json: answer }));
  return opened;
}

async function open(page, path) {
  await page.goto(`${url}/${path}`);
  await settled(page);
}

test('a box that is well says so, and that nobody would be told', async () => {
  const { page, wrong } = await enter(phone);
  await speak(page, 'en');
  const real = await api(page, 'GET', '/health/matters');
  assert.equal(real.status, 200);
  assert.deepEqual(Object.keys(real.body).sort(), ['health', 'matters', 'told']);
  await open(page, 'health');
  const texts = words('en');
  await page.getByText(texts[`health.${real.body.health}`]).first().waitFor();
  await page.getByText(texts['health.told.nobody']).waitFor();
  await unroll(page);
  await picture(page, 'health-well-en-320');
  await accessible(page, 'health-well');
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test('each thing that is wrong has its words in each language', async () => {
  const { page, wrong } = await enter(phone, ill);
  const languages = readdirSync(new URL('../../web/console/languages/', import.meta.url)).map((each) => each.slice(0, 2));
  assert.equal(languages.length, 8);
  for (const language of languages) {
    await speak(page, language);
    const texts = words(language);
    for (const [size, viewport] of [['320', phone], ['1280', wide]]) {
      await page.setViewportSize(viewport);
      await open(page, 'health');
      await page.getByText(texts['health.down']).first().waitFor();
      const shown = (await page.locator('main').innerText()).replace(/[\u2066-\u2069]/g, '');
      for (const { kind, of, grave } of matters) {
        const key = kind === 'disk' && grave ? 'disk_full' : kind;
        assert.ok(shown.includes(texts[said[key] ?? `health.${key}`].replace('{name}', of)), `${language} ${key}`);
        assert.ok(shown.includes(texts[`health.${key}.do`]), `${language} ${key} do`);
      }
      assert.ok(shown.includes('carl') && shown.includes(texts['health.told.other']) && !shown.includes('quentin'), 'who is reached');
      await unroll(page);
      await picture(page, `health-${language}-${size}`);
      await fits(page, `health-${language}-${size}`);
      await touchable(page, `health-${language}-${size}`);
    }
    await accessible(page, `health-${language}`);
    await page.setViewportSize(phone);
  }
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test('the overview leads there', async () => {
  const { page, wrong } = await enter(phone, ill);
  await speak(page, 'en');
  const status = (await api(page, 'GET', '/status')).body;
  await page.route('**/api/status', (route) => route.fulfill({ json: { ...status, health: 'degraded' } }));
  await page.route('**/api/start', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    if (body['/status']) body['/status'].health = 'degraded';
    await route.fulfill({ response: answer, json: body });
  });
  await open(page, '');
  await page.getByRole('link', { name: words('en')['needs.health'] }).click();
  await page.getByRole('heading', { name: words('en')['menu.health'], exact: true }).waitFor();
  assert.deepEqual(wrong, []);
  await page.context().close();
});

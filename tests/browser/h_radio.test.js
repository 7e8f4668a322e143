// SPDX-License-Identifier: Apache-2.0
// Radios, map, couriers and the live screen, with answers of a box that has all of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, openBrowser, openPage, phone, picture, settled, touchable, unroll, until, url, wide } from './browser.js';
import { answerRadios, couriers, map } from './radio_answers.js';
import { tilesFile } from './tiles.js';
import { signInAdmin, speak } from './village.js';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

const screens = ['radios', 'radios/meshtastic', 'radios/trunk.dale/', 'map', 'couriers', 'live', ''];

async function enter(change, options = {}) {
  const opened = await openPage(browser, { serviceWorkers: 'block', ...options });
  await signInAdmin(opened.page);
  await answerRadios(opened.page, change);
  return opened;
}

async function open(page, path) {
  await page.goto(`${url}/${path}`);
  await settled(page);
}

async function look(page, viewport, path, name) {
  await page.setViewportSize(viewport);
  await open(page, path);
  if (path === 'live') await page.locator('.live-line').first().waitFor();
  await unroll(page);
  await page.waitForTimeout(100);
  await picture(page, name);
  await fits(page, name);
  await touchable(page, name);
  await accessible(page, name);
}

for (const language of ['en', 'ar']) {
  for (const [size, viewport] of [['320', phone], ['1280', wide]]) {
    test(`${language} at ${size}`, async () => {
      const { page, wrong } = await enter({}, { viewport });
      await speak(page, language);
      for (const each of screens) await look(page, viewport, each, `radio-${each.replace(/\W+/g, '-') || 'overview'}-${language}-${size}`);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });
  }
}

test('dark', async () => {
  const { page } = await enter({}, { colorScheme: 'dark' });
  for (const each of ['radios/meshtastic', 'map', 'couriers', 'live']) await look(page, phone, each, `radio-dark-${each.replace(/\W+/g, '-')}`);
  await page.context().close();
});

for (const language of ['es', 'fr', 'pt', 'sw', 'hi', 'uk']) {
  test(`${language} fits a small phone`, async () => {
    const { page, wrong } = await enter();
    await speak(page, language);
    for (const each of screens) {
      await open(page, each);
      await fits(page, `${language} ${each}`);
    }
    assert.deepEqual(wrong, []);
    await page.context().close();
  });
}

test('a chart says its values by keys, by finger and as a table', async () => {
  const { page, wrong } = await enter({}, { viewport: wide });
  await open(page, 'radios/meshtastic');
  const chart = page.getByRole('slider', { name: 'Airtime used' });
  await chart.focus();
  const before = await chart.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowLeft');
  assert.notEqual(await chart.getAttribute('aria-valuetext'), before);
  const signal = page.getByRole('slider', { name: 'Signal over noise (SNR)' });
  assert.equal(await signal.getAttribute('aria-valuenow'), await chart.getAttribute('aria-valuenow'), 'one mark for all charts');
  const box = await signal.boundingBox();
  await page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2);
  assert.match(await signal.getAttribute('aria-valuetext'), /dB/);
  assert.match(await page.locator('.chart .at').nth(1).textContent(), /dB/);
  await chart.focus();
  await page.keyboard.press('Home');
  assert.equal(await chart.getAttribute('aria-valuenow'), '0');
  for (let left = 6; left > 0; left -= 1) await page.keyboard.press('PageUp');
  await page.getByText('As a table').first().click();
  const table = page.locator('table').first();
  assert.equal(await table.locator('tbody tr').count(), 24);
  assert.ok(await table.getByText('not known').count() > 0, 'a gap is a gap in words too');
  await page.getByLabel('Time shown').selectOption('168');
  await settled(page);
  await page.getByRole('slider').first().waitFor();
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test('a signal is tested: on its way, unanswered, and not sent at all', async () => {
  const box = { signal: { state: '' } };
  const { page, wrong } = await enter(box);
  const node = map.radios[1].address;
  const silent = { state: 'silent', node, asked_ms: Date.now(), took_ms: 0, legs: [] };
  await open(page, 'radios/meshtastic');
  const button = page.getByRole('button', { name: 'Test the signal' });
  assert.equal(await button.count(), map.radios.length);
  box.signal = { ...silent, state: 'waits', why: '' };
  await button.nth(1).click();
  await page.getByText('A probe is on its way.').waitFor();
  assert.equal(await page.locator('[role=status]', { hasText: 'A probe' }).count(), 1, 'at the radio that is asked');
  box.signal = { ...silent, why: '' };
  await page.getByText('No answer within a minute.').waitFor();
  box.signal = { ...silent, why: 'legal airtime is used up' };
  await button.nth(1).click();
  await page.getByText('legal airtime is used up').waitFor();
  assert.equal(await page.getByText('No answer within a minute.').count(), 0);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test('a radio that is down says why', async () => {
  const { page } = await enter();
  await open(page, 'radios/trunk.dale/');
  await page.getByText('no modem on /dev/ttyUSB0').waitFor();
  await page.getByText('No limit of airtime here.').waitFor();
  await page.context().close();
});

const marks = (page) => page.evaluate(() => Object.fromEntries([...document.querySelectorAll('.map-mark')].map((each) => {
  const { x, y } = each.getBoundingClientRect();
  return [each.querySelector('bdi').textContent, { x, y }];
})));

test('a map without tiles: everything is where it belongs, and says what it is', async () => {
  const { page, wrong } = await enter({}, { viewport: wide });
  await open(page, 'map');
  await page.locator('.map-mark').first().waitFor();
  const at = await marks(page);
  assert.ok(at.dale.x > at.Hill.x && at.dale.y < at.Hill.y, 'dale lies north-east');
  assert.ok(at.moor.x < at.Hill.x && at.moor.y > at.Hill.y, 'moor lies south-west');
  assert.match(await page.locator('.leaflet-control-scale-line').textContent(), /k?m$/);
  await page.getByText('↑ north').waitFor();
  await page.locator('.map-mark', { hasText: 'ana' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.map-picked').getByText('calls for help').waitFor();
  await page.getByRole('button', { name: 'Close this' }).click();
  assert.equal(await page.locator('.map-picked').count(), 0);
  const { Hill, moor } = await marks(page);
  await page.mouse.click((Hill.x + moor.x) / 2 + 22, (Hill.y + moor.y) / 2 + 22);
  await page.locator('.map-picked').getByText('6.5').waitFor();
  assert.equal(await page.locator('.map-link.down[stroke-dasharray]').count(), 1, 'what is down is dashed');
  assert.equal(await page.locator('.map canvas').count(), 0);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test('a map with tiles of the box', async () => {
  const { page, wrong } = await enter({ map: { ...map, tiles: true } }, { viewport: wide });
  await open(page, 'map');
  await until(page, () => [...document.querySelectorAll('.map canvas')].some((each) =>
    each.getContext('2d').getImageData(9, 9, 1, 1).data[1] === 232));
  await page.getByText('Hill people').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Hill people' }).count(), 0, 'no link leads away');
  await look(page, phone, 'map', 'radio-map-tiles-en-320');
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test('a map of lines and areas, also closer than the file goes', async () => {
  const { page, wrong } = await enter({ map: { ...map, tiles: true }, tiles: tilesFile({ type: 1, zoom: 12 }) }, { viewport: wide });
  await open(page, 'map');
  const water = () => [...document.querySelectorAll('.map canvas')].some((each) => {
    const pixel = (x) => each.getContext('2d').getImageData(x, 40, 1, 1).data.slice(0, 3).join();
    return each.width === 512 && pixel(40) === '181,212,232' && pixel(300) === '247,245,239';
  });
  await until(page, water);
  await picture(page, 'radio-map-lines-en-1280');
  for (let left = 4; left > 0; left -= 1) {
    await page.getByRole('button', { name: 'Nearer' }).click();
    await page.waitForTimeout(200);
  }
  await until(page, () => document.querySelectorAll('.map canvas').length > 0);
  await picture(page, 'radio-map-lines-near-en-1280');
  await look(page, phone, 'map', 'radio-map-lines-en-320');
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test('a map file that cannot be read, and a box without a place', async () => {
  const broken = await enter({ map: { ...map, tiles: true }, tiles: Buffer.from('no tiles at all, only words '.repeat(20)) });
  await open(broken.page, 'map');
  await broken.page.getByText('could not be read').waitFor();
  assert.ok(await broken.page.locator('.map-mark').count() >= 4);
  await broken.page.context().close();
  const none = await enter({ map: { places: [], links: [], radios: [], tiles: false } });
  await open(none.page, 'map');
  await none.page.getByText('No place is known yet.').waitFor();
  await none.page.context().close();
});

test('sticks: what may be pulled is seen at once, what is not known is asked about', async () => {
  const { page, wrong } = await enter();
  const asked = [];
  await page.route('**/api/couriers/**', (route) => {
    asked.push(new URL(route.request().url()).pathname);
    return route.fulfill({ json: {} });
  });
  await open(page, 'couriers');
  await page.getByText('Safe to pull out').waitFor();
  await page.getByText('Do not pull it out now').waitFor();
  await page.getByRole('button', { name: 'Accept it' }).click();
  await page.getByText('Do you know who brought it?').waitFor();
  await picture(page, 'radio-stick-asked');
  await page.getByRole('dialog').getByRole('button', { name: 'Accept it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(asked, ['/api/couriers/9F8E-7D6C/accept']);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test('news of a stick are shown without asking', async () => {
  const { page } = await enter({ couriers: { enabled: true, sticks: [couriers.sticks[2]] } });
  const news = { transport: 'nncp', what: 'progress', id: '5555-AAAA', name: 'blue stick', words: 'do not pull: writing 40 %', phase: 'writing', bytes: 400, all_bytes: 1000 };
  await page.route('**/api/events*', (route) => route.fulfill({ contentType: 'text/event-stream', body: `event: stick\ndata: ${JSON.stringify(news)}\n\n` }));
  await page.goto(`${url}/couriers`);
  await page.getByText('Writes what it takes along').waitFor();
  await page.context().close();
});

test('live lines: found, stopped, and closed when nobody looks', async () => {
  const { page } = await enter();
  await open(page, 'live');
  await page.locator('.live-line').first().waitFor();
  assert.equal(await page.locator('.live-line').count(), 5, 'what is told again is shown once');
  await page.getByText('look at it').waitFor();
  await page.getByText('The live line is lost').waitFor();
  await page.getByLabel('Only lines with').fill('position');
  assert.equal(await page.locator('.live-line').count(), 1);
  await page.getByLabel('Only lines with').fill('');
  await page.getByLabel('Way, or part of the box').selectOption('meshtastic');
  assert.equal(await page.locator('.live-line').count(), 2);
  await page.getByRole('button', { name: 'Stop for reading' }).click();
  await page.getByText('Stopped for reading.').waitFor();
  await page.getByRole('button', { name: 'Go on' }).click();
  let asked = 0;
  page.on('request', (each) => { asked += each.url().includes('/api/live'); });
  const hide = (hidden) => page.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: is });
    dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await hide(true);
  await page.waitForTimeout(200);
  asked = 0;
  await page.waitForTimeout(2500);
  assert.equal(asked, 0, 'a page that nobody sees listens to nothing');
  await hide(false);
  await page.waitForRequest('**/api/live?*');
  await page.evaluate(() => { history.pushState(null, '', '/queue'); dispatchEvent(new PopStateEvent('popstate')); });
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
  asked = 0;
  await page.waitForTimeout(2500);
  assert.equal(asked, 0, 'no line stays behind');
  await page.context().close();
});

// SPDX-License-Identifier: Apache-2.0
// The first load: at most 60 KB gzip in at most 6 requests; every later screen at most 90 KB more.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openBrowser, openPage, settled, url } from './browser.js';
import { answerRadios, map } from './radio_answers.js';
import { tilesFile } from './tiles.js';
import { signInAdmin } from './village.js';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

function count(page) {
  const all = [];
  page.on('response', async (each) => {
    if (/\/api\/(events|live)/.test(each.url())) return;  // they do not end
    const entry = { path: each.url().slice(url.length), bytes: 0 };
    all.push(entry);
    entry.bytes = gzipSync(await each.body().catch(() => ''), { level: 9 }).length;
  });
  return all;
}
const sum = (all) => all.reduce((bytes, each) => bytes + each.bytes, 0);

test('first load', async (t) => {
  const { page } = await openPage(browser, { serviceWorkers: 'block' });
  const all = count(page);
  await page.goto(url, { waitUntil: 'networkidle' });
  await settled(page);
  t.diagnostic(`${(sum(all) / 1024).toFixed(1)} KB gzip in ${all.length} requests: ${all.map((each) => each.path).join(' ')}`);
  assert.ok(all.length <= 6, `${all.length} requests`);
  assert.ok(sum(all) <= 60 * 1024, `${sum(all)} bytes`);
});

// The stream of news is a request too; what else is fetched behind the screen is for others.
test('first load of who is signed in', async (t) => {
  const { page } = await openPage(browser, { serviceWorkers: 'block' });
  await signInAdmin(page);
  await page.goto('about:blank');
  const paths = [];
  page.on('request', (each) => paths.push(each.url().slice(url.length)));
  const all = count(page);
  await page.goto(url);
  await settled(page);
  await page.waitForTimeout(1500);
  t.diagnostic(`${(sum(all) / 1024).toFixed(1)} KB gzip in ${paths.length} requests: ${paths.join(' ')}`);
  assert.ok(paths.length <= 6, `${paths.length} requests: ${paths.join(' ')}`);
  assert.ok(sum(all) <= 60 * 1024, `${sum(all)} bytes`);
});

// A figure, no limit: how long it takes depends on what else the machine does.
test('usable with the processor slowed six times', async (t) => {
  const { context, page } = await openPage(browser, { serviceWorkers: 'block' });
  const slow = await context.newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const start = performance.now();
  await page.goto(url);
  await page.locator('input').first().waitFor();
  t.diagnostic(`${Math.round(performance.now() - start)} ms`);
});

test('later screens', async (t) => {
  const { page } = await openPage(browser, { serviceWorkers: 'block' });
  await signInAdmin(page);
  await page.goto(url);
  await settled(page);
  for (const each of ['Queue', 'People']) {
    const all = count(page);
    await page.getByRole('link', { name: each }).last().click();
    await page.getByRole('heading', { name: each, level: 1 }).waitFor();
    await page.waitForTimeout(300);
    t.diagnostic(`${each}: ${(sum(all) / 1024).toFixed(1)} KB`);
    assert.ok(sum(all) <= 90 * 1024);
    page.removeAllListeners('response');
  }
});

// Opened by themselves, with what the first load takes left out: the file of operators, which is
// fetched once for all of them, counts for each.
test('screens with files of their own', async (t) => {
  const { page } = await openPage(browser, { serviceWorkers: 'block' });
  await signInAdmin(page);
  await answerRadios(page, { map: { ...map, tiles: true }, tiles: tilesFile({ type: 1 }) });
  let all = count(page);
  await page.goto(`${url}/me`);
  await settled(page);
  await page.waitForTimeout(500);
  const first = sum(all.filter((each) => !/screens-/.test(each.path)));
  for (const [path, shown] of [['radios', 'h1'], ['radios/meshtastic', '.chart'], ['map', '.map canvas'], ['couriers', 'h1'], ['live', 'h1'],
    ['settings', 'h1']]) {
    page.removeAllListeners('response');
    all = count(page);
    await page.goto(`${url}/${path}`);
    await settled(page);
    await page.locator(shown).first().waitFor({ state: 'attached' });
    await page.waitForTimeout(500);
    t.diagnostic(`${path}: ${((sum(all) - first) / 1024).toFixed(1)} KB`);
    assert.ok(sum(all) - first <= 90 * 1024, path);
  }
});

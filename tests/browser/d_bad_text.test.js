// SPDX-License-Identifier: Apache-2.0
// What people write is text, whatever it looks like.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, openBrowser, openPage, settled, url, wide } from './browser.js';
import { api, signInAdmin, signInVillager } from './village.js';

let browser;
let desk;
let mallory;
before(async () => {
  browser = await openBrowser();
  desk = await openPage(browser, { viewport: wide });
  await signInAdmin(desk.page);
  mallory = await openPage(browser, { viewport: wide });
  await signInVillager(mallory.page, desk.page, 'mallory');
});
after(() => browser.close());

async function arrives(subject, text) {
  await api(mallory.page, 'POST', '/me/messages', { to: ['carl'], subject, text });
  const { body } = await api(desk.page, 'GET', '/me/messages?box=in');
  await desk.page.goto(`${url}/mail/${body.messages[0].id}`);
  await settled(desk.page);
  await desk.page.locator('.prose').waitFor();
}

test('markup and script are shown as they were typed', async () => {
  const script = '<script>document.title="taken"</script><img src=x onerror=alert(1)>';
  desk.page.on('dialog', () => assert.fail('a script ran'));
  await arrives(script, `${script}<a href="javascript:alert(1)">x</a>`);
  assert.equal(await desk.page.locator('main script, main img, main a[href^=javascript]').count(), 0);
  assert.match(await desk.page.locator('.prose').textContent(), /^<script>document/);
  assert.doesNotMatch(await desk.page.title(), /^taken/);
  assert.deepEqual(desk.wrong, []);
});

test('10,000 marks on one letter paint over nothing', async () => {
  await arrives('marks', `a${'\u0300\u0323'.repeat(5000)} end`);
  const box = await desk.page.locator('.prose').boundingBox();
  assert.ok(box.height < 200, `${box.height} px high`);
  await desk.page.getByText('are left out').waitFor();
  await fits(desk.page, 'marks');
});

test('a word without an end does not widen the page', async () => {
  await arrives('x'.repeat(150), 'y'.repeat(5000));
  await fits(desk.page, 'long word');
});

test('marks of direction do not turn names around', async () => {
  await arrives('\u202egpj.exe', '\u202eevil');
  assert.equal(await desk.page.locator('h1').textContent(), 'gpj.exe');
});

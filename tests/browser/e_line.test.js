// SPDX-License-Identifier: Apache-2.0
// A line that breaks and heals, and a phone that opens the page without one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage, picture, settled, url, until } from './browser.js';
import { openLine } from './line.js';
import { api, signInAdmin, signInVillager } from './village.js';

let browser;
let desk;
before(async () => {
  browser = await openBrowser();
  desk = await openPage(browser);
  await signInAdmin(desk.page);
});
after(() => browser.close());

const lost = (page) => page.getByText('The box does not answer.').first();

test('a lost line is said with its time, and heals by itself', async () => {
  const { context, page } = await openPage(browser, { serviceWorkers: 'block' });
  await signInAdmin(page);
  await page.goto(url);
  await settled(page);
  await context.setOffline(true);
  // Asking for something is what notices it at once.
  await page.getByRole('link', { name: 'Queue' }).last().click();
  await lost(page).waitFor();
  await page.getByText(/You see how it was at .*\d/).waitFor();
  await page.getByRole('link', { name: 'Overview' }).last().click();
  await page.getByText('Ways in and out').waitFor();
  await context.setOffline(false);
  await lost(page).waitFor({ state: 'detached' });
});

test('without a line the page opens with its last state; signing out leaves nothing', async () => {
  const { page } = await openPage(browser);
  await signInVillager(page, desk.page, 'zoe');
  const line = await openLine(url);
  after(() => line.close());
  await page.goto(line.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.goto(`${line.url}/inbox`);
  await settled(page);
  line.cut();
  await page.goto(`${line.url}/inbox`);
  await settled(page);
  await lost(page).waitFor();
  assert.equal(await page.locator('h1').textContent(), 'Inbox');
  await picture(page, 'offline-inbox-en-320');
  line.mend();
  await lost(page).waitFor({ state: 'detached' });
  await page.goto(`${line.url}/me`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.deepEqual(await page.evaluate(() => caches.has('waypost-state')), false);
});

test('the worker keeps no text of somebody else', async () => {
  const { page } = await openPage(browser);
  await signInAdmin(page);
  await page.goto(url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  for (const each of ['', 'messages', 'alarms', 'neighbours', 'groups']) {
    await page.goto(`${url}/${each}`);
    await settled(page);
  }
  const kept = await page.evaluate(async () => {
    const cache = await caches.open('waypost-state');
    return (await cache.keys()).map((each) => new URL(each.url).pathname);
  });
  assert.ok(kept.includes('/api/status'));
  for (const each of kept) assert.doesNotMatch(each, /^\/api\/(messages|alarms|groups)/);
});

test('news arrive by themselves', async () => {
  const { page } = await openPage(browser);
  await signInAdmin(page);
  await page.goto(`${url}/messages`);
  await settled(page);
  await page.waitForTimeout(300);
  const before = await page.evaluate(() => document.querySelector('a.row')?.getAttribute('href'));
  const sent = await api(desk.page, 'POST', '/me/messages', { to: ['zoe'], subject: '', text: 'news' });
  assert.equal(sent.status, 200);
  await until(page, (old) => document.querySelector('a.row')?.getAttribute('href') !== old, before);
});

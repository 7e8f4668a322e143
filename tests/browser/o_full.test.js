// SPDX-License-Identifier: Apache-2.0
// A box whose disk is full: what a villager and an operator see, and that nothing is lost by it. Its
// folder lies in memory, where no disk is as large as what it is told to keep free.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway } from '../bench/console/gateway.js';
import { check, openBrowser, openPage, settled, words } from './browser.js';
import { admin, api, speak } from './village.js';

const where = { build: process.env.CONSOLE_BUILD, page: process.env.CONSOLE_FILES, under: '/dev/shm' };

let browser;
let gateway;
let desk;
before(async () => {
  browser = await openBrowser();
  gateway = await startGateway(where);
  desk = await enter('/claim', { code: gateway.code, language: 'en', ...admin });
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

// Whoever comes in by this.
async function enter(path, how, expected = []) {
  const { page, wrong } = await openPage(browser, { at: gateway.url, serviceWorkers: 'block', expected });
  await page.goto(`${gateway.url}/privacy`);
  await settled(page);
  assert.equal((await api(page, 'POST', path, how)).status, 200);
  return { page, wrong };
}

async function villager(handle) {
  await api(desk.page, 'PUT', `/people/${handle}`, { name: handle, language: 'en' });
  const { body } = await api(desk.page, 'POST', `/people/${handle}/sign-in-code`);
  return enter('/session', { handle, code: body.code }, ['422 /api/me/messages']);
}

async function open(page, path) {
  await page.goto(`${gateway.url}/${path}`);
  await settled(page);
}

const isFull = async () => (await api(desk.page, 'GET', '/status')).body.disk_full;

// The box looks once a second.
async function keepFree(value) {
  const { version } = (await api(desk.page, 'GET', '/settings')).body;
  const saved = await api(desk.page, 'PATCH', '/settings', { version, changes: [{ section: 'store', key: 'keep_free', value }] });
  assert.equal(saved.status, 200);
  for (let left = 100; left > 0 && (await isFull()) !== (value === '1TiB'); left -= 1) await desk.page.waitForTimeout(100);
  assert.equal(await isFull(), value === '1TiB');
}

const field = (page, language, key) => page.getByLabel(words(language)[key], { exact: true });

async function refused(page, language) {
  await speak(page, language);
  await open(page, 'write');
  assert.equal(await field(page, language, 'write.text').inputValue(), 'It is dry.', 'what was typed is kept');
  await page.getByRole('button', { name: words(language)['write.send'], exact: true }).click();
  await page.getByRole('alert').getByText(words(language)['write.full']).waitFor();
  assert.equal(await field(page, language, 'write.text').inputValue(), 'It is dry.');
  await check(page, `full-write-${language}-320`);
}

async function overview(language) {
  await speak(desk.page, language);
  await open(desk.page, '');
  await desk.page.getByText(words(language)['needs.disk']).first().waitFor();
  await check(desk.page, `full-overview-${language}-320`);
  await open(desk.page, 'health');
  await desk.page.getByText(words(language)['health.disk_full.do']).waitFor();
}

test('nothing new is taken, nothing is lost, and both are told', async () => {
  const ana = await villager('ana');
  const { page } = ana;
  const before = await api(page, 'POST', '/me/messages', { to: [admin.handle], subject: 'The well', text: 'It is open.' });
  assert.equal(before.status, 200);
  await open(page, 'write');
  await field(page, 'en', 'mail.to').fill(admin.handle);
  await field(page, 'en', 'write.text').fill('It is dry.');

  await keepFree('1TiB');
  for (const language of ['ar', 'en']) {
    await refused(page, language);
    await overview(language);
  }
  await open(desk.page, 'inbox');
  await desk.page.getByText('The well').first().waitFor();
  assert.equal(await desk.page.getByText('It is dry.').count(), 0);

  await keepFree('1MiB');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('heading', { name: 'Sent' }).waitFor();
  await open(desk.page, 'inbox');
  await desk.page.getByText('It is dry.').first().waitFor();
  await open(desk.page, '');
  assert.equal(await desk.page.getByText(words('en')['needs.disk']).count(), 0);
  assert.deepEqual([...ana.wrong, ...desk.wrong], []);
});

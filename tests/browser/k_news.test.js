// SPDX-License-Identifier: Apache-2.0
// What happens shows by itself: to a villager his own, to an operator what the box's ways do.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort, startGateway } from '../bench/console/gateway.js';
import { openBrowser, openPage, picture, settled, until, url } from './browser.js';
import { openLine } from './line.js';
import { admin, api, signInAdmin, signInVillager } from './village.js';

let browser;
let desk;
before(async () => {
  browser = await openBrowser();
  desk = await openPage(browser);
  await signInAdmin(desk.page);
});
after(() => browser.close());

const send = async (page, to, subject) => {
  const sent = await api(page, 'POST', '/me/messages', { to: [to], subject, text: `All about ${subject}.` });
  assert.equal(sent.status, 200);
  return sent.body.id;
};
// The page is not loaded anew between.
const mark = (page) => page.evaluate(() => { window.marked = true; });
const isMarked = (page) => page.evaluate(() => window.marked === true);
const lost = (page) => page.getByText('The box does not answer.').first();

async function villager(handle, options = {}) {
  const opened = await openPage(browser, { serviceWorkers: 'block', ...options });
  await signInVillager(opened.page, desk.page, handle);
  return opened.page;
}

test('an inbox shows a new letter by itself, and asks for nothing while there is none', async () => {
  const page = await villager('zoe');
  await page.goto(`${url}/inbox`);
  await settled(page);
  await mark(page);
  const asked = [];
  page.on('request', (each) => asked.push(each.url()));
  await api(desk.page, 'PUT', '/people/wen', { name: 'Wen', language: 'en' });
  await send(desk.page, 'wen', 'for somebody else');
  await page.waitForTimeout(2000);
  assert.deepEqual(asked, []);
  await send(desk.page, 'zoe', 'the new bridge');
  await page.getByText('the new bridge', { exact: true }).waitFor();
  assert.ok(await isMarked(page));
  await picture(page, 'news-inbox-en-320');
});

test('a letter shows by itself that it was read', async () => {
  const page = await villager('zoe');
  const id = await send(page, admin.handle, 'a question');
  await page.goto(`${url}/mail/${id}`);
  await settled(page);
  await mark(page);
  const state = () => page.locator('main .badge').first().textContent();
  const first = await state();
  assert.equal((await api(desk.page, 'GET', `/me/messages/${id}`)).status, 200);
  await until(page, (before) => document.querySelector('main .badge').textContent !== before, first);
  assert.equal(await state(), 'read');
  assert.ok(await isMarked(page));
  await picture(page, 'news-letter-en-320');
});

test('a villager whose line is lost is told so, and sees afterwards what came meanwhile', async () => {
  const page = await villager('zoe');
  const line = await openLine(url);
  after(() => line.close());
  await page.goto(`${line.url}/inbox`);
  await settled(page);
  await mark(page);
  line.cut();
  await lost(page).waitFor();
  await picture(page, 'news-lost-en-320');
  await send(desk.page, 'zoe', 'the long night');
  line.mend();
  await lost(page).waitFor({ state: 'detached' });
  await page.getByText('the long night', { exact: true }).waitFor();
  assert.ok(await isMarked(page));
});

test('a session that somebody ends is over on its page by itself', async () => {
  const page = await villager('xan');
  await page.goto(`${url}/inbox`);
  await settled(page);
  const { sessions } = (await api(desk.page, 'GET', '/sessions')).body;
  const { id } = sessions.find((each) => each.handle === 'xan');
  assert.equal((await api(desk.page, 'DELETE', `/sessions/${id}`)).status, 200);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

// A device on the simulated air (`waypost simulate`), which can be switched off.
async function switchOn(port, folder) {
  const file = join(folder, 'air.toml');
  writeFileSync(file, `[channel]\npreset = 6\nspeed = 2.0\n[[node]]\nname = "post"\nlong_name = "Post"\nid = "!00000001"\nport = "tcp:127.0.0.1:${port}"\n`);
  const program = join(process.env.CONSOLE_BUILD, 'bin/waypost');
  const device = spawn(program, ['simulate', file, '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise((done) => device.on('exit', done));
  for await (const text of device.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    if (text.includes('"open"')) break;
  }
  device.stdout.resume();
  return async () => {
    device.kill();
    await gone;
  };
}

test('a radio that comes and goes shows on the overview by itself', async () => {
  const radio = await freePort();
  const where = { build: process.env.CONSOLE_BUILD, page: process.env.CONSOLE_FILES };
  const gateway = await startGateway(where, `[meshtastic.roof]\nport = "tcp:127.0.0.1:${radio}"\n`);
  let switchOff = async () => {};
  try {
    const { page } = await openPage(browser, { serviceWorkers: 'block' });
    await page.goto(`${gateway.url}/privacy`);
    await settled(page);
    const claimed = await api(page, 'POST', '/claim', { code: gateway.code, language: 'en', ...admin });
    assert.equal(claimed.status, 200);
    await page.goto(gateway.url);
    await settled(page);
    await mark(page);
    const way = page.locator('li.row', { hasText: 'meshtastic.roof' });
    await way.getByText('does not work', { exact: true }).waitFor();
    switchOff = await switchOn(radio, gateway.folder);
    await way.getByText('works', { exact: true }).waitFor();
    await picture(page, 'news-radio-up-en-320');
    await switchOff();
    await way.getByText('does not work', { exact: true }).waitFor();
    await page.getByText(/meshtastic\.roof\W+does not work/).first().waitFor();
    assert.ok(await isMarked(page));
    await picture(page, 'news-radio-down-en-320');
  } finally {
    await switchOff();
    await gateway.stop();
  }
});

// SPDX-License-Identifier: Apache-2.0
// Mail and chat server of a box that is an image, switched on and off by the page, with the gateway and a played image: what
// the gateway wishes stands in a file, and how the servers do in another.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { check, openBrowser, openPage, settled, url, words } from './browser.js';
import { api, signInAdmin, speak } from './village.js';

const folder = process.env.CONSOLE_FOLDER;
const fingerprint = Array.from({ length: 32 }, (_, i) => (i * 7).toString(16).padStart(2, '0').toUpperCase()).join(':');

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

const plan = () => readFileSync(join(folder, 'run', 'servers'), 'utf8');

function say(values) {
  mkdirSync(join(folder, 'servers'), { recursive: true });
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`).join('');
  writeFileSync(join(folder, 'servers', 'state.new'), lines);
  renameSync(join(folder, 'servers', 'state.new'), join(folder, 'servers', 'state'));
}

let browser;
before(async () => {
  browser = await openBrowser();
  const { page } = await openPage(browser, { serviceWorkers: 'block' });
  await signInAdmin(page);
  // Ways in at free ports: those of a box may be taken here.
  const { version } = (await api(page, 'GET', '/settings')).body;
  const changed = await api(page, 'PATCH', '/settings', { version, changes: [
    { section: 'email.here', key: 'listen', values: [`smtp:127.0.0.1:${await freePort()}`, `lmtp:127.0.0.1:${await freePort()}`] },
    { section: 'email.here', key: 'trusted', values: ['127.0.0.1/32'] },
  ] });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  await page.context().close();
});
after(() => browser.close());

for (const language of ['en', 'ar']) {
  describe(language, () => {
    const texts = words(language);
    let page;
    let wrong;
    const sees = (key, root = page) => root.getByText(texts[key], { exact: true }).first().waitFor({ timeout: 30000 });
    const card = (name) => page.locator('section', { has: page.getByRole('heading', { name: texts[`programs.${name}`], exact: true }) });

    async function flip(name, key) {
      await card(name).getByRole('button', { name: texts[key], exact: true }).click();
      await sees(`programs.${name}.${key.slice(9)}`);
      await check(page, `programs-${name}-${key.slice(9)}-${language}`);
      await page.getByRole('dialog').getByRole('button', { name: texts[key], exact: true }).click();
      await sees('restart.back', card(name));
    }

    before(async () => {
      say({ 'mail.state': 'off', 'chat.state': 'off' });
      ({ page, wrong } = await openPage(browser, { serviceWorkers: 'block', expected: ['failed ', '503 ', '502 '] }));
      await signInAdmin(page);
      await speak(page, language);
      await page.goto(`${url}/programs`);
      await settled(page);
    });
    after(() => page.context().close());

    test('both are off in a new box', async () => {
      for (const each of ['mail', 'chat']) await sees('programs.state.off', card(each));
      await check(page, `programs-off-${language}`);
      assert.match(plan(), /^chat=no$/m);
    });

    test('chat brings mail along, and both say how they do', async () => {
      await flip('chat', 'programs.on');
      for (const each of ['mail', 'chat']) await sees('programs.state.starting', card(each));
      for (const line of [/^mail=yes$/m, /^chat=yes$/m, /^chat\.secret=[0-9a-f]{64}$/m, /^chat\.domain=chat\.hill\.example$/m]) assert.match(plan(), line);
      say({ 'mail.state': 'running', 'mail.fingerprint': fingerprint, 'chat.state': 'failed', 'chat.why': 'portmanager: Failed to open server port 5222 on *, address in use' });
      await sees('programs.state.running', card('mail'));
      await sees('programs.failed', card('chat'));
      await card('chat').getByText('address in use').waitFor();
      await card('mail').getByText(fingerprint).waitFor();
      await card('mail').getByText('@hill.example').waitFor();
      await check(page, `programs-failed-${language}`);
      say({ 'mail.state': 'running', 'mail.fingerprint': fingerprint, 'chat.state': 'running', 'chat.fingerprint': fingerprint });
      await sees('programs.state.running', card('chat'));
      await card('chat').getByText('5222, STARTTLS').waitFor();
      await check(page, `programs-running-${language}`);
    });

    test('without mail there is no chat', async () => {
      await flip('mail', 'programs.off');
      for (const each of ['mail', 'chat']) await sees('programs.state.stopping', card(each));
      for (const line of [/^mail=no$/m, /^chat=no$/m]) assert.match(plan(), line);
      say({ 'mail.state': 'off', 'chat.state': 'off' });
      for (const each of ['mail', 'chat']) await sees('programs.state.off', card(each));
      const left = (await api(page, 'GET', '/settings')).body.sections.map((each) => each.name);
      assert.deepEqual(left.filter((each) => /^(mailserver|chatserver|xmpp)\./.test(each)), []);
      assert.ok(left.includes('email.here'), 'what somebody else made stays');
      assert.deepEqual(wrong, []);
    });

    test('a box of packages says what to install', async () => {
      await page.route('**/api/servers', (route) => route.fulfill({ json: { image: false } }));
      await page.goto(`${url}/programs`);
      await settled(page);
      await sees('programs.no_image');
      await check(page, `programs-none-${language}`);
      assert.deepEqual(wrong, []);
    });
  });
}

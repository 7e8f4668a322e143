// SPDX-License-Identifier: Apache-2.0
// Each screen in English and Arabic, on a small phone and on a wide screen: nothing fails, nothing
// sticks out, axe finds nothing, and a picture of it is kept.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fits, openBrowser, openPage, phone, picture, settled, touchable, unroll, url, wide } from './browser.js';
import { api, furnish, signInAdmin, signInVillager, speak } from './village.js';

const operatorScreens = ['', 'alarms', 'people', 'people/:handle', 'groups', 'groups/:name', 'check-ins', 'neighbours',
  'map', 'queue', 'messages', 'messages/:id', 'radios', 'radios/:id/', 'couriers', 'live', 'health', 'inbox', 'write', 'settings', 'settings?search=box', 'setup',
  ...['language', 'place', 'radios', 'mail', 'people', 'backup'].map((each) => `setup/${each}`), 'programs', 'backup', 'tokens', 'audit', 'sessions', 'me', 'more', 'nowhere'];
const villagerScreens = ['inbox', 'mail/:id', 'sent', 'write', 'me', 'sessions', 'privacy'];

let browser;
let desk;
before(async () => {
  browser = await openBrowser();
  desk = await openPage(browser);
  await signInAdmin(desk.page);
  await furnish(desk.page);
});
after(() => browser.close());

// A real one in the place of each :name.
async function fill(page, screen) {
  const first = { ':handle': ['/people', (d) => d.people.find((each) => each.handle === 'ana') ?? d.people[0], 'handle'],
    ':name': ['/groups', (d) => d.groups[0], 'name'],
    ':id': screen.startsWith('radios/') ? ['/status', (d) => d.transports[0], 'id'] :
      [screen.startsWith('mail/') ? '/me/messages?box=in' : '/messages', (d) => d.messages.find((each) => each.network === 'meshtastic') ?? d.messages[0], 'id'] };
  const name = /:\w+/.exec(screen)?.[0];
  if (!name) return screen;
  const [path, pick, key] = first[name];
  const found = pick((await api(page, 'GET', path)).body);
  return found ? screen.replace(name, found[key]) : null;
}

async function look(page, viewport, screen, name) {
  const path = await fill(page, screen);
  if (path === null) return;
  await page.setViewportSize(viewport);
  await page.goto(`${url}/${path}`);
  await settled(page);
  await unroll(page);
  await picture(page, name);
  await fits(page, name);
  await touchable(page, name);
  await accessible(page, name);
}

for (const language of ['en', 'ar']) {
  for (const [size, viewport] of [['320', phone], ['1280', wide]]) {
    describe(`${language} at ${size}`, () => {
      test('visitor', async () => {
        const { page, wrong } = await openPage(browser, { viewport, locale: language });
        await page.goto(url);
        await look(page, viewport, '', `visitor-sign-in-${language}-${size}`);
        assert.equal(await page.getAttribute('html', 'dir'), language === 'ar' ? 'rtl' : 'ltr');
        assert.deepEqual(wrong, []);
        await page.context().close();
      });
      test('operator', async () => {
        const { page, wrong } = await openPage(browser, { viewport });
        await signInAdmin(page);
        await speak(page, language);
        for (const each of operatorScreens) await look(page, viewport, each, `operator-${each.replace(/\W+/g, '-') || 'overview'}-${language}-${size}`);
        assert.deepEqual(wrong, []);
        await page.context().close();
      });
      test('villager', async () => {
        const { page, wrong } = await openPage(browser, { viewport });
        await signInVillager(page, desk.page, 'ana');
        await speak(page, language);
        for (const each of villagerScreens) await look(page, viewport, each, `villager-${each.replace(/\W+/g, '-')}-${language}-${size}`);
        assert.deepEqual(wrong, []);
        await page.context().close();
      });
    });
  }
}

test('dark', async () => {
  const { page } = await openPage(browser, { colorScheme: 'dark' });
  await signInAdmin(page);
  for (const each of ['', 'alarms', 'queue', 'messages/:id']) await look(page, phone, each, `dark-${each.replace(/\W+/g, '-') || 'overview'}`);
});

// Words of other languages are longer, or of another script: nothing may stick out.
for (const language of ['es', 'fr', 'pt', 'sw', 'hi', 'uk']) {
  test(`${language} fits a small phone`, async () => {
    const { page, wrong } = await openPage(browser);
    await signInAdmin(page);
    await speak(page, language);
    for (const each of ['', 'setup', 'setup/mail', 'settings?search=mailbox', 'backup', 'tokens', 'people/:handle', 'queue', 'messages/:id', 'radios', 'map', 'couriers', 'live', 'write', 'privacy']) {
      await page.goto(`${url}/${await fill(page, each) ?? ''}`);
      await settled(page);
      await fits(page, `${language} ${each}`);
    }
    await page.goto(url);
    await settled(page);
    await unroll(page);
    await picture(page, `operator-overview-${language}-320`);
    assert.deepEqual(wrong, []);
    await page.context().close();
  });
}

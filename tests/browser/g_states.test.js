// SPDX-License-Identifier: Apache-2.0
// What is not on a screen at first: questions, codes, refusals, nothing found. In both directions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { check, openBrowser, openPage, phone, settled, url, words } from './browser.js';
import { api, signInAdmin, signInVillager, speak } from './village.js';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

async function open(page, path) {
  await page.goto(`${url}/${path}`);
  await settled(page);
}

for (const language of ['en', 'ar']) {
  const texts = words(language);
  const button = (page, key) => page.getByRole('button', { name: texts[key], exact: true }).first();

  test(`operator in ${language}`, async () => {
    const { page, wrong } = await openPage(browser, { viewport: phone });
    await signInAdmin(page);
    await speak(page, language);

    await open(page, 'people');
    await button(page, 'person.add').click();
    await check(page, `state-add-person-${language}`);
    await page.keyboard.press('Escape');

    await api(page, 'PUT', '/people/yara', { name: 'Yara', language: 'ar' });
    await open(page, 'people/yara');
    await button(page, 'person.sign_in_code').click();
    await page.locator('.code').waitFor();
    await check(page, `state-code-${language}`);
    await button(page, 'person.forget').click();
    await check(page, `state-forget-${language}`);
    await button(page, 'do.cancel').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await api(page, 'POST', '/me/messages', { to: ['yara'], subject: 'closed', text: 'for you only' });
    const { body } = await api(page, 'GET', '/messages');
    await open(page, `messages/${body.messages[0].id}`);
    assert.equal(await page.getByText('for you only').count(), 0, 'a text is closed at first');
    await button(page, 'open.do').click();
    await check(page, `state-open-asked-${language}`);
    await button(page, 'open.yes').click();
    await page.getByText('for you only').waitFor();
    await check(page, `state-opened-${language}`);
    const audit = await api(page, 'GET', '/audit');
    assert.match(JSON.stringify(audit.body.entries[0]), /open/, 'the opening is on record');

    await open(page, 'settings');
    await page.getByRole('searchbox').fill('domain');
    await button(page, 'do.search').click();
    await page.locator('details[open]').first().waitFor();
    await check(page, `state-settings-${language}`);
    await page.getByRole('searchbox').fill('no such thing');
    await button(page, 'do.search').click();
    await page.getByText(texts['mail.none_found']).waitFor();
    assert.deepEqual(wrong, []);
    await page.context().close();
  });

  test(`villager in ${language}`, async () => {
    const desk = await openPage(browser);
    await signInAdmin(desk.page);
    const { page, wrong } = await openPage(browser, { viewport: phone, expected: ['422 /api/me/messages', '400 /api/me/messages', '404 /api/me/messages/999999'] });
    await signInVillager(page, desk.page, 'ana');
    await speak(page, language);

    await open(page, 'write');
    await page.getByLabel(texts['mail.to'], { exact: true }).fill('nobody-here');
    await page.getByLabel(texts['write.text']).fill('x'.repeat(300));
    await button(page, 'write.send').click();
    await page.getByRole('alert').waitFor();
    await check(page, `state-refused-${language}`);
    assert.equal((await page.getByLabel(texts['write.text']).inputValue()).length, 300, 'what was typed is still there');

    await open(page, 'mail/999999');
    await page.getByRole('alert').waitFor();
    await check(page, `state-no-such-mail-${language}`);
    await open(page, 'queue');
    assert.equal(await page.locator('h1').textContent(), texts['missing.title'], 'no screen of operators');
    assert.deepEqual(wrong, []);
    await page.context().close();
  });
}

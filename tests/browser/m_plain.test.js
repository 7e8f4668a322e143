// SPDX-License-Identifier: Apache-2.0
// /plain in a browser without scripts: what a form sends there, only a real browser knows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openBrowser, openPage, phone, picture, url } from './browser.js';
import { api, signInAdmin } from './village.js';

const words = JSON.parse(readFileSync(new URL('../../web/console/languages/en.json', import.meta.url), 'utf8'));

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

test('sign in by a code, read a letter, answer it, see it sent, sign out', async () => {
  const desk = await openPage(browser, { viewport: phone });
  await signInAdmin(desk.page);
  await api(desk.page, 'PUT', '/people/pia', { name: 'Pia', language: 'en' });
  await api(desk.page, 'POST', '/me/messages', { to: ['pia'], subject: 'The well', text: 'It is open again.' });
  const { body: { code } } = await api(desk.page, 'POST', '/people/pia/sign-in-code');

  const { page, wrong } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${url}/plain`);
  await page.getByLabel(words['sign_in.handle']).fill('pia');
  await page.getByLabel(words['sign_in.code']).fill(code);
  await page.getByRole('button', { name: words['sign_in.do'] }).click();
  await page.getByRole('heading', { name: words['menu.inbox'] }).waitFor();
  await picture(page, 'plain-inbox');

  await page.getByRole('listitem').filter({ hasText: 'The well' }).getByRole('link').click();
  await page.getByText('It is open again.').waitFor();
  await picture(page, 'plain-letter');
  await page.getByRole('link', { name: words['mail.answer'], exact: true }).click();
  assert.equal(await page.getByLabel(words['write.subject']).inputValue(), 'The well');
  await page.getByLabel(words['write.text']).fill('Thank you, Carl.');
  await page.getByRole('button', { name: words['write.send'], exact: true }).click();
  await page.getByRole('heading', { name: words['menu.sent'] }).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Thank you, Carl.' }).waitFor();

  const { body } = await api(desk.page, 'GET', '/me/messages?box=in');
  assert.ok(body.messages.some((each) => each.text.includes('Thank you, Carl.')), JSON.stringify(body));
  await page.getByRole('button', { name: words['do.sign_out'] }).click();
  await page.getByRole('heading', { name: words['sign_in.title'] }).waitFor();
  assert.deepEqual(wrong, []);
});

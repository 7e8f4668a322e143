// SPDX-License-Identifier: Apache-2.0
// Without a mouse: skip link, focus that is seen, dialogs that give it back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage, settled, url, wide, until } from './browser.js';
import { signInAdmin } from './village.js';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.tagName);

test('keyboard only', async () => {
  const { page, wrong } = await openPage(browser, { viewport: wide });
  await signInAdmin(page);
  await page.goto(url);
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Skip to the content');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, 'solid');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');

  await page.goto(`${url}/people`);
  await settled(page);
  const add = page.getByRole('button', { name: 'Add somebody' });
  await add.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.ok(await page.evaluate(() => document.querySelector('dialog').contains(document.activeElement)));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Add somebody');

  await page.getByRole('link', { name: 'Queue' }).first().focus();
  await page.keyboard.press('Enter');
  await until(page, () => document.activeElement.tagName === 'H1');
  assert.equal(await focused(page), 'Queue', 'the heading of a new screen takes the focus');
  assert.match(await page.title(), /^Queue/);
  assert.deepEqual(wrong, []);
});

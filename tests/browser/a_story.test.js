// SPDX-License-Identifier: Apache-2.0
// From a box that belongs to nobody to the first delivered message, as people do it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, openBrowser, openPage, phone, picture, settled, touchable, unroll, url, wide } from './browser.js';
import { admin, api, keepCookies, speak } from './village.js';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

async function lookAtClaim(page) {
  for (const language of ['ar', 'en']) {
    for (const [size, viewport] of [['1280', wide], ['320', phone]]) {
      await page.setViewportSize(viewport);
      await speak(page, language);
      await page.reload();
      await settled(page);
      await unroll(page);
      const name = `visitor-claim-${language}-${size}`;
      await picture(page, name);
      await fits(page, name);
      await touchable(page, name);
      await accessible(page, name);
    }
  }
  await page.setViewportSize(phone);
}

async function claimOrSignIn(page) {
  await page.goto(url);
  await settled(page);
  if (await page.getByRole('heading', { name: 'Welcome' }).isVisible()) {
    await lookAtClaim(page);
    await page.getByLabel('Code of the box').fill('000-wrong');
    await page.getByLabel('Your name').fill(admin.name);
    await page.getByLabel('Short name').fill(admin.handle);
    await page.getByLabel('Password').fill(admin.password);
    await page.getByRole('button', { name: 'Take the box into use' }).click();
    await page.getByText('This is not the code of the box').waitFor();
    await page.getByLabel('Code of the box').fill(process.env.CONSOLE_CLAIM);
    await page.getByRole('button', { name: 'Take the box into use' }).click();
    await page.getByRole('heading', { name: 'First start', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).last().click();
  } else {
    await page.getByLabel('Short name').fill(admin.handle);
    await page.getByLabel('Password').fill(admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await keepCookies(page, admin.handle);
}

test('claim, add somebody, give her a code, write to her, she reads and answers', async () => {
  const desk = await openPage(browser, { expected: ['403 /api/claim'] });
  await claimOrSignIn(desk.page);

  await desk.page.getByRole('link', { name: 'People' }).last().click();
  await desk.page.getByRole('button', { name: 'Add somebody' }).click();
  await desk.page.getByLabel('Name', { exact: true }).fill('Zoe');
  await desk.page.getByLabel('Short name').fill('zoe');
  await desk.page.getByRole('button', { name: 'Add', exact: true }).click();
  await desk.page.getByRole('link', { name: /Zoe/ }).click();
  await desk.page.getByRole('button', { name: 'Make a sign-in code' }).click();
  const code = await desk.page.locator('.code').textContent();
  assert.match(code, /^\d{4} \d{4}$/);

  await desk.page.goto(`${url}/write`);
  await desk.page.getByLabel('To').fill('zoe');
  await desk.page.getByLabel('Subject').fill('Welcome');
  await desk.page.getByLabel('Text').fill('The well is open again.');
  await desk.page.getByText('Bytes: ').waitFor();
  await desk.page.reload();
  assert.equal(await desk.page.getByLabel('Text').inputValue(), 'The well is open again.', 'a draft survives a reload');
  await desk.page.getByRole('button', { name: 'Send', exact: true }).click();
  await desk.page.getByRole('heading', { name: 'Sent' }).waitFor();

  const zoe = await openPage(browser, { expected: ['403 /api/session'] });
  await zoe.page.goto(url);
  await zoe.page.getByRole('button', { name: 'I have a one-time code' }).click();
  await zoe.page.getByLabel('Short name').fill('Zoe');
  await zoe.page.getByLabel('One-time code').fill('0000 0000');
  await zoe.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await zoe.page.getByText('That did not match').waitFor();
  await zoe.page.getByLabel('One-time code').fill(code);
  await zoe.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await zoe.page.getByRole('link', { name: /The well is open again/ }).waitFor();
  await keepCookies(zoe.page, 'zoe');
  await zoe.page.getByRole('link', { name: /The well is open again/ }).click();
  await zoe.page.getByRole('heading', { name: 'Welcome' }).waitFor();
  await zoe.page.getByText('The way it took').waitFor();
  await zoe.page.getByText('This box', { exact: true }).first().waitFor();
  assert.equal(await zoe.page.getByRole('link', { name: 'Queue' }).count(), 0, 'no menu of operators');
  assert.equal((await api(zoe.page, 'GET', '/people')).status, 403);
  zoe.wrong.splice(0, zoe.wrong.length, ...zoe.wrong.filter((each) => each !== '403 /api/people'));

  await zoe.page.getByRole('link', { name: 'Answer' }).click();
  assert.match(await zoe.page.getByLabel('To').inputValue(), /carl/);
  await zoe.page.getByLabel('Text').fill('<b>thanks</b>');
  await zoe.page.getByRole('button', { name: 'Send', exact: true }).click();
  await zoe.page.getByRole('heading', { name: 'Sent' }).waitFor();

  await desk.page.goto(`${url}/inbox`);
  await desk.page.getByText('<b>thanks</b>').first().waitFor();
  assert.deepEqual(desk.wrong, []);
  assert.deepEqual(zoe.wrong, []);
});

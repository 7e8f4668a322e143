// SPDX-License-Identifier: Apache-2.0
// A new box, from its first start to the first message that arrives on a radio, as somebody does it
// who has never seen one. Nothing is played: the radio is found on USB, a real mail server takes and
// brings the test mail, and Ana's handheld is on the air.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { check, openBrowser, openPage, picture, settled, words } from './browser.js';
import { mailProvider, newBox } from './new_box.js';
import { admin, speak } from './village.js';

let browser;
let box;
let provider;
let page;
let wrong;
before(async () => {
  browser = await openBrowser();
  box = await newBox();
  provider = await mailProvider();
  ({ page, wrong } = await openPage(browser, { at: box.url, serviceWorkers: 'block', expected: ['failed '] }));
});
after(async () => {
  await Promise.all([browser?.close(), box?.stop(), provider?.stop()]);
});

const button = (name) => page.getByRole('button', { name, exact: true }).first();
const sees = (text) => page.getByText(text).first().waitFor();
const step = (title) => page.getByRole('heading', { name: title, level: 2, exact: true }).waitFor();
const keyed = (key) => page.locator(`[name="${key}"]`);
const next = () => button('Done, go on').click();

async function again() {
  await page.reload();
  await settled(page);
}

// In both directions of writing, as it is after a reload.
async function look(name) {
  for (const language of ['ar', 'en']) {
    await speak(page, language);
    await again();
    await check(page, `first-${name}-${language}-320`);
  }
}

async function claimTheBox() {
  await page.goto(box.url);
  await page.getByRole('heading', { name: 'Welcome' }).waitFor();
  await page.getByLabel('Code of the box').fill(box.code);
  await page.getByLabel('Your name').fill(admin.name);
  await page.getByLabel('Short name').fill(admin.handle);
  await page.getByLabel('Password').fill(admin.password);
  await button('Take the box into use').click();
  await step('Language');
  await next();
  await step('The village');
}

async function sayWhereItIs() {
  await page.getByLabel('Name of the village').fill('Hill');
  await page.getByLabel('Name in mail addresses').fill('hill.example');
  await again();
  await step('The village');
  assert.equal(await keyed('domain').inputValue(), 'hill.example', 'what was typed is still there');
  await keyed('timezone').fill('Africa/Nairobi');
  await keyed('place').fill('-1.2921, 36.8219');
  await button('Save').click();
  await sees('Saved.');
  await settled(page);
  await button('Restart the box').click();
  await sees('The box is back.');
  await button('Restart the box').waitFor({ state: 'detached' });
  await next();
  await step('Radios');
}

async function findTheRadio() {
  await sees('No radio is there yet.');
  await again();
  box.plugIn();
  await sees(/meshtastic\.usb-POST0001/);
  await sees('It works, and has heard nobody yet.');
  box.type('ana: ?');
  await page.getByText("Ana's handheld", { exact: true }).waitFor();
  await button('Test the signal').click();
  await sees(/Ana's handheld.? heard/);
  await look('radio');
  for (const leg of [/Ana's handheld.? heard .?Post/, /Post.? heard .?Ana's handheld/]) {
    const heard = page.locator('.facts > div', { has: page.getByText(leg) });
    assert.match(await heard.locator('dd').textContent(), /^6\.3\sdB$/);
  }
}

async function leaveAndComeBack() {
  await page.goto(box.url);
  await sees(/Steps that are open: .?4/);
  await page.getByRole('link', { name: 'Go on with it' }).click();
  await step('Radios');
  await next();
  await step('Mail');
}

async function connectMail() {
  await page.getByLabel('Mail address of the village').fill('village@hill.test');
  await page.getByLabel('Server where mail is read').fill(provider.imap);
  await page.getByLabel('Server where mail is sent').fill(provider.smtp);
  await again();
  assert.equal(await page.getByLabel('Mail address of the village').inputValue(), 'village@hill.test');
  await page.getByLabel('Password of the account').fill('pw');
  await button('Save, restart and test').click();
  await page.getByRole('heading', { name: 'The test mail' }).waitFor();
  const came = page.locator('.test li', { hasText: 'It came back' }).locator('.badge');
  await page.locator('.test').getByText('handed on', { exact: true }).waitFor();
  await look('mail');
  await step('Mail');
  await page.locator('.test').getByText('handed on', { exact: true }).waitFor();
  assert.equal(await came.textContent(), 'not yet', 'the provider has it, and it is not back');
  assert.equal(await page.getByText('The mail is back.').count(), 0);
  provider.deliver();
  await sees('The mail is back.');
  assert.equal(await came.textContent(), 'yes');
  await next();
  await step('People');
}

async function addAna() {
  await page.getByRole('link', { name: 'To the people' }).click();
  await button('Add somebody').click();
  await page.getByLabel('Name', { exact: true }).fill('Ana');
  await page.getByLabel('Short name').fill('ana');
  await button('Add').click();
  await page.getByRole('link', { name: /Ana/ }).click();
  let line;
  for (const language of ['ar', 'en']) {
    await speak(page, language);
    await again();
    await button(words(language)['person.radio_code']).click();
    [line] = /name ana \d{8}/.exec(await page.getByText(/name ana/).textContent());
    await picture(page, `first-code-${language}-320`);
  }
  box.type(`ana: ${line}`);
  await box.shows('You are ana@hill.example now');
  await again();
  await sees('meshtastic:!0000000a');
  await page.goto(`${box.url}/setup`);
  await step('People');
  await next();
  await step('Backup');
}

async function copyToTheStick() {
  const stick = join(box.folder, 'stick');
  await page.getByRole('link', { name: 'Choose another place' }).click();
  await keyed('backups').fill(stick);
  await button('Save').click();
  await sees(/^Saved: /);
  await page.goto(`${box.url}/setup`);
  await step('Backup');
  await page.getByText(stick, { exact: true }).waitFor();
  await button('Copy now').click();
  await sees('Done. The copy is in');
  assert.equal(readdirSync(stick).length, 1);
  await next();
  await sees('Nothing is left to do. The village can write.');
  await look('all');
}

async function writeToAna() {
  await page.goto(`${box.url}/write`);
  await page.getByLabel('To').fill('ana');
  await page.getByLabel('Text').fill('The post office is open.');
  await again();
  assert.equal(await page.getByLabel('Text').inputValue(), 'The post office is open.');
  await button('Send').click();
  await page.getByRole('link', { name: /The post office is open/ }).click();
  await box.shows('The post office is open.');
  await page.locator('main .badge', { hasText: /^arrived$/ }).first().waitFor();
  await look('arrived');
  await sees('arrived');
}

// She is out of reach: it waits. Put before the others it goes at once, also to a radio that says
// nothing by itself when it is switched on again.
async function sendOneFirst() {
  box.type('ana off');
  await page.goto(`${box.url}/write?to=ana`);
  await page.getByLabel('Text').fill('Come at five.');
  await button('Send').click();
  await page.getByRole('link', { name: /Come at five/ }).waitFor();
  await page.goto(`${box.url}/queue`);
  await page.locator('.badge', { hasText: /^waits until later$/ }).waitFor();
  await look('queue');
  await button('Send first').click();
  box.type('ana on');
  await box.shows('Come at five.');
  await page.goto(`${box.url}/sent`);
  await page.getByRole('link', { name: /Come at five/ }).click();
  await sees('put before the others');
  await page.locator('main .badge', { hasText: /^arrived$/ }).first().waitFor();
  await look('bumped');
}

test('from the first start to the first message that arrives', async () => {
  const story = [claimTheBox, sayWhereItIs, findTheRadio, leaveAndComeBack, connectMail, addAna, copyToTheStick, writeToAna, sendOneFirst];
  for (const each of story) await each();
  assert.deepEqual(wrong, []);
});

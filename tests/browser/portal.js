// SPDX-License-Identifier: Apache-2.0
// A phone's browser in the box's own Wi-Fi, from the probe that finds no Internet to a box that is
// claimed:  node portal.js claim|stay|again PROXY FOLDER [CLAIM_CODE]
// image/portal_test has the box and the phone; everything here goes through the phone, which asks
// for names too. What the browser knows stays in FOLDER from one call to the next.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { accessible, phone, words } from './browser.js';

const [what, proxy, folder, code] = process.argv.slice(2);
const kProbe = 'http://connectivitycheck.gstatic.com/generate_204';
const kBox = 'http://10.41.0.1';
const kPatience = 120e3;  // the box is an emulated machine
const kPortal = `${kBox}/portal`;
const text = words('en');
const wifi = { country: 'KE', name: 'Hill post', password: 'a word of the hill' };

const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  proxy: { server: `socks5://${proxy}` }, viewport: phone, locale: 'en', reducedMotion: 'reduce', serviceWorkers: 'block',
});
context.setDefaultTimeout(kPatience);
const page = await context.newPage();
const wrong = [];
page.on('pageerror', (error) => wrong.push(error.message));
page.on('response', (each) => {
  if (each.status() >= 400) wrong.push(`${each.status()} ${each.url()}`);
});

const sees = (key) => page.getByText(text[key]).first().waitFor();
const button = (key) => page.getByRole('button', { name: text[key], exact: true }).first();
const field = (key) => page.getByLabel(text[key]);
const picture = (name) => page.screenshot({ path: join(folder, `${name}.png`) });

async function atThePortal() {
  await page.goto(kProbe);
  assert.equal(page.url(), kPortal, 'a probe leads to the page');
  await accessible(page, 'portal');
}

async function claim() {
  await atThePortal();
  await sees('portal.new');
  await picture('portal-new');
  await page.getByRole('link', { name: text['claim.do'] }).click();
  await page.getByRole('heading', { name: text['claim.title'] }).waitFor();
  await field('claim.code').fill(code);
  await field('claim.name').fill('Carl');
  await field('sign_in.handle').fill('carl');
  await field('sign_in.password').fill('a long word of carl');
  await picture('portal-claim');
  await button('claim.do').click();
  await page.getByRole('heading', { name: text['setup.step.language'], level: 2 }).waitFor();
  const session = await page.evaluate(() => fetch('/api/session').then((each) => each.json()));
  assert.deepEqual([session.claimed, session.signed_in, session.handle, session.role], [true, true, 'carl', 'admin']);
  await picture('portal-claimed');
}

// Which law holds, what the Wi-Fi is called and who gets in: the phone is out when it is saved.
async function setTheWifi() {
  await page.goto(`${kBox}/setup/wifi`);
  await field('setup.wifi.country').fill(wifi.country);
  await field('setup.wifi.name').fill(wifi.name);
  await field('setup.wifi.password').fill(wifi.password);
  await accessible(page, 'setup/wifi');
  await picture('portal-wifi');
  await button('do.save').click();
  await sees('do.saved');
}

async function stay() {
  await atThePortal();
  await sees('portal.no_internet');
  await button('portal.stay').click();
  await sees('portal.stays');
  assert.equal(page.url(), kPortal);
  await accessible(page, 'portal that lets stay');
  await picture('portal-stays');
}

// In the new Wi-Fi, by the box's own name: the page knows who it is.
async function again() {
  await page.goto(`${kBox}/setup/wifi`);
  await page.getByRole('heading', { name: text['setup.step.wifi'], level: 2 }).waitFor();
  await until(async () => (await field('setup.wifi.country').inputValue()) === wifi.country);
  assert.equal(await field('setup.wifi.name').inputValue(), wifi.name);
  assert.equal(await field('setup.wifi.password').inputValue(), '', 'a secret is never shown');
  await picture('portal-again');
}

async function until(holds) {
  const end = Date.now() + kPatience;
  while (!await holds()) {
    assert.ok(Date.now() < end, `it never holds: ${holds}`);
    await page.waitForTimeout(500);
  }
}

try {
  for (const each of { claim: [claim, setTheWifi], stay: [stay], again: [again] }[what]) await each();
  assert.deepEqual(wrong, []);
} catch (error) {
  await picture('portal-failed').catch(() => {});
  throw error;
} finally {
  await context.close();
}

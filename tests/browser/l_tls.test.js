// SPDX-License-Identifier: Apache-2.0
// The page with TLS, in a browser that trusts the key of the box's own certificate and no other.
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fits, openBrowser, phone, picture, settled, unroll } from './browser.js';
import { admin, api } from './village.js';

const tls = process.env.CONSOLE_TLS_URL;
const words = JSON.parse(readFileSync(new URL('../../web/console/languages/en.json', import.meta.url), 'utf8'));

function trustOf(file) {
  const key = new X509Certificate(readFileSync(file)).publicKey.export({ type: 'spki', format: 'der' });
  return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
}

async function open(browser) {
  after(() => browser.close());
  const context = await browser.newContext({ viewport: phone, locale: 'en', reducedMotion: 'reduce' });
  return { context, page: await context.newPage() };
}

test('a browser that does not trust it is warned', async () => {
  const browser = await openBrowser();
  const { page } = await open(browser);
  await assert.rejects(page.goto(tls), /ERR_CERT_AUTHORITY_INVALID/);
});

test('signed in with TLS, news come live', async () => {
  const browser = await openBrowser([trustOf(process.env.CONSOLE_TLS_CERTIFICATE)]);
  const { context, page } = await open(browser);
  await page.goto(`${tls}/privacy`);
  await settled(page);
  const { body } = await api(page, 'GET', '/session');
  const came = body.claimed ? await api(page, 'POST', '/session', { handle: admin.handle, password: admin.password }) :
    await api(page, 'POST', '/claim', { code: process.env.CONSOLE_CLAIM, language: 'en', ...admin });
  assert.equal(came.status, 200);
  assert.equal(came.body.clear_http, false);
  const [cookie] = await context.cookies();
  assert.deepEqual([cookie.name, cookie.secure, cookie.httpOnly, cookie.sameSite], ['__Host-waypost', true, true, 'Strict']);

  await page.goto(`${tls}/health`);
  await settled(page);
  assert.equal(await page.evaluate(() => isSecureContext), true);
  assert.equal(await page.getByText(words['clear.banner']).count(), 0);
  await page.getByRole('heading', { name: words['tls.title'], exact: true }).waitFor();
  await unroll(page);
  await fits(page, 'tls');
  await picture(page, 'tls');

  await api(page, 'PUT', '/people/ana', { name: 'Ana', language: 'en' });
  const kind = await page.evaluate(async (to) => {
    const source = new EventSource('/api/events');
    const told = new Promise((done) => { source.addEventListener('delivery', (each) => done(each.type)); });
    await new Promise((done) => { source.onopen = done; });
    const { csrf } = await (await fetch('/api/session')).json();
    await fetch('/api/me/messages', { method: 'POST', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' },
      body: JSON.stringify({ to: [to], subject: 'The well', text: 'It is open again.' }) });
    return told;
  }, 'ana');
  assert.equal(kind, 'delivery');
});

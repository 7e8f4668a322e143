// SPDX-License-Identifier: Apache-2.0
// Updates, with the gateway and a played image around it: a file that is sent over a line that breaks, refusals, an
// install, the restart and how it ended.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { check, openBrowser, openPage, settled, url, words } from './browser.js';
import { come, drop, job, leave, say, take } from './image_side.js';
import { api, signInAdmin, speak } from './village.js';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

async function enter(language, expected = []) {
  const texts = words(language);
  const opened = await openPage(browser, { serviceWorkers: 'block', expected });
  const { page } = opened;
  await signInAdmin(page);
  await speak(page, language);
  // Values in a sentence stand between marks of direction.
  const pattern = (key) => new RegExp(`^${texts[key].replace(/[.?+()]/g, '\\$&').replace(/\{\w+\}/g, '.*')}`);
  return {
    ...opened,
    open: async () => {
      await page.goto(`${url}/update`);
      await settled(page);
    },
    button: (key) => page.getByRole('button', { name: texts[key], exact: true }).first(),
    asked: (key) => page.getByRole('dialog').getByRole('button', { name: texts[key], exact: true }),
    field: (key) => page.getByLabel(texts[key], { exact: true }),
    sees: (key) => page.getByText(pattern(key)).first().waitFor({ timeout: 20000 }),
  };
}

async function given(name) {
  for (let left = 200; left > 0; left -= 1) {
    const found = take(name);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the gateway gave no ${name}`);
}

const startedMs = (page) => api(page, 'GET', '/box').then((each) => each.body.started_ms, () => 0);

// Another start answers than that one.
async function isBack(page, before) {
  for (let left = 100; left > 0; left -= 1) {
    const now = await startedMs(page);
    if (now && now !== before) return;
    await page.waitForTimeout(200);
  }
  throw new Error('the gateway did not come back');
}

const offer = (more = {}) => say('offer', { version: '1.1', is: 'newer', from: 'stick', bytes: 183000000, ...more });

for (const language of ['en', 'ar']) {
  describe(language, () => {
    test('a box of packages', async () => {
      leave();
      const { page, wrong, open, sees } = await enter(language);
      await open();
      await sees('update.no_image');
      await check(page, `update-none-${language}`);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('a file is sent, over a line that breaks, and refused', async () => {
      come();
      const { page, wrong, open, button, field, sees } = await enter(language, ['failed ']);
      await open();
      await sees('update.runs');
      await check(page, `update-runs-${language}`);
      const bundle = randomBytes(700_000);
      let breaks = 2;
      await page.route('**/api/update/upload?at=262144', async (route) => {
        breaks -= 1;
        if (breaks === 1) return route.abort('connectionreset');
        // The answer is lost, the bytes are there.
        if (breaks === 0) {
          await route.fetch();
          return route.abort('connectionreset');
        }
        return route.continue();
      });
      await field('update.file').setInputFiles({ name: 'waypost-1.1.raucb', mimeType: 'application/octet-stream', buffer: bundle });
      await button('update.send').click();
      assert.deepEqual(await given('bundle.raucb'), bundle);
      assert.equal(take('from').toString(), 'upload waypost-1.1.raucb\n');
      for (const code of ['signature', 'damaged', 'board', 'room']) {
        job('refused', { code, text: 'signature verification failed: self-signed certificate' });
        await open();
        await sees(`update.refused.${code}`);
      }
      await check(page, `update-refused-${language}`);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('one is installed, and the box restarts into it', async () => {
      come();
      offer({ from: 'nncp:dale waypost-1.1.raucb' });
      job('offered');
      const { page, wrong, open, button, asked, sees } = await enter(language, ['failed ', '503 ', '502 ']);
      await open();
      await sees('update.signed');
      await check(page, `update-offer-${language}`);
      await button('update.install').click();
      await check(page, `update-ask-${language}`);
      await asked('update.install').click();
      assert.equal((await given('wish')).toString(), 'install');
      job('installing', { percent: 40 });
      await sees('update.installing');
      await check(page, `update-installing-${language}`);
      drop('offer');
      job('installed', { percent: 100 });
      await sees('update.installed');
      await check(page, `update-installed-${language}`);
      await button('update.restart').click();
      await asked('update.restart').click();
      assert.equal((await given('wish')).toString(), 'restart');
      drop('job');
      say('running', { slot: 'B', version: '1.1', board: 'waypost-amd64', good: 'yes' });
      say('result', { result: 'good', version: '1.1', from: '1.0', at: 1800000000, why: '' });
      const machine = await openPage(browser);
      await signInAdmin(machine.page);
      const started = await startedMs(machine.page);
      await api(machine.page, 'POST', '/restart');
      await isBack(machine.page, started);
      await machine.page.context().close();
      await sees('update.good');
      await check(page, `update-good-${language}`);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('it came back by itself, and says why', async () => {
      come({ good: 'no' });
      say('result', { result: 'back', version: '1.1', from: '1.0', at: 1800000000, why: 'down   meshtastic.roof does not answer' });
      offer({ is: 'older', from: 'upload old release with a long name.raucb' });
      const { page, wrong, open, button, asked, sees } = await enter(language);
      await open();
      await sees('update.back');
      await page.getByText('meshtastic.roof does not answer').waitFor();
      await sees('update.older');
      await sees('update.not_yet');
      assert.equal(await button('update.install').count(), 0, 'not while what runs is being tried');
      await check(page, `update-back-${language}`);
      await button('update.drop').click();
      await asked('update.drop').click();
      assert.equal((await given('wish')).toString(), 'discard');
      say('result', { result: 'cut', version: '1.1', from: '1.0', at: 1800000000, why: '' });
      await open();
      await sees('update.cut');
      assert.deepEqual(wrong, []);
      await page.context().close();
    });
  });
}

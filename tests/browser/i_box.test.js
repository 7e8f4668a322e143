// SPDX-License-Identifier: Apache-2.0
// Settings that are changed, the first start, copies and keys, with answers of a box that may be
// played with: what is saved, refused, overtaken by somebody else, and what survives a reload.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answerBox, damagedKey, mailIsBack, newBox, otherKey, rightKey } from './box_answers.js';
import { check, openBrowser, openPage, settled, until, url, words } from './browser.js';
import { api, signInAdmin, speak } from './village.js';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

async function open(page, path) {
  await page.goto(`${url}/${path}`);
  await settled(page);
}

async function enter(language) {
  const texts = words(language);
  const opened = await openPage(browser, { serviceWorkers: 'block', expected: ['400 /api/settings', '409 /api/settings', ' /api/sealed-copies/', 'failed '] });
  const { page } = opened;
  await signInAdmin(page);
  await speak(page, language);
  const box = newBox();
  await answerBox(page, box);
  // Values in a sentence stand between marks of direction.
  const pattern = (key) => new RegExp(`^${texts[key].replace(/[.?+()]/g, '\\$&').replace(/\{\w+\}/g, '.*')}$`);
  const name = (key) => (texts[key].includes('{') ? pattern(key) : texts[key]);
  return {
    ...opened, box,
    button: (key) => page.getByRole('button', { name: name(key), exact: true }).first(),
    asked: (key) => page.getByRole('dialog').getByRole('button', { name: name(key), exact: true }),
    field: (key) => page.getByLabel(texts[key], { exact: true }),
    sees: (key) => page.getByText(name(key)).first().waitFor({ timeout: 20000 }),
    heading: (key) => page.getByRole('heading', { name: texts[key], exact: true }).waitFor({ timeout: 20000 }),
  };
}

// Who works by keys or hears the page is at the step that came, not at nothing.
const isLed = () => {
  const at = document.activeElement;
  return at !== document.body && (at.localName === 'h1' || at.contains(document.querySelector('main h2')));
};

// The mark of a browser's own check is none of the page's; a field is known by its key.
const keyed = (page, key) => page.locator(`[name="${key}"]`);

for (const language of ['en', 'ar']) {
  describe(language, () => {
    test('settings are changed', async () => {
      const { page, wrong, box, button, sees } = await enter(language);
      await open(page, 'settings?search=limits');
      await keyed(page, 'person_airtime').fill('500');
      await keyed(page, 'person_burst').fill('60');
      await button('do.save').click();
      await sees('settings.wrong.range');
      await sees('settings.wrong.duration');
      assert.equal(await keyed(page, 'person_airtime').evaluate((e) => e === document.activeElement), true, 'led to what is wrong');
      await check(page, `box-wrong-${language}`);
      assert.equal(box.version, 1, 'the box was not asked');
      await keyed(page, 'person_airtime').fill('20');
      await keyed(page, 'person_burst').fill('30s');
      await button('do.save').click();
      await sees('settings.saved');
      await sees('settings.waits');
      await check(page, `box-waits-${language}`);
      await button('restart.do').click();
      await sees('restart.wait');
      await sees('restart.back');
      await check(page, `box-back-${language}`);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('somebody else was faster', async () => {
      const { page, wrong, box, button, sees } = await enter(language);
      await open(page, 'settings?search=box');
      await keyed(page, 'village').fill('Ours');
      box.version += 1;
      box.sections[0].settings[1].value = 'Theirs';
      await button('do.save').click();
      await sees('settings.conflict');
      assert.equal(await keyed(page, 'village').inputValue(), 'Ours');
      await check(page, `box-conflict-${language}`);
      await button('settings.anew').click();
      await page.getByText('Theirs').waitFor();
      assert.equal(await keyed(page, 'village').inputValue(), 'Ours', 'what was typed is still there');
      await keyed(page, 'village').fill('bad');
      await button('do.save').click();
      await page.getByText('village must be better').waitFor();
      await check(page, `box-refused-${language}`);
      await keyed(page, 'village').fill('Ours');
      await button('do.save').click();
      await sees('settings.saved');
      assert.equal(box.sections[0].settings[1].value, 'Ours');
      await button('settings.unset').click();
      await button('settings.unset').waitFor({ state: 'detached' });
      assert.equal(box.sections[0].settings[1].own, false);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('one connection starts anew by itself, or cannot', async () => {
      const { page, wrong, box, button, sees } = await enter(language);
      box.alone = ['email.relay'];
      const said = { required: false, restart: false, effect: 'section', fallback: '4', range: '1..20', unit: '', help: 'connections to each relay', by_default: true, own: false };
      box.sections.push({ name: 'email.relay', help: 'Mail in and out.', many: true, own: false, settings: [{ key: 'connections', kind: 'integer', value: '4', ...said }] });
      await open(page, 'settings?search=email');
      await sees('settings.section');
      await keyed(page, 'connections').fill('2');
      await button('do.save').click();
      await sees('settings.renewed');
      assert.equal(await page.getByText(words(language)['settings.waits']).count(), 0, 'no restart is asked for');
      await check(page, `box-renewed-${language}`);
      box.problems = [{ at: '[email.relay] listen', section: 'email.relay', key: 'listen', text: 'cannot listen on 127.0.0.1:25: the address is in use' }];
      await page.reload();
      await sees('settings.not_taken');
      await page.getByText('the address is in use').waitFor();
      await check(page, `box-not-taken-${language}`);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('a section comes and goes', async () => {
      const { page, wrong, box, button, asked, field, sees } = await enter(language);
      await open(page, 'settings');
      await button('settings.add').click();
      await field('settings.kind').selectOption('neighbour');
      await field('settings.name').fill('dale');
      await check(page, `box-add-${language}`);
      await asked('do.add').click();
      await button('do.save').click();
      await sees('settings.wrong.empty');
      await keyed(page, 'domain').fill('dale.example\nvale.example');
      await check(page, `box-fresh-${language}`);
      await button('do.save').click();
      await sees('settings.saved');
      assert.deepEqual(box.sections[2].settings[0].values, ['dale.example', 'vale.example']);
      await button('settings.remove').click();
      await check(page, `box-remove-${language}`);
      await asked('settings.remove.yes').click();
      await page.locator('summary', { hasText: 'neighbour.dale' }).waitFor({ state: 'detached' });
      assert.equal(box.sections.length, 2);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('the first start, with a reload between', async () => {
      const { page, wrong, box, button, field, sees, heading } = await enter(language);
      await open(page, '');
      await page.locator('a[href="/setup"]').click();
      await heading('setup.step.place');
      await sees('setup.at');
      const [step, list] = await Promise.all(['main h2', '.all-steps'].map((each) => page.locator(each).first().boundingBox()));
      assert.ok(step.y < list.y, 'on a phone the step stands before the list');
      await keyed(page, 'place').fill('1.5, 2.5');
      await page.reload();
      await heading('setup.step.place');
      assert.equal(await keyed(page, 'place').inputValue(), '1.5, 2.5');
      await check(page, `setup-place-${language}`);
      await button('do.save').click();
      await sees('do.saved');
      await button('setup.next').click();
      await heading('setup.step.radios');
      await until(page, isLed);
      await button('setup.skip').click();
      await heading('setup.step.mail');
      await until(page, isLed);
      await field('setup.mail.address').fill('hill@provider.example');
      await page.reload();
      await heading('setup.step.mail');
      assert.equal(await field('setup.mail.address').inputValue(), 'hill@provider.example');
      await field('setup.mail.password').fill('secret word');
      assert.ok(!await page.evaluate(() => JSON.stringify(sessionStorage).includes('secret word')), 'no password is kept');
      await button('setup.mail.do').click();
      await heading('setup.mail.test.title');
      await sees('setup.trouble.password');
      await check(page, `setup-test-${language}`);
      assert.equal(box.sections[2].settings.find((each) => each.key === 'server').value, 'imaps:imap.provider.example:993');
      assert.equal(box.sent.to[0], 'hill@provider.example');
      await page.reload();
      await heading('setup.mail.test.title');

      // Something happens on the box, which tells the page: it looks, and finds the mail.
      mailIsBack(box);
      const desk = await openPage(browser);
      await signInAdmin(desk.page);
      await api(desk.page, 'POST', '/me/messages', { to: ['carl'], subject: 'news', text: 'of any kind' });
      await sees('setup.mail.ready');
      await desk.page.context().close();
      await check(page, `setup-ready-${language}`);
      await button('setup.next').click();
      await heading('setup.step.people');
      await button('setup.skip').click();
      await heading('setup.step.backup');
      await button('backup.do').click();
      await page.getByText('2026-11-27-0001').waitFor();
      await button('setup.next').click();
      await sees('setup.all');
      await check(page, `setup-all-${language}`);
      assert.deepEqual(box.steps.map((each) => each.state), ['done', 'skipped', 'done', 'skipped', 'done']);
      await open(page, '');
      assert.equal(await page.locator('a[href="/setup"]').count(), 0);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('copies, restart, shutting down', async () => {
      const { page, wrong, box, button, asked, sees } = await enter(language);
      await open(page, 'backup');
      await check(page, `box-backup-${language}`);
      await button('backup.restore').click();
      await check(page, `box-restore-${language}`);
      await asked('backup.restore').click();
      await sees('restart.back');
      await button('backup.delete').click();
      await asked('backup.delete').click();
      await sees('backup.none');
      assert.equal(box.backups.length, 0);
      await open(page, 'health');
      await button('box.shut_down').click();
      await check(page, `box-off-${language}`);
      await asked('box.shut_down').click();
      await sees('box.off');
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('an encrypted copy is put back with its key', async () => {
      const { page, wrong, box, asked, field, sees } = await enter(language);
      await open(page, 'backup');
      await page.getByText('waypost-hill.example-000017.tar.age').waitFor();
      await check(page, `box-sealed-${language}`);
      const row = page.locator('li', { hasText: 'waypost-hill.example-000017.tar.age' });
      await row.getByRole('button').click();
      for (const [key, said] of [['AGE-SECRET-KEY-1QQ', 'bad'], [otherKey, 'other'], [damagedKey, 'damaged']]) {
        await field('sealed.key').fill(key);
        await asked('backup.restore').click();
        await sees(`sealed.wrong.${said}`);
        assert.equal(await field('sealed.key').inputValue(), key, 'what was typed is still there');
      }
      await check(page, `box-sealed-wrong-${language}`);
      assert.equal(box.restored, null);
      await field('sealed.key').fill(rightKey);
      await asked('backup.restore').click();
      await sees('restart.wait');
      await sees('restart.back');
      assert.equal(await page.getByRole('dialog').count(), 0);
      assert.equal(box.restored, '/media/BLUE/waypost-backups/waypost-hill.example-000017.tar.age');
      const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.body.innerHTML]));
      assert.ok(!kept.includes('AGE-SECRET-KEY-1Q'), 'no key is kept');
      box.sealed = [];
      await page.getByRole('button', { name: words(language)['sealed.look'] }).click();
      await sees('sealed.none');
      assert.deepEqual(wrong, []);
      await page.context().close();
    });

    test('a key is shown once', async () => {
      const { page, wrong, button, asked, field, sees } = await enter(language);
      await open(page, 'tokens');
      await button('token.make').click();
      await field('token.name').fill('meter');
      await check(page, `box-token-ask-${language}`);
      await asked('do.add').click();
      await page.locator('.token').waitFor();
      await check(page, `box-token-${language}`);
      await button('token.copy').click();
      await sees('token.copied');
      await page.reload();
      await settled(page);
      await page.getByText('meter').waitFor();
      assert.equal(await page.locator('.token').count(), 0);
      assert.deepEqual(wrong, []);
      await page.context().close();
    });
  });
}

test('who is no administrator reads', async () => {
  const { page, box } = await enter('en');
  box.changeable = false;
  box.problem = 'page.toml:3: smtp takes smtps:host:465';
  await open(page, 'settings?search=box');
  await page.getByText('smtp takes smtps:host:465').waitFor();
  assert.equal(await page.locator('main input:not([type=search])').count(), 0);
  await check(page, 'box-read-only');
  await page.context().close();
});

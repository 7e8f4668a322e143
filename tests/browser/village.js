// SPDX-License-Identifier: Apache-2.0
// A village to look at: its admin, and the ways to sign in. The gateway lets nobody try to sign in
// often (six times in a row, wrong ones too), so each one does it once, and the tests that follow
// take his cookie.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settled, url } from './browser.js';

export const admin = { handle: 'carl', name: 'Carl', password: 'seven green lanterns' };
const code = process.env.CONSOLE_CLAIM ?? '';

async function api(page, method, path, body) {
  return page.evaluate(async ([how, where, what]) => {
    const { csrf } = await (await fetch('/api/session')).json();
    const headers = { 'X-CSRF-Token': csrf ?? '', 'Content-Type': 'application/json' };
    const answer = await fetch(`/api${where}`, { method: how, headers, body: how === 'GET' ? undefined : JSON.stringify(what ?? {}) });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  }, [method, path, body]);
}
export { api };

const folder = join(tmpdir(), `waypost-console-cookies-${new URL(url).port}`);
const fileOf = (handle) => join(folder, `${handle}.json`);

export async function keepCookies(page, handle) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(handle), JSON.stringify(await page.context().cookies()), { mode: 0o600 });
}

async function takeCookies(page, handle) {
  try {
    await page.context().addCookies(JSON.parse(readFileSync(fileOf(handle), 'utf8')));
  } catch {
    // Nobody kept any.
  }
}

// By the API, so that tests of other things do not lean on the form; the story uses the form.
async function enter(page, handle, how) {
  await takeCookies(page, handle);
  await page.goto(`${url}/privacy`);
  await settled(page);
  if ((await api(page, 'GET', '/session')).body.handle === handle) return;
  const answer = await how();
  if (answer.status !== 200) throw new Error(`${handle} does not come in: ${JSON.stringify(answer)}`);
  await keepCookies(page, handle);
  await page.goto(`${url}/privacy`);
  await settled(page);
}

export const signInAdmin = (page) => enter(page, admin.handle, async () => {
  const { body } = await api(page, 'GET', '/session');
  return body.claimed ? api(page, 'POST', '/session', { handle: admin.handle, password: admin.password }) :
    api(page, 'POST', '/claim', { code, language: 'en', ...admin });
});

export const signInVillager = (page, operator, handle, name = handle) => enter(page, handle, async () => {
  const people = (await api(operator, 'GET', '/people')).body.people;
  if (!people.some((each) => each.handle === handle)) {
    await api(operator, 'PUT', `/people/${handle}`, { name, language: 'en' });
  }
  const made = await api(operator, 'POST', `/people/${handle}/sign-in-code`);
  return api(page, 'POST', '/session', { handle, code: made.body.code });
});

export const speak = (page, language) =>
  page.evaluate((name) => localStorage.setItem('waypost-language', name), language);

// Something on each screen, also on a box that was new a minute ago.
export async function furnish(page) {
  const { groups } = (await api(page, 'GET', '/groups')).body;
  if (!groups.length) {
    await api(page, 'POST', '/groups', { name: 'news', title: 'Village news', mode: 'moderated', post: 'members', moderators: [admin.handle] });
  }
  await api(page, 'PUT', '/people/ana', { name: 'Ana Ruiz', language: 'en' });
  await api(page, 'POST', '/groups/news/members', { who: 'ana', digest: false });
  await api(page, 'POST', '/me/messages', { to: ['ana'], subject: 'The well', text: 'The well is open again. Please boil the water for two more days.' });
  await api(page, 'POST', '/me/messages', { to: ['bob@example.org'], subject: 'Car', text: 'It stands at the ford.' });
}

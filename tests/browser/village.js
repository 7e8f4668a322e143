// SPDX-License-Identifier: Apache-2.0
// A village to look at: its admin, and the ways to sign in.
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

// By the API, so that tests of other things do not lean on the form; the story uses the form.
export async function signInAdmin(page) {
  await page.goto(`${url}/privacy`);
  await settled(page);
  const { body } = await api(page, 'GET', '/session');
  if (!body.claimed) await api(page, 'POST', '/claim', { code, language: 'en', ...admin });
  else await api(page, 'POST', '/session', { handle: admin.handle, password: admin.password });
}

export async function signInVillager(page, operator, handle, name = handle) {
  const people = (await api(operator, 'GET', '/people')).body.people;
  if (!people.some((each) => each.handle === handle)) {
    await api(operator, 'PUT', `/people/${handle}`, { name, language: 'en' });
  }
  const made = await api(operator, 'POST', `/people/${handle}/sign-in-code`);
  await page.goto(`${url}/privacy`);
  await settled(page);
  await api(page, 'POST', '/session', { handle, code: made.body.code });
}

export const speak = (page, language) =>
  page.evaluate((name) => localStorage.setItem('waypost-language', name), language);

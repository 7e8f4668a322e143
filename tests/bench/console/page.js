// SPDX-License-Identifier: Apache-2.0
// What a phone of an administrator fetches, and how long a slow one takes. The browser and the
// village are those of tests/browser.
import { gzipSync } from 'node:zlib';
import { openBrowser, openPage, settled, until, url } from '../../browser/browser.js';
import { answerRadios, map } from '../../browser/radio_answers.js';
import { tilesFile } from '../../browser/tiles.js';
import { api, furnish, signInAdmin } from '../../browser/village.js';
import { menuOf } from '../../../web/console/src/shell/menu.js';
import { percentile } from './figures.js';

const kQuiet = 700;  // ms after which nothing more is fetched
const kSlower = 6;
const kTimes = 5;
const kilobytes = (all) => all.reduce((bytes, each) => bytes + each.bytes, 0) / 1024;

// Streams that do not end count as requests, without their bytes.
function count(page) {
  const all = [];
  page.on('response', (answer) => {
    const path = answer.url().slice(url.length);
    const entry = { path, kind: answer.request().resourceType(), bytes: 0, at: performance.now(), whole: null };
    all.push(entry);
    if (/^\/api\/(events|live)/.test(path)) return;
    entry.whole = answer.body().then((body) => { entry.bytes = gzipSync(body, { level: 9 }).length; });
  });
  return all;
}

// Until nothing more was fetched for a while.
async function fetched(page, all) {
  for (let left = 30; left > 0; left -= 1) {
    await page.waitForTimeout(kQuiet / 4);
    await Promise.all(all.map((each) => each.whole));
    if (performance.now() - all[all.length - 1].at > kQuiet) return;
  }
  throw new Error(`it fetches on and on: ${all.map((each) => each.path).join(' ')}`);
}

// Nothing is kept from before but the cookie.
async function opened(browser, cookies, path, { ready, prepare = async () => {} } = {}) {
  const { context, page } = await openPage(browser, { serviceWorkers: 'block' });
  await context.addCookies(cookies);
  await prepare(page);
  const all = count(page);
  await page.goto(`${url}${path}`);
  await settled(page);
  if (ready) await page.locator(ready).first().waitFor({ state: 'attached' });
  await fetched(page, all);
  await context.close();
  return all;
}

const isAnswer = ({ path }) => path.startsWith('/api/');

// Scripts that the page itself does not name are fetched behind it, for other screens, and count for
// each of those.
async function behind() {
  const html = await (await fetch(url)).text();
  return ({ kind, path }) => kind === 'script' && !html.includes(path);
}

async function firstLoad({ browser, cookies }, figures) {
  const all = await opened(browser, cookies, '/');
  const isBehind = await behind();
  const later = all.filter(isBehind);
  const answers = all.filter(isAnswer);
  figures.row('first load, signed in', kilobytes(all), 'KB gzip', { limit: 60, as: 'first_load_kb',
    note: `${kilobytes(later).toFixed(1)} of it fetched behind the overview, for operators' other screens` });
  figures.row('first load, signed in', all.length, 'requests', { limit: 6, as: 'first_load_requests',
    note: `${later.length} of it behind the overview; ${answers.length} to the API: ${answers.map((each) => each.path.slice(5)).join(' ')}` });
  const visitor = await opened(browser, [], '/');
  figures.row('first load, not signed in', kilobytes(visitor), 'KB gzip', { limit: 60, as: 'visitor_kb' });
  figures.row('first load, not signed in', visitor.length, 'requests', { limit: 6, as: 'visitor_requests' });
}

// Those of the menu, and those that are opened from them.
async function screensOf(page) {
  const letter = (await api(page, 'GET', '/messages')).body.messages[0].id;
  const own = (await api(page, 'GET', '/me/messages?box=out')).body.messages[0].id;
  const menu = menuOf('admin').flatMap((group) => group.entries.map((each) => each.path));
  return [...menu.filter((path) => path !== '/'), '/people/ana', '/groups/news', `/messages/${letter}`, `/mail/${own}`, '/radios/meshtastic',
    '/setup', ...['place', 'radios', 'mail', 'people', 'backup'].map((each) => `/setup/${each}`), '/more', '/privacy'];
}

// Radios and map show what the browser tests' box answers: there is no radio here.
async function laterScreens({ browser, cookies, page }, figures) {
  const prepare = (each) => answerRadios(each, { map: { ...map, tiles: true }, tiles: tilesFile({ type: 1 }) });
  const waitsFor = { '/radios/meshtastic': '.chart', '/map': '.map canvas' };
  const isBehind = await behind();
  const overview = await opened(browser, cookies, '/');
  const known = new Set(overview.filter((each) => !isBehind(each) && (!isAnswer(each) || each.path === '/api/session')).map((each) => each.path));
  const found = [];
  for (const path of await screensOf(page)) {
    const all = await opened(browser, cookies, path, { ready: waitsFor[path], prepare });
    found.push({ path, more: kilobytes(all.filter((each) => each.kind !== 'document' && !known.has(each.path))) });
  }
  found.sort((a, b) => b.more - a.more);
  const others = found.slice(1, 4).map((each) => `${each.path} ${each.more.toFixed(1)}`).join(', ');
  figures.row(`worst of ${found.length} later screens: ${found[0].path}`, found[0].more, 'KB gzip', { limit: 90, as: 'later_screen_kb',
    note: `opened by itself, without what the overview has; then ${others}` });
  figures.word('later_screen', found[0].path);
}

// Runs in the page before its own script: as soon as heading and menu stand it goes to another screen,
// as a finger would, and notes when that is there.
function goOn() {
  let left = 0;
  const look = () => {
    const heading = document.querySelector('h1')?.textContent;
    const link = document.querySelector('nav a[href="/inbox"]');
    if (!left && heading === 'Overview' && link) {
      left = performance.now();
      link.click();
    } else if (left && heading === 'Inbox') {
      window.usable = { stands: left, goes: performance.now() };
      looker.disconnect();
    }
  };
  const looker = new MutationObserver(look);
  looker.observe(document, { subtree: true, childList: true, characterData: true });
}

async function onceUsable(browser, cookies) {
  const { context, page } = await openPage(browser, { serviceWorkers: 'block' });
  await context.addCookies(cookies);
  await page.addInitScript(goOn);
  const slow = await context.newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: kSlower });
  await page.goto(url);
  await until(page, () => Boolean(window.usable));
  const usable = await page.evaluate(() => window.usable);
  await context.close();
  return usable;
}

async function usable({ browser, cookies }, figures) {
  const all = [];
  for (let i = 0; i < kTimes; i += 1) all.push(await onceUsable(browser, cookies));
  const seconds = all.map((each) => each.goes / 1000);
  const stands = percentile(all.map((each) => each.stands / 1000), 0.5);
  figures.row('usable, processor slowed six times', percentile(seconds, 0.5), 's', { limit: 1.5, as: 'usable_s',
    note: `median of ${kTimes}, ${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}; heading and menu stand at ${stands.toFixed(2)}` });
}

const measures = { 'first-load': firstLoad, 'later-screens': laterScreens, usable };

// `chosen`: of the parts above.
export async function measurePage(chosen, figures) {
  const browser = await openBrowser();
  try {
    const { page, context } = await openPage(browser, { serviceWorkers: 'block' });
    await signInAdmin(page);
    await furnish(page);
    const village = { browser, page, cookies: await context.cookies() };
    for (const each of chosen) await measures[each](village, figures);
  } finally {
    await browser.close();
  }
}

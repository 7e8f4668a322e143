// SPDX-License-Identifier: Apache-2.0
// A browser that knows the box and nothing else: every other name is refused, and each request that
// fails or goes elsewhere, and each error in the page, is remembered.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const url = process.env.CONSOLE_URL ?? 'http://127.0.0.1:8080';
const pictures = process.env.CONSOLE_PICTURES ?? fileURLToPath(new URL('../../build/console-pictures', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function openBrowser(more = []) {
  await mkdir(pictures, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', ...more],
  });
}

// The texts of the page in a language.
export const words = (language) => JSON.parse(readFileSync(new URL(`../../web/console/languages/${language}.json`, import.meta.url), 'utf8'));

export const phone = { width: 320, height: 640 };
export const wide = { width: 1280, height: 800 };

// `expected`: what a test makes fail on purpose, as part of "status path". `at`: another box than ours.
export async function openPage(browser, { viewport = phone, locale = 'en', expected = [], at = url, ...rest } = {}) {
  const context = await browser.newContext({ viewport, locale, reducedMotion: 'reduce', ...rest });
  const page = await context.newPage();
  const wrong = [];
  const note = (what) => {
    if (!expected.some((each) => what.includes(each))) wrong.push(what);
  };
  page.on('request', (each) => {
    if (!each.url().startsWith(at) && !each.url().startsWith('data:')) note(`foreign ${each.url()}`);
  });
  page.on('requestfailed', (each) => {
    // What is stopped because the page goes on is no failure.
    if (each.failure()?.errorText !== 'net::ERR_ABORTED') note(`failed ${each.url()} ${each.failure()?.errorText}`);
  });
  page.on('response', (each) => {
    if (each.status() >= 400) note(`${each.status()} ${each.url().slice(at.length)}`);
  });
  page.on('pageerror', (error) => note(`error ${error.message}`));
  page.on('console', (each) => {
    if (each.type() === 'error' && !/Failed to load resource/.test(each.text())) note(`console ${each.text()}`);
  });
  return { context, page, wrong };
}

// Waits until that holds in the page. (waitForFunction() needs eval, which the page forbids.)
export async function until(page, holds, argument) {
  for (let left = 300; left > 0; left -= 1) {
    if (await page.evaluate(holds, argument)) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`it never holds: ${holds}`);
}

// Waits until nothing on the screen is still being asked for.
export async function settled(page) {
  await page.waitForSelector('h1');
  await until(page, () => !document.querySelector('[data-waits]'));
}

// As high as the page: what the bar at the bottom covers just now can be scrolled to.
export async function unroll(page) {
  const { width, height } = page.viewportSize();
  const all = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(all, height) });
}

export async function accessible(page, what) {
  await page.evaluate(axe);  // the page's own rules allow no foreign script: the browser puts it in
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await page.evaluate((values) => axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }), tags);
  const words = found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(words, [], what);
}

export async function fits(page, what) {
  const { inner, all, wide: names } = await page.evaluate(() => ({
    inner: innerWidth,
    all: document.documentElement.scrollWidth,
    wide: [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1 ||
      each.getBoundingClientRect().left < -1).slice(0, 4).map((each) => each.outerHTML.slice(0, 120)),
  }));
  assert.ok(all <= inner, `${what}: ${all} px wide on ${inner}: ${names.join(' | ')}`);
}

// WCAG 2.5.5: 44 px for what a finger is to hit; links inside a sentence are as high as it is.
export async function touchable(page, what) {
  const small = await page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, summary, nav a, .button, a.row')]
    .filter((each) => each.offsetParent && each.type !== 'checkbox')
    .map((each) => ({ box: each.getBoundingClientRect(), html: each.outerHTML.slice(0, 100) }))
    .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 43.5)).map((each) => each.html));
  assert.deepEqual(small, [], what);
}

export const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) });

// A picture of it on a phone, and all that each screen has to be.
export async function check(page, name) {
  await unroll(page);
  await picture(page, name);
  await fits(page, name);
  await touchable(page, name);
  await accessible(page, name);
  await page.setViewportSize(phone);
}

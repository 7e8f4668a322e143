// SPDX-License-Identifier: Apache-2.0
// The folder by which an image's side of updates and the gateway speak, and that side as its program would act. Only by
// run.js, which tells the gateway where it is.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.CONSOLE_UPDATE;

const lines = (values) => Object.entries(values).map(([key, value]) => `${key}=${value}\n`).join('');

export function leave() {
  rmSync(folder, { recursive: true, force: true });
}

export function come({ good = 'yes' } = {}) {
  leave();
  mkdirSync(join(folder, 'in'), { recursive: true });
  say('running', { slot: 'A', version: '1.0', board: 'waypost-amd64', good });
}

export function say(name, values) {
  writeFileSync(join(folder, `${name}.new`), lines(values));
  renameSync(join(folder, `${name}.new`), join(folder, name));
}

export const job = (doing, more = {}) => say('job', { doing, percent: 0, code: '', text: '', version: '1.1', ...more });

export const drop = (name) => rmSync(join(folder, name), { force: true });

// What the gateway gave, which is taken by that; null: nothing.
export function take(name) {
  const file = join(folder, 'in', name);
  if (!existsSync(file)) return null;
  const given = readFileSync(file);
  rmSync(file);
  return given;
}

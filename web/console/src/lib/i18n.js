// SPDX-License-Identifier: Apache-2.0
// The language of the page: catalogue, direction, and times and numbers as it writes them.
import { signal } from '@preact/signals';
import { bestLanguage, fill } from './pattern.js';

export const languages = {
  en: 'English', es: 'Español', fr: 'Français', pt: 'Português',
  sw: 'Kiswahili', ar: 'العربية', hi: 'हिन्दी', uk: 'Українська',
};

const kKey = 'waypost-language';
export const language = signal('en');
const texts = signal({});

export function t(key, values) {
  const pattern = texts.value[key];
  return pattern === undefined ? key : fill(pattern, values);
}

export async function setLanguage(name) {
  const answer = await fetch(LANGUAGES[name]);
  if (!answer.ok) throw new Error('no catalogue');
  const all = await answer.json();
  document.documentElement.lang = name;
  document.documentElement.dir = name === 'ar' ? 'rtl' : 'ltr';
  language.value = name;
  texts.value = all;
}

export function chooseLanguage(name) {
  localStorage.setItem(kKey, name);
  return setLanguage(name);
}

export const chosenLanguage = () => localStorage.getItem(kKey);

export function firstLanguage() {
  const chosen = chosenLanguage();
  return bestLanguage(chosen ? [chosen] : navigator.languages, Object.keys(languages), 'en');
}

const made = new Map();
function format(kind, options) {
  const key = kind.name + language.value + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new kind(language.value, options));
  return made.get(key);
}

export const number = (value, options) => format(Intl.NumberFormat, options).format(value);

export const decibels = (value) => `${number(value, { maximumFractionDigits: 1 })}\u00a0dB`;

export const bytes = (value) => {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
  return number(value / 1000 ** step, {
    style: 'unit', unit: units[step], unitDisplay: step ? 'short' : 'long',
    maximumFractionDigits: step > 2 ? 1 : 0,
  });
};

export function duration(ms) {
  const [size, unit] = [[86400e3, 'day'], [3600e3, 'hour'], [60e3, 'minute'], [1e3, 'second']]
    .find(([each]) => Math.abs(ms) >= each) ?? [1e3, 'second'];
  const whole = Math.abs(ms) >= 10 * size || ms % size === 0;
  return number(ms / size, {
    style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: whole ? 0 : 1,
  });
}

export const clock = (ms) => format(Intl.DateTimeFormat, { timeStyle: 'short' }).format(ms);

const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();
export function when(ms, now = Date.now()) {
  if (sameDay(ms, now)) return clock(ms);
  const year = new Date(ms).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return format(Intl.DateTimeFormat, {
    year, month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit',
  }).format(ms);
}
export const fullTime = (ms) =>
  format(Intl.DateTimeFormat, { dateStyle: 'full', timeStyle: 'medium' }).format(ms);

// SPDX-License-Identifier: Apache-2.0
// The settings of the box on a form: which input fits a kind, what is wrong with a text before the
// box is asked, and which changes a form makes. A draft is {key: {text, was}}: what was typed, and
// what the box had when that began. Pure.
const kMilliseconds = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 };
const kBytes = { '': 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

function measured(text, units) {
  const [, digits, unit] = /^(\d{1,15})([A-Za-z]*)$/.exec(text) ?? [];
  return digits && unit in units ? Number(digits) * units[unit] : NaN;
}
export const durationOf = (text) => measured(text, kMilliseconds);
export const sizeOf = (text) => measured(text, kBytes);

const wholeOf = (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : NaN);
const readers = { integer: wholeOf, duration: durationOf, bytes: sizeOf };

const plain = { as: 'input', type: 'text', dir: 'ltr', autocapitalize: 'none', spellcheck: false, autocomplete: 'off' };
const inputs = {
  boolean: { as: 'check' },
  choice: { as: 'select' },
  list: { ...plain, as: 'textarea', type: undefined, rows: 3 },
  integer: { ...plain, inputMode: 'numeric' },
  'secret-file': { ...plain, type: 'password', autocomplete: 'new-password' },
  text: { ...plain, dir: 'auto' },
};
export const inputOf = (kind) => inputs[kind] ?? plain;

export const choicesOf = (setting) => setting.range.split('|').filter(Boolean);

// One text for each kind: lists have a line for each, and a secret is never shown.
export function textOf(setting) {
  if (setting.kind === 'secret-file') return '';
  return setting.kind === 'list' ? (setting.values ?? []).join('\n') : setting.value ?? '';
}

// In one line, to be read.
export const shortOf = (text) => text.split('\n').join(', ');

const linesOf = (text) => text.split('\n').map((each) => each.trim()).filter(Boolean);

// The key of what is wrong with it; what takes more than a look is the box's to say.
export function wrongWith(setting, text) {
  const tidy = text.trim();
  if (!tidy) return setting.required && !(setting.kind === 'secret-file' && setting.value) ? 'settings.wrong.empty' : '';
  const read = readers[setting.kind];
  if (!read) return '';
  const value = read(tidy);
  if (Number.isNaN(value)) return `settings.wrong.${setting.kind}`;
  const [least, most] = setting.range.split('..').map((each) => read(each));
  return value < least || value > most ? 'settings.wrong.range' : '';
}

export const typed = (draft, setting) => draft[setting.key]?.text ?? textOf(setting);

// Draft after one more letter. What is again as it was is no draft.
export function withTyped(draft, setting, text) {
  const { [setting.key]: before, ...rest } = draft;
  const was = before?.was ?? textOf(setting);
  return text === was && was === textOf(setting) ? rest : { ...rest, [setting.key]: { text, was } };
}

// Keys whose value somebody else changed while something was typed for them.
export const overtaken = (draft, settings) => settings
  .filter((each) => each.key in draft && draft[each.key].was !== textOf(each)).map((each) => each.key);

// What was typed stays, over what the box has now.
export const rebased = (draft, settings) => settings.reduce(
  (all, each) => (each.key in all ? withTyped({ ...all, [each.key]: { ...all[each.key], was: textOf(each) } }, each, all[each.key].text) : all), draft);

export function changeOf(section, setting, text) {
  const at = { section, key: setting.key };
  if (setting.kind === 'list') return { ...at, values: linesOf(text) };
  if (setting.kind === 'secret-file') return { ...at, secret: text };
  if (!text.trim()) return { ...at, unset: true };
  return { ...at, value: text.trim() };
}

// An empty field takes back what the page had set; what the file of the box says can only be
// said otherwise, so there the empty text itself is sent.
function emptied(change, setting) {
  if (!change.unset || setting.own || setting.by_default) return change;
  return { section: change.section, key: change.key, value: '' };
}

export function changesOf(section, settings, draft) {
  return settings.filter((each) => each.key in draft)
    .filter((each) => each.kind !== 'secret-file' || draft[each.key].text)
    .map((each) => emptied(changeOf(section, each, draft[each.key].text), each));
}

// {key: key of the catalogue} of everything typed that cannot be right.
export function checked(settings, draft, { fresh = false } = {}) {
  const wrong = settings.filter((each) => fresh || each.key in draft)
    .map((each) => [each.key, wrongWith(each, typed(draft, each))]).filter(([, key]) => key);
  return Object.fromEntries(wrong);
}

// What the box found, by the field that it is about; the rest under ''.
export function problemsBy(problems, section, settings) {
  const found = {};
  for (const { at = '', text, ...where } of problems) {
    const about = settings.find(({ key }) => where.section === section && where.key === key) ?? settings.find(({ key }) => [`${section}.${key}`, `[${section}] ${key}`, key].includes(at)) ??
      settings.find(({ key }) => text.startsWith(`${key} `) || text.startsWith(`${key}:`) || text.includes(` needs ${key}:`));
    const key = about?.key ?? '';
    found[key] = [found[key], about ? text : [at, text].filter(Boolean).join(': ')].filter(Boolean).join('\n');
  }
  return found;
}

export function matching(sections, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text) => words.every((each) => text.toLowerCase().includes(each));
  return sections
    .map((each) => ({ ...each, shown: each.settings.filter((s) => has([each.name, each.help, s.key, s.help, s.value].filter(Boolean).join(' '))) }))
    .filter((each) => each.shown.length);
}

export const kNamePattern = '[a-z0-9][a-z0-9_\\-]{0,31}';

// A section that is not there yet, as the form needs it.
export const freshSection = (kind, name) => ({
  name: `${kind.name}.${name}`, help: kind.help, many: true, own: true, fresh: true,
  settings: kind.settings.map((each) => ({ ...each, value: each.fallback, values: [], by_default: true })),
});

// SPDX-License-Identifier: Apache-2.0
// Texts with {names} in them. Pure: no page, no signals.

// A name or an address inside a sentence of another direction must not turn its words around, so
// each value stands between the marks FSI and PDI (Unicode, UAX 9).
export const isolate = (value) => `\u2068${value}\u2069`;

export function fill(pattern, values = {}) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? isolate(values[name]) : whole);
}

export const placeholders = (pattern) =>
  [...pattern.matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();

// The language of ours that fits best what the browser asks for, in its order.
export function bestLanguage(wanted, known, fallback) {
  for (const each of wanted) {
    const plain = each.toLowerCase().split('-')[0];
    if (known.includes(plain)) return plain;
  }
  return known.includes(fallback) ? fallback : 'en';
}

// SPDX-License-Identifier: Apache-2.0
// What is being written survives a reload, in this tab only. Several screens keep one, by name.
const kKey = 'waypost-draft';
const keyOf = (name) => (name ? `${kKey}-${name}` : kKey);

export function keptDraft(name) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(name))) ?? {};
  } catch {
    return {};
  }
}
export const keepDraft = (draft, name) => sessionStorage.setItem(keyOf(name), JSON.stringify(draft));
export const forgetDraft = (name) => sessionStorage.removeItem(keyOf(name));

export function forgetDrafts() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(kKey)) sessionStorage.removeItem(key);
  }
}

// SPDX-License-Identifier: Apache-2.0
// What is being written survives a reload, in this tab only.
const kKey = 'waypost-draft';

export function keptDraft() {
  try {
    return JSON.parse(sessionStorage.getItem(kKey)) ?? {};
  } catch {
    return {};
  }
}
export const keepDraft = (draft) => sessionStorage.setItem(kKey, JSON.stringify(draft));
export const forgetDraft = () => sessionStorage.removeItem(kKey);

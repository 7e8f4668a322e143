// SPDX-License-Identifier: Apache-2.0
// The clipboard proper is for encrypted pages only; the old way works on any.
function oldWay(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.position = 'fixed';
  // Inside an open dialog only what is inside it can be selected.
  const home = document.querySelector('dialog[open]') ?? document.body;
  home.append(field);
  field.select();
  field.setSelectionRange(0, text.length);
  const done = document.execCommand('copy');
  field.remove();
  return done;
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return oldWay(text);
  }
}

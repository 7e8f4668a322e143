// SPDX-License-Identifier: Apache-2.0
// Codes as people type them. Pure.

// Every script has its ten digits side by side, beginning with nought, and those of scripts that
// stand next to each other are apart.
function digit(letter) {
  const code = letter.codePointAt(0);
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

// Digits of any script, without the spaces that people put between them.
export const plainCode = (text) => text.normalize('NFKC').replace(/\p{Nd}/gu, digit).replace(/\D/g, '');

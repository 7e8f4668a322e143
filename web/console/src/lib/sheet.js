// SPDX-License-Identifier: Apache-2.0
// A style that only some screens need, asked for once.
const asked = new Map();

export function fetchSheet(name) {
  if (!asked.has(name)) {
    asked.set(name, new Promise((done, fail) => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = STYLES[name];
      link.onload = done;
      link.onerror = () => {
        asked.delete(name);
        link.remove();
        fail(new Error('no style'));
      };
      document.head.append(link);
    }));
  }
  return asked.get(name);
}

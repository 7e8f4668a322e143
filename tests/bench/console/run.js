// SPDX-License-Identifier: Apache-2.0
// What the console costs: a phone that opens it, and the box that serves it.
//   node run.js BUILD_FOLDER PAGE_FOLDER [PART...]
import { consoles } from './consoles.js';
import { Figures } from './figures.js';
import { startGateway } from './gateway.js';
import { letters } from './letters.js';

const [build, page, ...wanted] = process.argv.slice(2);
const where = { build, page };
const pageParts = ['first-load', 'later-screens', 'usable'];
const boxParts = { consoles, letters };
const parts = [...pageParts, ...Object.keys(boxParts)];

// The browser's helpers read where the gateway is when they are loaded.
async function inBrowser(chosen, figures) {
  const gateway = await startGateway(where);
  try {
    Object.assign(process.env, { CONSOLE_URL: gateway.url, CONSOLE_CLAIM: gateway.code, TMPDIR: gateway.folder });
    const { measurePage } = await import('./page.js');
    await measurePage(chosen, figures);
  } finally {
    delete process.env.TMPDIR;
    await gateway.stop();
  }
}

const unknown = wanted.filter((each) => !parts.includes(each));
if (!page || unknown.length) {
  console.error(`parts of the bench: ${parts.join(' ')}`);
  process.exit(2);
}
const isWanted = (part) => !wanted.length || wanted.includes(part);
const figures = new Figures();
const chosen = pageParts.filter(isWanted);
if (chosen.length) await inBrowser(chosen, figures);
for (const [name, measure] of Object.entries(boxParts)) {
  if (isWanted(name)) await measure(where, figures);
}
process.exit(figures.end() ? 0 : 1);

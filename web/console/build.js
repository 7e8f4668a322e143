// SPDX-License-Identifier: Apache-2.0
// Builds the console into a folder (default: build/), ready to be served as it is: files named by
// their hash under assets/, and a .br and .gz beside each that gains by it.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, 'build');
const assets = join(out, 'assets');

async function languages() {
  const files = {};
  for (const name of (await readdir(join(here, 'languages'))).sort()) {
    const text = JSON.stringify(JSON.parse(await readFile(join(here, 'languages', name), 'utf8')));
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
    const file = `${basename(name, '.json')}-${hash}.json`;
    await writeFile(join(assets, file), text);
    files[basename(name, '.json')] = `/assets/${file}`;
  }
  return files;
}

const common = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
};

// Styles of screens that few open are fetched by them (src/lib/sheet.js), by the names of this build.
async function styles() {
  const { metafile } = await esbuild.build({
    ...common,
    entryPoints: ['charts', 'map'].map((each) => join(here, `src/style/${each}.css`)),
    outdir: assets,
    entryNames: '[name]-[hash]',
    loader: { '.png': 'empty' },  // Leaflet's own marks, which are not used
    metafile: true,
  });
  return Object.fromEntries(Object.entries(metafile.outputs)
    .map(([path, { entryPoint }]) => [basename(entryPoint, '.css'), `/assets/${basename(path)}`]));
}

async function page(define) {
  return esbuild.build({
    ...common,
    entryPoints: [join(here, 'src/main.jsx')],
    outdir: assets,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    splitting: true,
    metafile: true,
    define,
  });
}

// The script that the page begins with. As every later file imports src/main.jsx, all of it is in the
// one file that they share, and what is named after main.jsx only imports that.
function firstScript({ outputs }) {
  const [main, about] = Object.entries(outputs).find(([, each]) => each.entryPoint?.endsWith('src/main.jsx'));
  const shared = about.imports.filter((each) => each.kind === 'import-statement').map((each) => each.path);
  const files = (paths) => paths.map((each) => Object.keys(outputs[each].inputs).join(' ')).join('\n');
  if (shared.length !== 1 || Object.keys(about.inputs).length) {
    throw new Error(`the first load is not one script:\n${files([main, ...shared])}`);
  }
  const pieces = Object.entries(outputs).flatMap(([, each]) => each.imports)
    .filter((each) => each.kind === 'import-statement' && each.path !== shared[0]).map((each) => each.path);
  if (pieces.length) throw new Error(`later files share what src/first.js lacks:\n${files(pieces)}`);
  return { main, script: shared[0] };
}

// The style stands in the page: it is small, and no request more. The box allows it by its hash.
async function index(metafile) {
  const { main, script } = firstScript(metafile);
  await rm(main);
  const { outputFiles: [style] } = await esbuild.build({ ...common, entryPoints: [join(here, 'src/style/main.css')], write: false });
  const template = await readFile(join(here, 'index.html'), 'utf8');
  await writeFile(join(out, 'index.html'), template.replace('{{script}}', `/assets/${basename(script)}`)
    .replace('{{style}}', () => style.text.trim()));
}

// The worker keeps the shell: a new build has new names, so its list is its version too. Charts and
// map show only what is asked for just then: without a line they are of no use.
async function worker() {
  const shell = (await readdir(assets)).sort().filter((name) => !/^(charts|map)/.test(name)).map((name) => `/assets/${name}`);
  await esbuild.build({
    ...common,
    format: 'iife',
    entryPoints: [join(here, 'src/sw.js')],
    outfile: join(out, 'sw.js'),
    define: {
      SHELL: JSON.stringify(['/', '/icon.svg', '/manifest.webmanifest', ...shell]),
      VERSION: JSON.stringify(createHash('sha256').update(shell.join()).digest('hex').slice(0, 8)),
    },
  });
}

// One package comes without its own.
async function licenceOf(name) {
  if (name === 'pmtiles') return join(here, 'licences/pmtiles.txt');
  const folder = join(here, 'node_modules', name);
  return join(folder, (await readdir(folder)).find((each) => /^LICENSE/.test(each)));
}

// The licences of what is built in ask to be passed on with it.
async function licences() {
  const names = ['preact', 'preact-iso', '@preact/signals', '@preact/signals-core', 'uplot', 'leaflet', 'pmtiles', 'fflate',
    '@mapbox/vector-tile', '@mapbox/point-geometry', 'pbf'];
  const texts = await Promise.all(names.map(async (name) => {
    const text = await readFile(await licenceOf(name), 'utf8');
    return `${name}\n\n${text}`;
  }));
  await writeFile(join(out, 'licences.txt'), texts.join('\n\n'));
}

async function squeeze(folder) {
  for (const each of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, each.name);
    if (each.isDirectory()) await squeeze(path);
    else if (['.html', '.js', '.css', '.json', '.svg', '.webmanifest'].includes(extname(path))) {
      const bytes = await readFile(path);
      await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
      await writeFile(`${path}.br`, brotliCompressSync(bytes, { params: quality }));
    }
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(assets, { recursive: true });
const built = await page({ LANGUAGES: JSON.stringify(await languages()), STYLES: JSON.stringify(await styles()) });
await index(built.metafile);
for (const name of await readdir(join(here, 'public'))) {
  await writeFile(join(out, name), await readFile(join(here, 'public', name)));
}
await worker();
await licences();
await squeeze(out);

// SPDX-License-Identifier: Apache-2.0
// Runs the tests, each file against a gateway of its own in a new folder, with a village that nobody
// has claimed, two files at a time:  node run.js BUILD_FOLDER PAGE_FOLDER [TEST...]
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [build, page, ...wanted] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const program = (name) => resolve(build, 'bin', name);
const kAtOnce = 2;
const kMostMinutes = 10;  // of one file; a browser that somebody forgot to close would stay for ever

// The system gives a free one; whoever takes it in between fails this run, and says so.
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function answers(url, left = 100) {
  if (await fetch(`${url}/api/session`).then((each) => each.ok, () => false)) return;
  if (!left) throw new Error('the gateway does not answer');
  await new Promise((done) => setTimeout(done, 200));
  await answers(url, left - 1);
}

const settings = (port, tlsPort) => `[box]
domain = "hill.example"
village = "Hill"

[store]
path = "waypost.db"

[console]
listen = "127.0.0.1:${port}"
tls_listen = "127.0.0.1:${tlsPort}"
files = "${resolve(page)}"
`;

// What it says is kept until it ends, as another one runs beside it. Gives what it said and its status.
function ended(child) {
  let said = '';
  for (const each of [child.stdout, child.stderr]) each.setEncoding('utf8').on('data', (text) => { said += text; });
  return new Promise((done) => child.on('close', (status) => done({ said, status })).on('error', (e) => done({ said: `${e.message}\n`, status: 1 })));
}

// The signal closes its browser too.
async function inTime(test) {
  const late = setTimeout(() => test.kill(), kMostMinutes * 60e3);
  const dead = setTimeout(() => test.kill('SIGKILL'), kMostMinutes * 60e3 + 10e3);
  const result = await ended(test);
  clearTimeout(late);
  clearTimeout(dead);
  return result;
}

// True if it passes.
async function runFile(file) {
  const folder = await mkdtemp(join(tmpdir(), 'waypost-console-'));
  const config = join(folder, 'waypost.toml');
  const port = await freePort();
  const tlsPort = await freePort();
  await writeFile(config, settings(port, tlsPort), { mode: 0o600 });
  // What a service manager and an image would make.
  await mkdir(join(folder, 'run'));
  const gateway = spawn(program('waypostd'), ['--config', config],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, WAYPOST_UPDATE_FOLDER: join(folder, 'update'),
      WAYPOST_SERVERS_FOLDER: join(folder, 'servers'), RUNTIME_DIRECTORY: join(folder, 'run') } });
  const gatewayEnded = ended(gateway);
  let result = { said: '', status: 1 };
  try {
    const url = `http://127.0.0.1:${port}`;
    await answers(url);
    const code = /[a-z0-9]{4}(-[a-z0-9]{4})+/.exec(execFileSync(program('waypost'), ['--config', config, 'console', 'claim-code'], { encoding: 'utf8' }))[0];
    const test = spawn(process.execPath, [resolve(here, file)],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: folder, CONSOLE_URL: url, CONSOLE_CLAIM: code,
        CONSOLE_TLS_URL: `https://127.0.0.1:${tlsPort}`, CONSOLE_TLS_CERTIFICATE: join(folder, 'waypost.db.tls', 'own.pem'), CONSOLE_UPDATE: join(folder, 'update'), CONSOLE_FOLDER: folder, CONSOLE_BUILD: resolve(build), CONSOLE_FILES: resolve(page) } });
    result = await inTime(test);
  } finally {
    gateway.kill();
    const { said } = await gatewayEnded;
    await rm(folder, { recursive: true, force: true });
    process.stdout.write(`# ${basename(file)}\n${result.said}${result.status ? said : ''}`);
  }
  return result.status === 0;
}

const files = wanted.length ? wanted : (await readdir(here)).filter((each) => each.endsWith('.test.js')).sort();
const failed = [];
async function work() {
  for (let file = files.shift(); file; file = files.shift()) {
    const start = performance.now();
    const passed = await runFile(file).catch((e) => console.log(e));
    console.log(`# ${basename(file)}: ${passed ? 'passed' : 'failed'} in ${Math.round((performance.now() - start) / 1000)} s`);
    if (!passed) failed.push(file);
  }
}
await Promise.all(Array.from({ length: kAtOnce }, work));
if (failed.length) console.log(`# failed: ${failed.join(' ')}`);
process.exit(failed.length ? 1 : 0);

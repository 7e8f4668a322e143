// SPDX-License-Identifier: Apache-2.0
// Starts a gateway of its own in a new folder, with a village that nobody has claimed, and runs the
// tests against it:  node run.js BUILD_FOLDER PAGE_FOLDER [TEST...]
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [build, page, ...wanted] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'waypost-console-'));
const config = join(folder, 'waypost.toml');
const program = (name) => resolve(build, 'bin', name);

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

const port = await freePort();
const tlsPort = await freePort();
await writeFile(config, `[box]
domain = "hill.example"
village = "Hill"

[store]
path = "waypost.db"

[console]
listen = "127.0.0.1:${port}"
tls_listen = "127.0.0.1:${tlsPort}"
files = "${resolve(page)}"
`, { mode: 0o600 });

const gateway = spawn(program('waypostd'), ['--config', config], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
let status = 1;
try {
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  const said = execFileSync(program('waypost'), ['--config', config, 'console', 'claim-code'], { encoding: 'utf8' });
  const code = /[a-z0-9]{4}(-[a-z0-9]{4})+/.exec(said)[0];
  const files = wanted.length ? wanted : (await readdir(here)).filter((each) => each.endsWith('.test.js')).sort();
  const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files.map((each) => resolve(here, each))],
    { stdio: 'inherit', env: { ...process.env, TMPDIR: folder, CONSOLE_URL: url, CONSOLE_CLAIM: code,
      CONSOLE_TLS_URL: `https://127.0.0.1:${tlsPort}`, CONSOLE_TLS_CERTIFICATE: join(folder, 'waypost.db.tls', 'own.pem'), CONSOLE_BUILD: resolve(build), CONSOLE_FILES: resolve(page) } });
  status = await new Promise((done) => tests.on('exit', done));
} finally {
  gateway.kill();
  await new Promise((done) => gateway.on('exit', done));
  await rm(folder, { recursive: true, force: true });
}
process.exit(status ?? 1);

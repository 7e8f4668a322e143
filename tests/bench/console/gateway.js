// SPDX-License-Identifier: Apache-2.0
// A gateway of its own in a new folder, with a claimed village, and what the kernel says of it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ask } from './http.js';

const kTick = 100;  // of /proc/PID/stat in a second (USER_HZ)
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// The system gives a free one; whoever takes it in between fails this run, and says so.
export function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export async function answers(url, alive) {
  for (let left = 100; left > 0 && alive(); left -= 1) {
    if ((await ask(url, 'GET', '/api/session').catch(() => ({}))).status === 200) return;
    await sleep(200);
  }
  throw new Error('the gateway does not answer');
}

const settings = ({ web, smtp, page, more }) => `[box]
domain = "hill.example"
village = "Hill"

[store]
path = "waypost.db"
keep_free = "1MiB"

[console]
listen = "127.0.0.1:${web}"
files = "${resolve(page)}"
${smtp ? `
[email.relay]
listen = ["smtp:127.0.0.1:${smtp}"]
trusted = ["127.0.0.1/32"]
${more}` : ''}`;

// With `mail` it takes mail by SMTP at `smtp`; `mail` follows its section's settings.
export async function startGateway({ build, page, under = tmpdir() }, mail = null) {
  const folder = mkdtempSync(join(under, 'waypost-bench-console-'));
  const config = join(folder, 'waypost.toml');
  const web = await freePort();
  const smtp = mail === null ? 0 : await freePort();
  writeFileSync(config, settings({ web, smtp, page, more: mail }), { mode: 0o600 });
  const log = openSync(join(folder, 'waypostd.log'), 'w');
  const daemon = spawn(resolve(build, 'bin/waypostd'), ['--config', config], { cwd: folder, stdio: ['ignore', log, log] });
  let why = '';
  const ended = new Promise((done) => daemon.on('exit', done).on('error', (e) => { why = e.message; done(); }));
  const url = `http://127.0.0.1:${web}`;
  // What it said, for who asks why.
  const stop = async () => {
    if (daemon.pid) daemon.kill();  // else it never began
    await ended;
    const said = why || readFileSync(join(folder, 'waypostd.log'), 'utf8');
    rmSync(folder, { recursive: true, force: true });
    return said;
  };
  try {
    await answers(url, () => daemon.pid && daemon.exitCode === null);
    const said = execFileSync(resolve(build, 'bin/waypost'), ['--config', config, 'console', 'claim-code'], { encoding: 'utf8' });
    return { pid: daemon.pid, folder, url, smtp, stop, code: /[a-z0-9]{4}(-[a-z0-9]{4})+/.exec(said)[0] };
  } catch (e) {
    throw new Error(`${e.message}: ${await stop()}`);
  }
}

// MiB in RAM now.
export function resident(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

// Seconds of a processor, its own and the kernel's for it, since it started.
export function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / kTick;
}

// Until it has nothing more to do: what it took before is not to be in what is measured next.
export async function calm(pid) {
  for (let left = 60; left > 0; left -= 1) {
    const before = processorSeconds(pid);
    await sleep(1000);
    if (processorSeconds(pid) - before < 0.03) return;
  }
  throw new Error('the gateway does not come to rest');
}

// SPDX-License-Identifier: Apache-2.0
// A machine with a new box on it, which belongs to nobody: a radio to plug into it by USB, a village
// with Ana's handheld on its air, and a mail provider on loopback. Needs root, as the mail servers do.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { answers, freePort, sleep } from '../bench/console/gateway.js';

const here = dirname(fileURLToPath(import.meta.url));
const bin = join(process.env.CONSOLE_BUILD, 'bin');

// What somebody has after the installation.
const settings = (port) => `[box]
domain = "box.invalid"

[store]
keep_free = "1MiB"

[console]
listen = "127.0.0.1:${port}"
files = "${process.env.CONSOLE_FILES}"
`;

const air = `[channel]
preset = 8
region = 1
speed = 20.0

[[node]]
name = "post"
long_name = "Post"
id = "!00000001"
port = "pty:/dev/ttyACM0"

[[node]]
name = "ana"
long_name = "Ana's handheld"
id = "!0000000a"

[[link]]
a = "post"
b = "ana"
snr = 6.25
`;

// As the kernel shows a board by Espressif.
function plugIn(ports) {
  const board = join(ports, 'usb1/1-1');
  mkdirSync(join(board, '1-1:1.0/tty/ttyACM0'), { recursive: true });
  for (const [name, value] of Object.entries({ idVendor: '303a', idProduct: '1001', busnum: '1', devnum: '2', serial: 'POST0001' })) {
    writeFileSync(join(board, name), `${value}\n`);
  }
  symlinkSync('../../../1-1:1.0', join(board, '1-1:1.0/tty/ttyACM0/device'));
  symlinkSync('usb1/1-1/1-1:1.0/tty/ttyACM0', join(ports, 'ttyACM0'));
}

function linesOf(child) {
  const said = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  child.stdin.on('error', () => {});
  child.ended = new Promise((done) => child.on('close', done).on('error', done));
  return said;
}

async function eventually(what, find) {
  for (let left = 300; left > 0; left -= 1) {
    const found = find();
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`it never comes: ${what}`);
}

async function ends(child) {
  child.stdin.end();
  await child.ended;
}

export async function newBox() {
  const folder = mkdtempSync(join(tmpdir(), 'waypost-new-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  mkdirSync(join(folder, 'tty'));
  writeFileSync(join(folder, 'waypost.toml'), settings(port), { mode: 0o600 });
  writeFileSync(join(folder, 'air.toml'), air);
  const machine = spawn('unshare', ['--mount', join(here, 'usb_machine.sh'), folder, bin], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = linesOf(machine);
  // What it said, for who asks why.
  const stop = async () => {
    await ends(machine);
    const log = existsSync(join(folder, 'waypostd.log')) ? readFileSync(join(folder, 'waypostd.log'), 'utf8') : '';
    rmSync(folder, { recursive: true, force: true });
    return log;
  };
  try {
    await answers(url, () => machine.pid && machine.exitCode === null);
    const claim = execFileSync(join(bin, 'waypost'), ['--config', join(folder, 'waypost.toml'), 'console', 'claim-code'], { encoding: 'utf8' });
    return {
      url, folder, stop, code: /[a-z0-9]{4}(-[a-z0-9]{4})+/.exec(claim)[0],
      plugIn: () => plugIn(join(folder, 'tty')),
      type: (line) => machine.stdin.write(`${line}\n`),
      shows: (text) => eventually(`"${text}" on Ana's screen`, () => said.map((each) => JSON.parse(each))
        .find((each) => each.who === 'ana' && each.what === 'sees' && each.text.includes(text))),
    };
  } catch (e) {
    throw new Error(`${e.message}: ${await stop()}`);
  }
}

// Mail for village@hill.test, password pw: it stays in the queue until deliver() is called. Not in
// our folder for temporary files: the users that the mail servers change to may not go there.
export async function mailProvider() {
  const { TMPDIR, ...env } = process.env;
  const provider = spawn(join(bin, 'waypost-test-provider'), { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const said = linesOf(provider);
  const first = await eventually('the provider', () => said[0] ?? (provider.exitCode !== null && '{}'));
  const { imap, submission } = JSON.parse(first);
  if (!imap) throw new Error('there is no provider');
  return {
    imap: `imap:127.0.0.1:${imap}`, smtp: `smtp:127.0.0.1:${submission}`,
    deliver: () => provider.stdin.write('deliver\n'),
    stop: () => ends(provider),
  };
}

// SPDX-License-Identifier: Apache-2.0
// Fifty consoles that look on while mails pass: what they cost the box beside the mails themselves.
import { spawn } from 'node:child_process';
import { calm, freePort, processorSeconds, resident, sleep, startGateway } from './gateway.js';
import { claim, listen } from './http.js';
import { letter, sendMails } from './mail.js';

const kConsoles = 50;
const kRate = 100;
const kSeconds = 20;
const kOneBatch = 50;  // ms: what comes within it was sent as one

// Postfix's sink, which takes all mail and keeps none.
async function openSink() {
  const port = await freePort();
  const sink = spawn('smtp-sink', ['-u', 'root', '-L', `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' });
  const failed = new Promise((_, fail) => sink.on('error', fail));
  await Promise.race([sleep(500), failed]);
  return { port, close: () => sink.kill() };
}

let number = 0;
const text = 'The water stands high at the ford today. '.repeat(12);
const mailOf = () => letter({ from: 'bob@hill.test', to: 'eve@out.test', subject: 'The ford', text, number: ++number });

async function pass({ pid, smtp }, seconds) {
  let most = 0;
  const look = setInterval(() => { most = Math.max(most, resident(pid)); }, 250);
  const before = processorSeconds(pid);
  const rate = await sendMails(smtp, { count: kRate * seconds, sessions: 8, gap: 1000 / kRate, mailOf });
  const used = processorSeconds(pid) - before;
  clearInterval(look);
  return { rate, most, percent: (100 * used * rate) / (kRate * seconds) };
}

// Counts what one console is told.
class Watcher {
  batches = 0;
  events = 0;
  first = 0;
  began = 0;
  take = (text) => {
    const count = text.split('event: delivery').length - 1;
    if (!count) return;
    this.events += count;
    if (performance.now() - this.began < kOneBatch) return;
    this.began = performance.now();
    this.first ||= this.began;
    this.batches += 1;
  };
  // Batches a second, from the first to the last.
  pace() {
    return (this.batches - 1) / ((this.began - this.first) / 1000);
  }
}

async function watched(gateway, signedIn) {
  const all = Array.from({ length: kConsoles }, () => new Watcher());
  const ends = [];
  const before = resident(gateway.pid);
  for (const each of all) ends.push(await listen(gateway.url, '/api/events', signedIn, each.take));
  await sleep(1000);
  const opened = resident(gateway.pid) - before;
  const start = performance.now();
  const measured = await pass(gateway, kSeconds);
  const seconds = (performance.now() - start) / 1000;
  for (const end of ends) end();
  return { ...measured, opened, batches: all.map((each) => each.pace()), events: all.map((each) => each.events / seconds) };
}

async function measure(gateway, figures) {
  const signedIn = await claim(gateway);
  await pass(gateway, 5);  // what is used for the first time is made
  await calm(gateway.pid);
  const before = await pass(gateway, kSeconds);
  await calm(gateway.pid);
  const during = await watched(gateway, signedIn);
  await calm(gateway.pid);
  const after = await pass(gateway, kSeconds);
  const alone = (before.percent + after.percent) / 2;
  const both = (a, b) => `${a.toFixed(1)} over ${b.toFixed(1)}`;
  figures.row('mails passed on while 50 look on', during.rate, 'a second', { as: 'mails_per_s',
    note: `by SMTP in and LMTP out, wanted ${kRate}` });
  figures.row('memory more with 50 consoles', during.most - before.most, 'MiB', { limit: 10, as: 'consoles_mib',
    note: `resident at the most, ${both(during.most, before.most)}; ${during.opened.toFixed(1)} when they had come and nothing passed` });
  figures.row('processor more with 50 consoles', during.percent - alone, '%', { limit: 2, as: 'consoles_cpu_percent',
    note: `of one core, ${both(during.percent, before.percent)} before and ${after.percent.toFixed(1)} after` });
  figures.row('batches to each console, at the most', Math.max(...during.batches), 'a second', { limit: 4, as: 'batches_per_s' });
  figures.row('events to each console, at the least', Math.min(...during.events), 'a second', { as: 'events_per_s',
    note: 'deliveries, of each the newest state' });
}

export async function consoles(where, figures) {
  const sink = await openSink();
  try {
    const gateway = await startGateway(where, `relay = ["out.test=lmtp:127.0.0.1:${sink.port}"]\n`);
    try {
      await measure(gateway, figures);
    } finally {
      await gateway.stop();
    }
  } finally {
    sink.close();
  }
}

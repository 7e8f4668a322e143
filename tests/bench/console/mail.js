// SPDX-License-Identifier: Apache-2.0
// Mails by SMTP (RFC 5321, pipelined as RFC 2920), each answered before its session sends the next.
import { once } from 'node:events';
import { connect } from 'node:net';
import { sleep } from './gateway.js';

class Session {
  static async open(port) {
    const session = new Session();
    session.socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('utf8');
    session.lines = session.read();
    await once(session.socket, 'connect');
    await session.expect(220);
    session.socket.write('EHLO hill.test\r\n');
    await session.expect(250);
    return session;
  }

  // The last line of each answer.
  async* read() {
    let kept = '';
    for await (const chunk of this.socket) {
      const lines = (kept + chunk).split('\r\n');
      kept = lines.pop();
      for (const line of lines) if (/^\d{3}(?!-)/.test(line)) yield line;
    }
  }

  async expect(code) {
    const { value = 'the connection ended' } = await this.lines.next();
    if (!value.startsWith(String(code))) throw new Error(`SMTP: ${value}`);
  }

  async send({ from, to, text }) {
    this.socket.write(`MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`);
    for (const code of [250, 250, 354]) await this.expect(code);
    this.socket.write(`${text}\r\n.\r\n`);
    await this.expect(250);
  }

  close() {
    this.socket.end('QUIT\r\n');
  }
}

// `mailOf(i)` for each i below `count`, by so many sessions, one every `gap` ms or as fast as they
// go. Gives back how many a second there were.
export async function sendMails(port, { count, sessions, gap = 0, mailOf }) {
  const all = await Promise.all(Array.from({ length: sessions }, () => Session.open(port)));
  const start = performance.now();
  let next = 0;
  await Promise.all(all.map(async (session) => {
    while (next < count) {
      const i = next++;
      const early = start + i * gap - performance.now();
      if (gap && early > 0) await sleep(early);
      await session.send(mailOf(i));
    }
    session.close();
  }));
  return count / ((performance.now() - start) / 1000);
}

export const letter = ({ from, to, subject, text, number }) => ({
  from,
  to,
  text: [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${number}.${process.pid}@hill.test>`, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', text].join('\r\n'),
});

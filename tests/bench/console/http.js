// SPDX-License-Identifier: Apache-2.0
// The API as a program sees it: plain HTTP, a connection for each request, as the console answers.
import { request } from 'node:http';

function open(url, method, path, { cookie = '', csrf = '', body } = {}) {
  const headers = { Cookie: cookie, 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' };
  const asked = request(`${url}${path}`, { method, headers, agent: false });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  return asked;
}

const answerOf = (asked) => new Promise((done, fail) => asked.on('response', done).on('error', fail));

export async function ask(url, method, path, more) {
  const answer = await answerOf(open(url, method, path, more));
  let text = '';
  for await (const each of answer.setEncoding('utf8')) text += each;
  return { status: answer.statusCode, headers: answer.headers, body: text ? JSON.parse(text) : {} };
}

// As `ask`; whatever is not 200 ends the bench.
export async function must(url, method, path, more) {
  const answer = await ask(url, method, path, more);
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

// Signed in as the administrator: {cookie, csrf}.
export async function claim({ url, code }) {
  const body = { code, handle: 'carl', name: 'Carl', password: 'seven green lanterns', language: 'en' };
  const { headers, body: session } = await must(url, 'POST', '/api/claim', { body });
  return { cookie: headers['set-cookie'][0].split(';')[0], csrf: session.csrf };
}

// A stream that goes on; `take` gets its text as it comes. Gives back how to end it.
export async function listen(url, path, { cookie }, take) {
  const asked = open(url, 'GET', path, { cookie });
  const answer = await answerOf(asked);
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
  answer.setEncoding('utf8').on('data', take).on('error', () => {});
  return () => asked.destroy();
}

// SPDX-License-Identifier: Apache-2.0
// The one way to the gateway's API.
import { heard, lost } from './connection.js';

export class ApiError extends Error {
  constructor(status, code, text, retryAfter = 0) {
    super(text);
    Object.assign(this, { status, code, retryAfter, problems: [] });
  }
}

let csrf = '';
let onSession = () => {};
export const watchSession = (watcher) => { onSession = watcher; };

async function once(method, path, body, signal) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') {
    headers['X-CSRF-Token'] = csrf;
    headers['Content-Type'] = body instanceof Blob ? 'application/octet-stream' : 'application/json';
  }
  let answer;
  try {
    answer = await fetch(`/api${path}`, {
      method, headers, signal, cache: 'no-store',
      body: method === 'GET' ? undefined : body instanceof Blob ? body : JSON.stringify(body ?? {}),
    });
  } catch (e) {
    if (e.name !== 'AbortError') lost();
    throw new ApiError(0, 'network', '');
  }
  // The worker says so when it answers from what it keeps.
  const kept = Number(answer.headers.get('X-Waypost-Kept'));
  if (kept) lost(kept);
  else heard();
  let json = {};
  try {
    json = await answer.json();
  } catch { /* an empty answer is fine; a broken one has a status */ }
  return { answer, json };
}

export async function call(method, path, body, signal) {
  let { answer, json } = await once(method, path, body, signal);
  if (answer.status === 403 && json.error?.code === 'csrf') {
    await loadSession();  // another tab signed in: its token is ours
    ({ answer, json } = await once(method, path, body, signal));
  }
  if (answer.ok) return json;
  const error = json.error ?? {};
  const wait = Number(answer.headers.get('Retry-After')) || 0;
  const open = path === '/session' || path === '/claim';
  if (answer.status === 401 && !open) await loadSession();
  // Sent to some, refused for others: the verdicts say which.
  if (answer.status === 422 && json.verdicts) return json;
  const code = answer.status === 429 ? 'many' : error.code ?? '';
  const failed = new ApiError(answer.status, code, error.text ?? '', wait);
  throw Object.assign(failed, { problems: json.problems ?? [] });
}

export const get = (path, signal) => call('GET', path, undefined, signal);

export function takeSession(session) {
  csrf = session.csrf ?? '';
  onSession(session);
  return session;
}

export async function loadSession() {
  return takeSession(await get('/session'));
}

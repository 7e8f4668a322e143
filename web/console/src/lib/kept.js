// SPDX-License-Identifier: Apache-2.0
// What the worker may keep for the time without a line: the state of the box and one's own mail,
// never a text of somebody else's. Pure.
const kinds = [/^\/api\/(session|status|queue|neighbours|me|matters|people)$/, /^\/api\/me\/messages(\/\d+)?$/];

// The first answer is kept part by part, each as its own path would be; without a line it is the
// session alone, and the page asks for the others one by one.
export const kStart = '/api/start';
export const startOf = (session) => ({ '/session': session });

export const mayKeep = (path) => kinds.some((each) => each.test(path));

// Alarms of neighbours come with their words.
export function withoutTexts(path, body) {
  if (path === '/api/status' && body.neighbours_alarms) {
    return { ...body, neighbours_alarms: body.neighbours_alarms.map((each) => ({ ...each, text: '' })) };
  }
  if (path === '/api/neighbours' && body.neighbours) {
    return { ...body, neighbours: body.neighbours.map((each) => ({ ...each, alarm_text: '' })) };
  }
  // The token of a session is of use only while the box answers.
  return path === '/api/session' ? { ...body, csrf: '' } : body;
}

// SPDX-License-Identifier: Apache-2.0
// What the API says, kept while somebody looks at it, and asked again when the box tells of news.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get, takeSession } from './api.js';

const all = new Map();

class Resource {
  constructor(path) {
    this.path = path;
    this.users = 0;
    this.given = false;  // by the first answer, and not looked at yet
    this.state = signal({ data: null, error: null });
  }

  async refresh() {
    try {
      this.state.value = { data: await get(this.path), error: null };
    } catch (error) {
      this.state.value = { data: this.state.peek().data, error };
    }
    return this.state.peek().data;
  }
}

export function resource(path) {
  if (!all.has(path)) all.set(path, new Resource(path));
  return all.get(path);
}

// Session and first screen in one answer.
export async function loadStart() {
  const { '/session': session, ...parts } = await get('/start');
  takeSession(session);
  for (const [path, data] of Object.entries(parts)) {
    const found = resource(path);
    found.state.value = { data, error: null };
    found.given = true;
  }
}

export function useLoad(path) {
  const found = resource(path);
  useEffect(() => {
    found.users += 1;
    if (!found.given) found.refresh();
    found.given = false;
    return () => {
      found.users -= 1;
    };
  }, [path]);
  return { ...found.state.value, refresh: () => found.refresh() };
}

// Of what is on the screen only; the rest is asked when it is looked at.
export function refreshShown(concerns = () => true) {
  for (const each of all.values()) {
    if (each.users > 0 && concerns(each.path)) each.refresh();
  }
}

export const forgetAll = () => all.clear();

// SPDX-License-Identifier: Apache-2.0
// The live lines of the box. Listens only while somebody looks: a page that is left or hidden
// closes its line, which on a small box is one of few.
import { loadSession } from './api.js';
import { lineOf } from './lines.js';

const kGather = 200;  // ms: many lines at once are one picture
const kLongest = 30000;

// `onLines` gets new lines, `onState` "waits", "open" or "lost". Gives back how to end it.
export function listen(onLines, onState) {
  let source = null;
  let wait = 1000;
  let again = 0;
  let gathered = [];
  let soon = 0;
  const pass = () => {
    soon = 0;
    onLines(gathered);
    gathered = [];
  };
  const take = (kind) => (e) => {
    try {
      gathered.push(lineOf(kind, JSON.parse(e.data)));
    } catch {
      return;
    }
    soon ||= setTimeout(pass, kGather);
  };
  const close = () => {
    clearTimeout(again);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    source = new EventSource('/api/live?log=1&packets=1');
    source.onopen = () => {
      wait = 1000;
      onState('open');
    };
    source.onerror = () => {
      close();
      onState('lost');
      loadSession().catch(() => {});  // says whether it is the line, or that we are signed out
      again = setTimeout(open, wait);
      wait = Math.min(wait * 2, kLongest);
    };
    for (const kind of ['log', 'packet']) source.addEventListener(kind, take(kind));
  };
  const look = () => {
    if (document.hidden) close();
    else if (!source) open();
  };
  onState('waits');
  look();
  addEventListener('visibilitychange', look);
  return () => {
    removeEventListener('visibilitychange', look);
    clearTimeout(soon);
    close();
  };
}

// SPDX-License-Identifier: Apache-2.0
// What the box tells of sticks while they are in, by their ids: newer than any list.
import { signal } from '@preact/signals';
import { stillTold } from './sticks.js';

export const sticksTold = signal({});

// Says whether the list has changed by it: how far one is, is told here only.
export function hearStick(data) {
  const news = JSON.parse(data);
  sticksTold.value = { ...sticksTold.peek(), [news.id]: news };
  return news.what !== 'progress';
}

// A list that was asked for says it all, but how far one is that is still at work.
export function forgetSticks(sticks) {
  sticksTold.value = stillTold(sticksTold.peek(), sticks);
}

// SPDX-License-Identifier: Apache-2.0
// A letter of the API as the screens show it, whether it comes from a list or whole with its trace.
// Pure.

// What its sender has to know first: the copy that fares worst.
const worstFirst = ['failed', 'expired', 'unknown', 'held', 'deferred', 'queued', 'ready', 'sending', 'sent', 'delivered', 'read', 'cancelled'];

export function worstState(deliveries) {
  const states = deliveries.map((each) => each.state);
  return worstFirst.find((each) => states.includes(each)) ?? '';
}

export function letterOf(given) {
  const deliveries = given.deliveries ?? given.trace?.deliveries ?? [];
  return {
    ...given,
    to: given.to ?? [...new Set(deliveries.map((each) => each.to))],
    state: given.state ?? worstState(deliveries),
    network: given.network ?? given.trace?.network ?? '',
    privacy: given.privacy ?? given.trace?.privacy ?? '',
  };
}

// Who is signed in, as a sender.
export function isFrom(letter, { handle, domain }) {
  const own = [handle, `person:${handle}`, `${handle}@${domain}`, `mailto:${handle}@${domain}`];
  return own.includes(letter.from);
}

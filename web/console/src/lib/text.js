// SPDX-License-Identifier: Apache-2.0
// What people wrote, and how much room it takes. Pure.

const encoder = new TextEncoder();
export const bytesOf = (text) => encoder.encode(text).length;

// The narrowest radio in use takes this much in one packet (gateway: 130 bytes of UTF-8).
export const kPacketBytes = 130;

// How many packets a text needs when no letter may be cut in two.
export function packetsOf(text, most = kPacketBytes) {
  let packets = 0;
  let room = 0;
  for (const letter of text) {
    const size = bytesOf(letter);
    if (size > room) {
      packets += 1;
      room = most;
    }
    room -= size;
  }
  return packets;
}

// A letter with thousands of marks stacked on it would paint over the whole page. No script needs
// more than a few; the rest is left out and `cut` says so. Controls of direction are left out too.
export const kMostMarks = 8;
export function tame(text) {
  const plain = String(text ?? '').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  const runs = new RegExp(`(\\p{M}{${kMostMarks}})\\p{M}+`, 'gu');
  const shown = plain.replace(runs, '$1');
  return { shown, cut: shown.length < plain.length };
}

// "mailto:bob@x.org" is bob@x.org to people; "person:ana" is ana.
export function plainAddress(uri) {
  return String(uri ?? '').replace(/^(mailto|person|xmpp|acct):/, '');
}

// "bob@x.org, @ana" as a list, each once.
export function recipientsOf(text) {
  const parts = text.split(/[\s,;،؛]+/u).map((each) => each.replace(/^[<@]+|[>.,]+$/g, ''));
  return [...new Set(parts.filter(Boolean))];
}

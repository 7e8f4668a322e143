// SPDX-License-Identifier: Apache-2.0
// Which ways of the box are radios or links, and when each last heard something. Pure.

// [trunk.dale] has the id trunk.dale: its kind stands before the dot.
export const kindOf = (transport) => transport.id.split('.')[0];
const noRadios = ['email', 'mailbox', 'mailserver', 'nncp', 'xmpp', 'xmpp_account', 'activitypub', 'fediverse_account', 'exec', 'sensors', 'lorawan'];

export const radiosOf = (transports) => transports.filter((each) =>
  each.airtime_limited || !noRadios.includes(kindOf(each)));

// The slash at its end: the box takes what ends in .dale for the name of a file.
export const radioPath = (id) => `/radios/${encodeURIComponent(id)}/`;

// What draws as a bar: how much of the hour's airtime is gone, 0 to 1; null where none is counted.
export function airtimeShare({ airtime_used_ms: used, airtime_left_ms: left }) {
  const all = used + Math.max(left, 0);
  return all > 0 ? Math.min(1, used / all) : null;
}

// 0: nobody knows.
export function heardAt(transport, radios, now) {
  const ago = Number(transport.details?.['heard, s ago'] ?? NaN);
  const nodes = radios.filter((each) => each.transport === transport.id).map((each) => each.heard_ms);
  return Math.max(transport.heard_ms ?? 0, ...nodes, Number.isFinite(ago) ? now - ago * 1000 : 0);
}

// The newest first; who was never heard stands last.
export const nodesOf = (radios, id) => radios.filter((each) => each.transport === id)
  .sort((a, b) => (b.heard_ms ?? 0) - (a.heard_ms ?? 0));

// SPDX-License-Identifier: Apache-2.0
// Names of the API and what they are called in the catalogues. Pure.

const states = {
  held: 'wait', deferred: 'wait', queued: 'wait', ready: 'wait', sending: 'wait',
  sent: 'gone', delivered: 'good', read: 'good',
  failed: 'bad', expired: 'bad', cancelled: 'off', unknown: 'off',
};
export const stateNames = Object.keys(states);
export const stateTone = (state) => states[state] ?? 'off';
export const isWaiting = (state) => states[state] === 'wait';
export const stateKey = (state) => (state in states ? `state.${state}` : 'state.unknown');

// What may be done with a delivery in a state: the gateway says no to everything else.
export function actionsFor(state) {
  if (state === 'held') return ['release', 'cancel'];
  if (state === 'deferred') return ['retry', 'bump', 'hold', 'cancel'];
  return state === 'queued' || state === 'ready' ? ['bump', 'hold', 'cancel'] : [];
}

const privacies = {
  'end to end': 'sealed', 'to the gateway': 'box', 'in clear': 'clear',
  'in clear for the channel': 'channel', 'TLS unverified': 'unverified', TLS: 'tls',
  'to the recipient': 'recipient', 'on this box': 'here',
};
export const privacyName = (privacy) => privacies[privacy] ?? '';
const open = ['clear', 'channel', 'unverified'];
export function privacyTone(privacy) {
  const name = privacyName(privacy);
  if (!name) return 'off';
  return open.includes(name) ? 'warn' : 'good';
}

const events = ['accepted', 'begun', 'resumed', 'way', 'joined', 'sender told', 'opened', 'bumped'];
export function eventKey(event) {
  if (event in states) return stateKey(event);
  return events.includes(event) ? `event.${event.replace(' ', '_')}` : '';
}

export const proofKey = (proof) =>
  `proof.${['reported', 'observed', 'inferred'].includes(proof) ? proof : 'inferred'}`;

const networks = { email: 'email', trunk: 'trunk', nncp: 'nncp', person: 'here', local: 'here' };
const brands = { meshtastic: 'Meshtastic', meshcore: 'MeshCore', reticulum: 'Reticulum', xbee: 'XBee', xmpp: 'XMPP', activitypub: 'ActivityPub' };
export const networkKey = (network) => (networks[network] ? `network.${networks[network]}` : '');
export const brandOf = (network) => brands[network] ?? network;

const errors = ['network', 'refused', 'not-found', 'too-large', 'busy', 'full', 'conflict', 'bad-input', 'many', 'exists', 'no-place'];
export const errorKey = (code) => `error.${errors.includes(code) ? code.replace('-', '_') : 'other'}`;

// What browsers say of themselves, as short as people would: "Firefox, Android".
export function deviceOf(agent) {
  const first = (all) => all.find(([sign]) => sign.test(agent))?.[1];
  const browser = first([[/Firefox\//, 'Firefox'], [/Edg/, 'Edge'], [/SamsungBrowser/, 'Samsung'], [/OPR\//, 'Opera'],
    [/Chrom(e|ium)\//, 'Chrome'], [/Safari\//, 'Safari']]);
  const system = first([[/Android/, 'Android'], [/iPhone|iPad/, 'iPhone'], [/Windows/, 'Windows'], [/Mac OS/, 'Mac'],
    [/Linux/, 'Linux']]);
  return [browser, system].filter(Boolean).join(', ') || agent;
}

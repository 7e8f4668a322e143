// SPDX-License-Identifier: Apache-2.0
// The steps of the first start, and what a village's mail needs, in few fields. Pure.
export const stepNames = ['language', 'place', 'wifi', 'radios', 'mail', 'people', 'backup'];

// The box keeps the state of all but the page's own language; a Wi-Fi is not every box's affair.
export function stepsOf(answer, languageChosen) {
  const states = Object.fromEntries((answer.steps ?? []).map((each) => [each.name, each.state]));
  return stepNames.filter((name) => name !== 'wifi' || name in states).map((name) => ({ name, state: name === 'language' ? (languageChosen ? 'done' : '') : states[name] ?? '' }));
}

export const openOf = (steps) => steps.filter((each) => each.state === '');

// The open one behind this, else the first open one; '' when nothing is left.
export function nextOpen(steps, from) {
  const at = steps.findIndex((each) => each.name === from);
  const open = [...steps.slice(at + 1), ...steps.slice(0, Math.max(at, 0))].find((each) => each.state === '');
  return open?.name ?? '';
}

const ports = {
  imap: { 143: 'imap', 993: 'imaps', 110: 'pop3', 995: 'pop3s', '': 'imaps:993' },
  smtp: { 25: 'smtp', 587: 'smtp', 465: 'smtps', '': 'smtps:465' },
  relay: { 25: 'smtp', 587: 'smtp', 465: 'smtps', '': 'smtp:587' },
};

// "mail.x.org" or "mail.x.org:587" as the settings write a server: "smtp:mail.x.org:587".
export function serverOf(text, use) {
  const tidy = text.trim();
  if (/^[a-z0-9]+:.*:\d+$/i.test(tidy)) return tidy;
  const [host, port = ''] = tidy.split(':');
  if (!host) return '';
  const known = ports[use][port];
  if (port) return `${known ?? ports[use][''].split(':')[0]}:${host}:${port}`;
  const [scheme, number] = known.split(':');
  return `${scheme}:${host}:${number}`;
}

export const hostOf = (server) => (server ?? '').split(':').slice(1).join(':');

// Most providers call them so; whoever has others writes them.
export function guessedHosts(address) {
  const domain = address.split('@')[1]?.trim() ?? '';
  return domain.includes('.') ? { server: `imap.${domain}`, smtp: `smtp.${domain}` } : { server: '', smtp: '' };
}

const change = (section, key, value) => (value ? { section, key, value } : { section, key, unset: true });

// In clear only on this machine.
const isHere = (server) => /^[a-z0-9]+:(localhost|127\.[0-9.]+):/.test(server);

const secret = (section, password) => (password ? [{ section, key: 'password_file', secret: password }] : []);

export function accountChanges(section, form) {
  const guessed = guessedHosts(form.address);
  const server = serverOf(form.server || guessed.server, 'imap');
  return [
    { section, key: 'address', value: form.address.trim() },
    { section, key: 'server', value: server },
    { section, key: 'smtp', value: serverOf(form.smtp || guessed.smtp, 'smtp') },
    change(section, 'security', isHere(server) ? 'plain' : ''),
    change(section, 'user', form.user?.trim()),
    change(section, 'separator', form.plus ? '+' : ''),
    ...secret(section, form.password),
  ];
}

export function relayChanges(section, form) {
  const smarthost = serverOf(form.smtp, 'relay');
  const tls = smarthost.startsWith('smtps:');
  const clear = isHere(smarthost) ? 'plain' : 'starttls';
  return [
    { section, key: 'smarthost', value: smarthost },
    { section, key: 'security', value: tls ? 'tls' : clear },
    change(section, 'user', form.user?.trim()),
    ...secret(section, form.password),
    ...(form.listen?.trim() ? [{ section, key: 'listen', values: [form.listen.trim()] }] : []),
  ];
}

// The section that is filled in: the village's account that is there, else a new one.
export function mailSection(sections, kind) {
  const value = (section, key) => {
    const of = section.settings.find((each) => each.key === key);
    return of?.values?.[0] ?? of?.value;
  };
  const found = sections.find((each) => each.name.startsWith(`${kind}.`) &&
    (kind === 'mailbox' ? !value(each, 'person') : value(each, 'smarthost')));
  if (found) return { name: found.name, of: (key) => value(found, key) ?? '', there: true };
  return { name: kind === 'mailbox' ? 'mailbox.post' : 'email.relay', of: () => '', there: false };
}

// What it is written to so that the answer comes to whom the test is of.
export function testAddress(address, plus, handle) {
  const [local, domain] = address.trim().split('@');
  return plus ? `${local}+${handle}@${domain}` : address.trim();
}

// Letters and digits that nobody confuses.
export function testToken(random = (bytes) => crypto.getRandomValues(bytes)) {
  const letters = 'abcdefghkmnpqrstuvwxyz23456789';
  return [...random(new Uint8Array(10))].map((each) => letters[each % letters.length]).join('');
}

// A box takes no mail that it wrote itself: it leaves it in the mailbox, and the journal says so.
// For the test that is what counts: the mail went out to the provider and came back in.
export const cameBack = (line, section) => line.component === 'mailbox' && line.event === 'left' &&
  line.fields?.transport === section && /in a circle/.test(line.fields.why ?? '');

// What a box says of a line that does not work, in the words of the page.
const troubles = [
  ['password', /password|authenticat|\b535\b|credential|log ?in|invalid user/i],
  ['name', /resolv|host not found|no address|unknown host|dns|no such host/i],
  ['certificate', /certificate|\btls\b|\bssl\b|handshake/i],
  ['line', /refused|unreachable|time|cannot connect|network|closed|reset/i],
];
export const troubleOf = (text) => troubles.find(([, sign]) => sign.test(text))?.[0] ?? 'other';

// "-1.2921, 36.8219": four digits are eleven metres.
export const placeOf = ({ latitude, longitude }) => `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;

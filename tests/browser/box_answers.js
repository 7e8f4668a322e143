// SPDX-License-Identifier: Apache-2.0
// A box whose settings, copies, keys and first start may be played with: it answers as the gateway
// does, and starts anew without being gone for others.
const setting = (key, kind, value, more = {}) => ({
  key, kind, value, fallback: '', range: '', unit: '', help: `what ${key} does`, required: false, restart: true, by_default: !value, own: false, ...more,
});

const mailbox = () => [setting('address', 'text', '', { required: true }), setting('server', 'text', '', { required: true }),
  setting('smtp', 'text', ''), setting('user', 'text', ''), setting('separator', 'text', ''), setting('person', 'text', ''),
  setting('security', 'choice', 'starttls', { range: 'plain|starttls', fallback: 'starttls', by_default: true }),
  setting('password_file', 'secret-file', '', { required: true })];

export function newBox() {
  return {
    version: 1, waits: false, changeable: true, problems: [], alone: [], startedMs: Date.now() - 3600e3, down: false, problem: '', letters: [], sent: null,
    sections: [
      { name: 'box', help: 'Who this box is.', many: false, own: false, settings: [
        setting('domain', 'text', 'hill.example', { required: true }), setting('village', 'text', 'Hill', { own: true }),
        setting('timezone', 'text', ''), setting('place', 'text', ''), setting('operators', 'list', 'carl, ana', { values: ['carl', 'ana'] }),
        setting('later_states', 'boolean', 'true', { fallback: 'true', by_default: true })] },
      { name: 'limits', help: 'Fair use.', many: false, own: false, settings: [
        setting('person_airtime', 'integer', '10', { range: '1..100', fallback: '10', by_default: true, unit: '%' }),
        setting('person_burst', 'duration', '10s', { range: '1s..10m', fallback: '10s', by_default: true }),
        setting('largest', 'bytes', '20MiB', { range: '1KiB..1GiB', fallback: '20MiB', by_default: true })] },
    ],
    kinds: [{ name: 'mailbox', help: 'A mailbox at a provider.', settings: mailbox() },
      { name: 'neighbour', help: 'Another village.', settings: [setting('domain', 'list', '', { required: true })] }],
    steps: ['place', 'radios', 'mail', 'people', 'backup'].map((name) => ({ name, state: '' })),
    backups: [{ name: '2026-11-26-0300', at_ms: Date.now() - 90000e3, bytes: 12345678 }],
    sealed: [{ folder: '/media/BLUE/waypost-backups', name: 'waypost-hill.example-000017.tar.age', at_ms: Date.now() - 90000e3, bytes: 23456789 }],
    restored: null,
    tokens: [{ id: '1', name: 'weather station', role: 'operator', made_by: 'carl', created_ms: Date.now() - 9e6, used_ms: 0 }],
  };
}

// Secret keys: what the box says to each is as with a real copy.
const keyOf = (letter) => `AGE-SECRET-KEY-1${letter.repeat(58)}`;
export const [rightKey, otherKey, damagedKey] = [...'QPZ'].map(keyOf);

const ok = (body = {}) => ({ status: 200, body });
const no = (status, code, more = {}) => ({ status, body: { error: { code, text: `no: ${code}` }, ...more } });
const find = (box, name) => box.sections.find((each) => each.name === name);

function apply(box, change) {
  if (change.remove) {
    box.sections = box.sections.filter((each) => each.name !== change.section);
    return;
  }
  if (!find(box, change.section)) {
    const kind = box.kinds.find((each) => change.section.startsWith(`${each.name}.`));
    box.sections.push({ ...structuredClone(kind), name: change.section, many: true, own: true });
  }
  const of = find(box, change.section).settings.find((each) => each.key === change.key);
  const value = change.values?.join(', ') ?? (change.secret ? 'page/secret' : change.value);
  const set = { value, values: change.values, own: true, by_default: false };
  Object.assign(of, change.unset ? { value: of.fallback, values: [], own: false, by_default: true } : set);
}

function patch(box, { version, changes }) {
  if (version !== box.version) return no(409, 'conflict');
  const bad = changes.find((each) => each.value === 'bad');
  if (bad) return no(400, 'bad-input', { problems: [{ at: 'zz-console.toml:3', section: bad.section, key: bad.key, text: `${bad.key} must be better` }] });
  changes.forEach((each) => apply(box, each));
  box.version += 1;
  const renewed = [...new Set(changes.map((each) => each.section))].filter((each) => box.alone.includes(each));
  box.waits ||= renewed.length === 0;
  return ok({ version: box.version, waits: box.waits, renewed });
}

function startAnew(box) {
  setTimeout(() => { box.down = true; }, 50);
  setTimeout(() => Object.assign(box, { down: false, startedMs: Date.now(), waits: false }), 1500);
  return ok();
}

// What was written to itself: it waits, as the provider refuses the password.
const letter = (box) => ({
  id: 7, from: 'person:carl', subject: box.sent.subject, text: '', at_ms: Date.now(),
  trace: { events: [], deliveries: [{ id: 9, to: `mailto:${box.sent.to[0]}`, network: 'email', state: 'deferred', detail: 'the relay refused the password' }] },
});

const routes = [
  ['GET /settings', (box) => ok({ version: box.version, waits: box.waits, changeable: box.changeable, sections: box.sections, kinds: box.kinds, problems: box.problems })],
  ['PATCH /settings', patch],
  ['POST /restart', startAnew],
  ['POST /backups/[^/]+/restore', startAnew],
  ['GET /sealed-copies', (box) => ok({ copies: box.sealed })],
  ['POST /sealed-copies/(.+)/restore', (box, { folder, key }, name) => {
    const known = { [otherKey]: no(403, 'refused'), [damagedKey]: no(409, 'conflict'), [rightKey]: null };
    if (!(key.trim() in known)) return no(400, 'bad-input');
    const refused = known[key.trim()];
    if (refused) return refused;
    box.restored = `${folder}/${name}`;
    return startAnew(box);
  }],
  ['POST /shutdown', () => ok()],
  ['GET /box', (box) => ok({ version: '0.2.0', started_ms: box.startedMs, can_shut_down: true, backups: '/var/lib/waypost/backups', settings_problem: box.problem })],
  ['GET /backups', (box) => ok({ folder: '/var/lib/waypost/backups', backups: box.backups })],
  ['POST /backups', (box) => {
    box.backups.push({ name: '2026-11-27-0001', at_ms: Date.now(), bytes: 2e7 });
    return ok({ name: '2026-11-27-0001' });
  }],
  ['DELETE /backups/(.+)', (box, body, name) => {
    box.backups = box.backups.filter((each) => each.name !== name);
    return ok();
  }],
  ['GET /tokens', (box) => ok({ tokens: box.tokens })],
  ['POST /tokens', (box, body) => {
    box.tokens.push({ id: '2', made_by: 'carl', created_ms: Date.now(), used_ms: 0, ...body });
    return ok({ id: '2', token: 'k7q2m4x9b3c8d6f5k7q2m4x9b3c8d6f5' });
  }],
  ['DELETE /tokens/(.+)', (box, body, id) => {
    box.tokens = box.tokens.filter((each) => each.id !== id);
    return ok();
  }],
  ['GET /setup', (box) => ok({ steps: box.steps })],
  ['PUT /setup/(.+)', (box, { state }, name) => {
    box.steps.find((each) => each.name === name).state = state;
    return ok();
  }],
  ['POST /me/messages', (box, body) => {
    box.sent = body;
    return ok({ id: 7, verdicts: [{ to: body.to[0], verdict: 'accepted', text: '' }] });
  }],
  ['GET /me/messages/7', (box) => ok(letter(box))],
  ['GET /me/messages', (box) => ok({ messages: box.letters, next: 0 })],
].map(([is, answer]) => [new RegExp(`^${is}$`), answer]);

// The mail is back: the next look finds it.
export const mailIsBack = (box) => {
  box.letters = [{ ...letter(box), id: 8, trace: undefined, deliveries: [], to: ['carl'] }];
};

const answerOf = (box, part) => routes.find(([is]) => is.test(`GET ${part}`))?.[1](box, {}).body;

export async function answerBox(page, box) {
  await page.route('**/api/**', async (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname.slice('/api'.length);
    if (path === '/start' && !box.down) {
      const answer = await route.fetch();
      const parts = Object.entries(await answer.json()).map(([part, body]) => [part, answerOf(box, part) ?? body]);
      return route.fulfill({ response: answer, json: Object.fromEntries(parts) });
    }
    for (const [is, answer] of routes) {
      const found = is.exec(`${request.method()} ${path}`);
      if (!found) continue;
      if (box.down) return route.abort('connectionrefused');
      const { status, body } = answer(box, request.postDataJSON?.() ?? {}, found[1] && decodeURIComponent(found[1]));
      return route.fulfill({ status, json: body });
    }
    return route.fallback();
  });
}

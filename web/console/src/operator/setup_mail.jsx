// SPDX-License-Identifier: Apache-2.0
// Mail in one screen: an account at a provider, or a relay of one's own; then a mail that proves it.
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { keepDraft, keptDraft } from '../lib/draft.js';
import { t } from '../lib/i18n.js';
import { startedAnew } from '../lib/restart.js';
import { session } from '../lib/session.js';
import { problemsBy } from '../lib/settings.js';
import { accountChanges, guessedHosts, hostOf, mailSection, relayChanges, testAddress, testToken } from '../lib/setup.js';
import { Check, Choice, Does, Field, Form, useAct } from '../ui/form.jsx';
import { Loaded } from '../ui/parts.jsx';
import { Conflict, saidOf, saveChanges, Unplaced, useFirstWrong } from './setting_section.jsx';
import { Test } from './setup_letter.jsx';

const kDraft = 'setup-mail';
const kinds = ['mailbox', 'email'];

// What the fields say before anybody typed: what the box has.
function given(kind, of) {
  if (kind === 'email') return { smtp: hostOf(of('smarthost')), user: of('user'), listen: of('listen'), to: '' };
  return { address: of('address'), server: hostOf(of('server')), smtp: hostOf(of('smtp')), user: of('user'), plus: of('separator') === '+' };
}

// Everything but the password, which is kept nowhere in the browser.
function useKept() {
  const [draft, set] = useState(() => ({ kind: '', form: {}, test: null, ...keptDraft(kDraft) }));
  return [draft, (change) => set((before) => {
    const next = { ...before, ...change };
    keepDraft(next, kDraft);
    return next;
  })];
}

const shared = { dir: 'ltr', autocapitalize: 'none', spellcheck: false, autocomplete: 'off' };

function Account({ form, type, there, wrong }) {
  const guessed = guessedHosts(form.address);
  return (
    <>
      <Field label={t('setup.mail.address')} type="email" required value={form.address} onInput={type('address')} wrong={wrong.address} {...shared} />
      <Password there={there} wrong={wrong.password_file} type={type} form={form} required />
      <Field label={t('setup.mail.imap')} hint={t('setup.mail.imap.hint')} value={form.server} placeholder={guessed.server}
        required={!guessed.server} onInput={type('server')} wrong={wrong.server} {...shared} />
      <Field label={t('setup.mail.smtp')} value={form.smtp} placeholder={guessed.smtp} required={!guessed.smtp}
        onInput={type('smtp')} wrong={wrong.smtp} {...shared} />
      <Field label={t('setup.mail.user')} hint={t('setup.mail.user.hint')} value={form.user} onInput={type('user')} wrong={wrong.user} {...shared} />
      <Check label={t('setup.mail.plus')} checked={form.plus} onChange={type('plus')} />
    </>
  );
}

function Relay({ form, type, there, wrong }) {
  return (
    <>
      <Field label={t('setup.mail.relay')} hint={t('setup.mail.relay.hint')} required value={form.smtp} onInput={type('smtp')} wrong={wrong.smarthost ?? wrong.security} {...shared} />
      <Field label={t('setup.mail.user')} hint={t('setup.mail.user.none')} value={form.user} onInput={type('user')} wrong={wrong.user} {...shared} />
      <Password there={there} wrong={wrong.password_file} type={type} form={form} />
      <Field label={t('setup.mail.listen')} hint={t('setup.mail.listen.hint')} value={form.listen} placeholder="smtp:0.0.0.0:25"
        onInput={type('listen')} wrong={wrong.listen} {...shared} />
      <Field label={t('setup.mail.test.to')} hint={t('setup.mail.test.to.hint')} type="email" required value={form.to} onInput={type('to')} {...shared} />
    </>
  );
}

function Password({ there, required, form, type, wrong }) {
  return (
    <Field label={t('setup.mail.password')} hint={there ? t('setup.mail.password.there') : t('setup.mail.password.hint')} type="password"
      required={required && !there} value={form.password ?? ''} onInput={type('password')} wrong={wrong} dir="ltr" autocomplete="off" />
  );
}

// Kept as a test that goes on after a reload.
async function sendTest(to) {
  const token = testToken();
  const done = await call('POST', '/me/messages', { to: [to], subject: `Waypost ${token}`, text: t('setup.mail.test.text') });
  const refused = done.verdicts.find((each) => !['accepted', 'duplicate'].includes(each.verdict));
  if (refused) throw Object.assign(new Error(refused.text), { code: 'other' });
  return { id: done.id, token, to };
}

function Fields({ all, refresh, draft, keep }) {
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState({});
  const kind = draft.kind || kinds.find((each) => mailSection(all.sections, each).there) || 'mailbox';
  const section = mailSection(all.sections, kind);
  const form = { ...given(kind, section.of), ...draft.form, password };
  const to = kind === 'email' ? form.to : testAddress(form.address, form.plus, session.value.handle);
  const settings = (all.sections.find((each) => each.name === section.name) ?? all.kinds?.find((each) => each.name === kind))?.settings ?? [];

  const save = async () => {
    const wanted = kind === 'email' ? relayChanges(section.name, form) : accountChanges(section.name, form);
    // It may listen in more places than the one that is shown.
    const changes = wanted.filter((each) => each.key !== 'listen' || form.listen.trim() !== section.of('listen'));
    setWrong({});
    try {
      await saveChanges(all.version, changes);
    } catch (error) {
      if (error.status === 400) setWrong(problemsBy(error.problems, section.name, settings));
      throw error;
    }
    setPassword('');
  };
  const test = async () => keep({ kind, form: { ...draft.form, to: form.to }, test: { ...await sendTest(to), kind, section: section.name } });
  const act = useAct(async () => {
    await save();
    await startedAnew();
    await refresh();
    await test();
  });
  const type = (name) => (e) => {
    const { type: of, checked, value } = e.currentTarget;
    if (name === 'password') setPassword(value);
    else keep({ kind, form: { ...draft.form, [name]: of === 'checkbox' ? checked : value } });
  };
  const box = useFirstWrong(wrong);
  const parts = { form, type, wrong, there: section.there };
  return (
    <div ref={box} class="ask">
      <Choice label={t('setup.mail.kind')} value={kind} onChange={(next) => keep({ kind: next, form: {} })}
        options={kinds.map((each) => [each, t(`setup.mail.kind.${each}`)])} />
      {act.error?.status === 409 && <Conflict onAnew={async () => { await refresh(); act.clear(); }} />}
      <Form act={saidOf(act, wrong)} submit={t('setup.mail.do')}>
        {kind === 'email' ? <Relay {...parts} /> : <Account {...parts} />}
        <Unplaced of={wrong['']} />
        {act.busy && <p role="status">{t('restart.wait')}</p>}
      </Form>
      {section.there && !act.busy && to && <Does label={t('setup.mail.test')} act={test} />}
    </div>
  );
}

export function MailStep({ settings, end }) {
  const [draft, keep] = useKept();
  const ready = Boolean(draft.test?.ready);
  return (
    <>
      <p>{t('setup.mail.lead')}</p>
      {draft.test && (
        <Test key={draft.test.token} of={draft.test} onReady={() => keep({ form: {}, test: { ...draft.test, ready: true } })}
          onAgain={async () => keep({ test: { ...draft.test, ...await sendTest(draft.test.to), ready: false } })} />
      )}
      <details class="plain" open={!draft.test}>
        <summary>{t('setup.mail.settings')}</summary>
        <Loaded from={settings}>{(d) => <Fields all={d} refresh={settings.refresh} draft={draft} keep={keep} />}</Loaded>
      </details>
      {end(ready)}
    </>
  );
}

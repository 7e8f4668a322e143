// SPDX-License-Identifier: Apache-2.0
// Writing, to any address. The count says what a radio would make of it.
import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { forgetDraft, keepDraft, keptDraft } from '../lib/draft.js';
import { number, t } from '../lib/i18n.js';
import { bytesOf, packetsOf, recipientsOf } from '../lib/text.js';
import { Field, Form, useAct } from '../ui/form.jsx';
import { Page, Notice, Who, Words } from '../ui/parts.jsx';

function Count({ text }) {
  const packets = packetsOf(text);
  return (
    <p class="hint" id="count">
      {t('write.count', { bytes: number(bytesOf(text)), packets: number(packets) })}
      {packets > 1 && ` ${t('write.pages')}`}
    </p>
  );
}

function Verdicts({ of }) {
  return (
    <ul class="rows">
      {of.map((each) => (
        <li class="row" key={each.to}>
          <Who of={each.to} /> <strong>{t(`verdict.${each.verdict}`)}</strong>
          {each.text && <span class="quiet" lang="en" dir="auto"> <Words of={each.text} /></span>}
        </li>
      ))}
    </ul>
  );
}

const isFull = (verdicts) => verdicts.every((each) => each.reason === 'full');
// A full disk is full for all of them.
function Refused({ of }) {
  return (
    <Notice tone="bad" role="alert">
      {isFull(of) ? <p>{t('write.full')}</p> : <><p>{t('write.partly')}</p><Verdicts of={of} /></>}
    </Notice>
  );
}

const kept = (verdicts) => verdicts.every((each) => ['accepted', 'duplicate'].includes(each.verdict));

function useDraft(query) {
  const [draft, set] = useState(() => (query.to ? { subject: '', text: '', ...query } : { to: '', subject: '', text: '', ...keptDraft() }));
  return [draft, (change) => {
    const next = { ...draft, ...change };
    set(next);
    keepDraft(next);
  }];
}

export function Compose() {
  const { query, route } = useLocation();
  const [draft, change] = useDraft(query);
  const act = useAct(async () => {
    const to = recipientsOf(draft.to);
    const done = await call('POST', '/me/messages', { to, subject: draft.subject.trim(), text: draft.text });
    if (!kept(done.verdicts)) return done;
    forgetDraft();
    route('/sent');
    return done;
  });
  const set = (name) => (e) => change({ [name]: e.currentTarget.value });
  return (
    <Page title={t('menu.write')}>
      <Form act={act} submit={t('write.send')}>
        <Field label={t('mail.to')} hint={t('write.to.hint')} value={draft.to} onInput={set('to')} required dir="ltr"
          autocapitalize="none" spellcheck={false} inputMode="email" />
        <Field label={t('write.subject')} value={draft.subject} onInput={set('subject')} maxLength={200} dir="auto" />
        <Field label={t('write.text')} as="textarea" rows={8} value={draft.text} onInput={set('text')} required dir="auto" />
        <Count text={draft.text} />
        {act.done?.verdicts && !kept(act.done.verdicts) && <Refused of={act.done.verdicts} />}
      </Form>
    </Page>
  );
}

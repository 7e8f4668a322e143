// SPDX-License-Identifier: Apache-2.0
// The first start: whoever holds the box in his hands becomes its admin.
import { useLocation } from 'preact-iso/router';
import { language, t } from '../lib/i18n.js';
import { claim } from '../lib/session.js';
import { Field, Form, useAct } from '../ui/form.jsx';
import { Page } from '../ui/parts.jsx';

export function Claim() {
  const { route } = useLocation();
  const act = useAct(async ({ code, handle, name, password }) => {
    await claim({
      code: code.trim(), handle: handle.trim().toLowerCase(), name: name.trim(), password, language: language.value,
    });
    route('/setup');
  });
  const wrong = act.error?.status === 403;
  return (
    <Page title={t('claim.title')}>
      <p class="lead">{t('claim.lead')}</p>
      {wrong && <div class="notice bad" role="alert">{t('claim.wrong')}</div>}
      <Form act={wrong ? { ...act, error: null } : act} submit={t('claim.do')}>
        <Field label={t('claim.code')} hint={t('claim.code.hint')} name="code" required autocomplete="off"
          autocapitalize="none" spellcheck={false} dir="ltr" />
        <Field label={t('claim.name')} name="name" required autocomplete="name" dir="auto" />
        <Field label={t('sign_in.handle')} hint={t('person.handle.hint')} name="handle" required
          autocomplete="username" autocapitalize="none" spellcheck={false} dir="ltr" />
        <Field label={t('sign_in.password')} hint={t('password.hint')} name="password" type="password"
          required minLength={10} autocomplete="new-password" dir="ltr" />
      </Form>
    </Page>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { plainCode } from '../lib/digits.js';
import { t } from '../lib/i18n.js';
import { session, signIn } from '../lib/session.js';
import { Field, Form, useAct } from '../ui/form.jsx';
import { Button, Page, Words } from '../ui/parts.jsx';

export function SignIn() {
  const [byCode, setByCode] = useState(false);
  const act = useAct(({ handle, password, code }) => {
    const who = handle.trim().toLowerCase();
    return signIn(byCode ? { handle: who, code: plainCode(code) } : { handle: who, password });
  });
  const wrong = act.error?.status === 403;
  return (
    <Page title={t('sign_in.title')}>
      <p class="lead"><Words of={session.value.village || session.value.domain} /></p>
      {wrong && <div class="notice bad" role="alert">{t('sign_in.wrong')}</div>}
      <Form act={wrong ? { ...act, error: null } : act} submit={t('sign_in.do')}>
        <Field label={t('sign_in.handle')} name="handle" required autocomplete="username"
          autocapitalize="none" spellcheck={false} dir="ltr" />
        {byCode ?
          <Field key="code" label={t('sign_in.code')} hint={t('sign_in.code.hint')} name="code" required
            inputMode="numeric" autocomplete="one-time-code" maxLength={16} dir="ltr" /> :
          <Field key="password" label={t('sign_in.password')} name="password" type="password" required
            autocomplete="current-password" dir="ltr" />}
      </Form>
      <Button tone="plain" onClick={() => setByCode(!byCode)}>
        {byCode ? t('sign_in.by_password') : t('sign_in.by_code')}
      </Button>
      <p class="quiet">{t('sign_in.help')}</p>
    </Page>
  );
}

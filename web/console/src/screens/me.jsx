// SPDX-License-Identifier: Apache-2.0
// My own settings.
import { call } from '../lib/api.js';
import { languages, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Choice, Field, Form, useAct } from '../ui/form.jsx';
import { Card, Facts, Loaded, Notice, Page, Words } from '../ui/parts.jsx';
import { SignOut } from './more.jsx';
import { useState } from 'preact/hooks';

function Radio({ of, refresh }) {
  const [language, setLanguage] = useState(of.language);
  const act = useAct(async ({ quiet }) => {
    await call('PUT', '/me', { language, quiet: quiet.trim() });
    await refresh();
  });
  return (
    <Card title={t('me.radio')}>
      <Form act={act} submit={t('do.save')}>
        <Choice label={t('me.language')} hint={t('me.language.hint')} value={language} onChange={setLanguage}
          options={Object.entries(languages)} />
        <Field label={t('me.quiet')} hint={t('me.quiet.hint')} name="quiet" defaultValue={of.quiet} dir="ltr" />
      </Form>
      {act.done && <Notice tone="good" role="status">{t('do.saved')}</Notice>}
    </Card>
  );
}

function Password() {
  const act = useAct(({ old, password }) => call('PUT', '/session/password', { old, password }));
  return (
    <Card title={t('me.password')}>
      {act.done ? <Notice tone="good" role="status">{t('do.saved')}</Notice> : (
        <Form act={act} submit={t('me.password.do')}>
          <Field label={t('me.password.old')} name="old" type="password" autocomplete="current-password" dir="ltr" />
          <Field label={t('me.password.new')} hint={t('password.hint')} name="password" type="password" required
            minLength={10} autocomplete="new-password" dir="ltr" />
        </Form>
      )}
    </Card>
  );
}

export function Me() {
  const me = useLoad('/me');
  return (
    <Page title={t('menu.me')} actions={<SignOut />}>
      <Loaded from={me}>
        {(m) => (
          <>
            <Facts of={[
              [t('person.name'), <Words of={m.name} />],
              [t('person.handle'), <Words of={m.handle} />],
              [t('person.addresses'), m.endpoints.length ? <Words of={m.endpoints.join(', ')} /> : t('none')],
            ]} />
            <div class="columns"><Radio of={m} refresh={me.refresh} /><Password /></div>
            <ul class="links card">
              <li><a href="/sessions">{t('menu.sessions')}</a></li>
              <li><a href="/privacy">{t('privacy.title')}</a></li>
            </ul>
          </>
        )}
      </Loaded>
    </Page>
  );
}

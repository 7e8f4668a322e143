// SPDX-License-Identifier: Apache-2.0
// Keys for programs that use the API. One is shown once, when it is made.
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { copyText } from '../lib/copy.js';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Asked, Field } from '../ui/form.jsx';
import { Badge, Button, Facts, Loaded, Notice, Page, Time, Words } from '../ui/parts.jsx';

function Shown({ token, onClose }) {
  const [copied, setCopied] = useState('');
  const copy = async () => setCopied(await copyText(token) ? t('token.copied') : t('token.not_copied'));
  return (
    <Notice tone="good">
      <p>{t('token.once')}</p>
      <p><code class="token" dir="ltr">{token}</code></p>
      <div class="actions">
        <Button tone="main" onClick={copy}>{t('token.copy')}</Button>
        <Button onClick={onClose}>{t('token.kept')}</Button>
      </div>
      <p role="status">{copied}</p>
    </Notice>
  );
}

function Make({ after }) {
  return (
    <Asked label={t('token.make')} tone="main" ask={t('token.make.ask')} yes={t('do.add')} after={after}
      act={({ name, role }) => call('POST', '/tokens', { name: name.trim(), role })}>
      <Field label={t('token.name')} hint={t('token.name.hint')} name="name" required maxLength={60} dir="auto" autocomplete="off" />
      <Field label={t('person.role')} name="role" as="select">
        {['operator', 'admin'].map((each) => <option key={each} value={each}>{t(`role.${each}`)}</option>)}
      </Field>
    </Asked>
  );
}

function Row({ of, refresh }) {
  return (
    <li class="row">
      <div class="row-head"><strong><Words of={of.name} /></strong><Badge tone="off">{t(`role.${of.role}`)}</Badge></div>
      <Facts of={[
        [t('token.by'), of.made_by && <Words of={of.made_by} />],
        [t('token.made'), <Time ms={of.created_ms} />],
        [t('sessions.used'), of.used_ms ? <Time ms={of.used_ms} /> : t('token.unused')],
      ]} />
      <Asked label={t('token.delete')} tone="danger" ask={t('token.delete.ask', { name: of.name })}
        act={() => call('DELETE', `/tokens/${encodeURIComponent(of.id)}`)} after={refresh} />
    </li>
  );
}

export function Tokens() {
  const [token, setToken] = useState('');
  const all = useLoad('/tokens');
  const made = async (done) => {
    setToken(done.token);
    await all.refresh();
  };
  return (
    <Page title={t('menu.tokens')} actions={<Make after={made} />}>
      <p class="quiet">{t('token.lead')}</p>
      {token && <Shown key={token} token={token} onClose={() => setToken('')} />}
      <Loaded from={all} empty={(d) => !d.tokens.length && t('token.none')}>
        {(d) => <ul class="rows list">{d.tokens.map((each) => <Row key={each.id} of={each} refresh={all.refresh} />)}</ul>}
      </Loaded>
    </Page>
  );
}

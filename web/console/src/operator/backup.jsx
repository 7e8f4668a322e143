// SPDX-License-Identifier: Apache-2.0
import { call } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { Field, Form, useAct } from '../ui/form.jsx';
import { Card, Notice, Page, Words } from '../ui/parts.jsx';

export function Backup() {
  const act = useAct(({ path }) => call('POST', '/backup', { path: path.trim() }));
  return (
    <Page title={t('menu.backup')}>
      <Card title={t('backup.title')}>
        <p>{t('backup.lead')}</p>
        <Form act={act} submit={t('backup.do')}>
          <Field label={t('backup.path')} hint={t('backup.path.hint')} name="path" required dir="ltr"
            autocapitalize="none" spellcheck={false} pattern="/.*" />
        </Form>
        {act.busy && <p role="status">{t('backup.wait')}</p>}
        {act.done && <Notice tone="good" role="status"><p>{t('backup.done')} <Words of={act.done.path} /></p></Notice>}
      </Card>
    </Page>
  );
}

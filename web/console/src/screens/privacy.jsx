// SPDX-License-Identifier: Apache-2.0
// What this box knows of a person and who can read what, in plain words.
import { t } from '../lib/i18n.js';
import { session } from '../lib/session.js';
import { Card, Page } from '../ui/parts.jsx';

export function Privacy() {
  return (
    <Page title={t('privacy.title')}>
      {session.value.clear_http && (
        <Card title={t('privacy.wifi')} tone="warn"><p>{t('privacy.wifi.text')}</p><p>{t('privacy.wifi.do')}</p></Card>
      )}
      {['operators', 'radio', 'mail', 'kept', 'rights'].map((each) => (
        <Card key={each} title={t(`privacy.${each}`)}><p>{t(`privacy.${each}.text`)}</p></Card>
      ))}
      <a class="button" href="/">{t('missing.home')}</a>
    </Page>
  );
}

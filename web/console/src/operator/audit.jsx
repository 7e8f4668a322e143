// SPDX-License-Identifier: Apache-2.0
import { t } from '../lib/i18n.js';
import { Page, Time, Words } from '../ui/parts.jsx';
import { Pages, usePages } from '../ui/pages.jsx';

export function Audit() {
  const pages = usePages('/audit', 'entries');
  return (
    <Page title={t('menu.audit')}>
      <p class="quiet">{t('audit.lead')}</p>
      <Pages of={pages} empty={t('audit.none')}>
        {(items) => (
          <ul class="rows list">
            {items.map((each) => (
              <li class="row" key={each.id}>
                <div class="row-head"><strong><Words of={each.who} /></strong><Time ms={each.at_ms} /></div>
                <p lang="en" dir="auto"><Words of={[each.what, each.about].filter(Boolean).join(': ')} /></p>
              </li>
            ))}
          </ul>
        )}
      </Pages>
    </Page>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { call } from '../lib/api.js';
import { duration, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Asked } from '../ui/form.jsx';
import { Badge, Facts, Loaded, Page, Time, Words } from '../ui/parts.jsx';

export function CheckIns() {
  const all = useLoad('/check-ins');
  return (
    <Page title={t('menu.check')}>
      <p class="quiet">{t('check.lead')}</p>
      <Loaded from={all} empty={(d) => !d.check_ins.length && t('check.none')}>
        {({ check_ins }) => (
          <ul class="rows list">
            {check_ins.map((each) => (
              <li class="row" key={each.person}>
                <div class="row-head">
                  <strong><Words of={each.person} /></strong>
                  {each.told && <Badge tone="bad">{t('check.told')}</Badge>}
                </div>
                <Facts of={[
                  [t('check.left'), duration(Math.max(each.left_ms, 0))],
                  [t('check.after'), duration(each.after_ms)],
                  [t('check.heard'), each.heard_ms ? <Time ms={each.heard_ms} /> : t('none')],
                  [t('check.contacts'), <Words of={each.contacts.join(', ')} />],
                ]} />
                <Asked label={t('check.end')} ask={t('check.end.ask')} after={all.refresh}
                  act={() => call('DELETE', `/check-ins/${encodeURIComponent(each.person)}`)} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

// SPDX-License-Identifier: Apache-2.0
// Where somebody is signed in; an admin sees everybody's.
import { call } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { deviceOf } from '../lib/words.js';
import { Asked } from '../ui/form.jsx';
import { Badge, Facts, Loaded, Page, Time, Words } from '../ui/parts.jsx';

export function Sessions() {
  const all = useLoad('/sessions');
  return (
    <Page title={t('menu.sessions')}>
      <p>{t('sessions.lead')}</p>
      <Loaded from={all}>
        {({ sessions }) => (
          <ul class="rows list">
            {[...sessions].sort((a, b) => b.this - a.this || b.used_ms - a.used_ms).map((each) => (
              <li class="row" key={each.id}>
                <div class="row-head">
                  <strong><Words of={each.handle} /></strong>
                  {each.role && <Badge tone="off">{t(`role.${each.role}`)}</Badge>}
                </div>
                <Facts of={[
                  [t('sessions.since'), <Time ms={each.created_ms} />],
                  [t('sessions.used'), <Time ms={each.used_ms} />],
                  [t('sessions.agent'), each.agent && <Words of={deviceOf(each.agent)} />],
                ]} />
                {each.this ? <Badge tone="good">{t('sessions.this')}</Badge> : (
                  <Asked label={t('sessions.end')} tone="danger" ask={t('sessions.end.ask')}
                    act={() => call('DELETE', `/sessions/${encodeURIComponent(each.id)}`)} after={all.refresh} />
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

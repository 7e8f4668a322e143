// SPDX-License-Identifier: Apache-2.0
import { number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Facts, Loaded, Notice, Page, Time, Words } from '../ui/parts.jsx';

export function Neighbours() {
  const all = useLoad('/neighbours');
  return (
    <Page title={t('menu.neighbours')}>
      <Loaded from={all} empty={(d) => !d.neighbours.length && t('neighbour.none')}>
        {({ neighbours }) => (
          <ul class="rows list">
            {neighbours.map((each) => (
              <li class="row" key={each.name}>
                <div class="row-head"><strong><Words of={each.name} /></strong>
                  <span>{t('neighbour.heard')} {each.heard_ms ? <Time ms={each.heard_ms} /> : t('none')}</span></div>
                {each.alarm > 0 && (
                  <Notice tone="bad"><p><Time ms={each.alarm_ms} /> <Words of={each.alarm_text} /></p></Notice>
                )}
                {each.problem && <Notice tone="warn"><p lang="en" dir="auto"><Time ms={each.problem_ms} /> <Words of={each.problem} /></p></Notice>}
                <Facts of={[
                  [t('neighbour.domains'), <Words of={each.domains.join(', ')} />],
                  [t('neighbour.today'), t('neighbour.of', { count: number(each.messages_today), most: number(each.messages_per_day) })],
                  [t('neighbour.alarms'), each.alarms === 'radio' ? t('neighbour.alarms.radio') : t('neighbour.alarms.console')],
                  [t('neighbour.tell'), each.tell_alarms ? t('yes') : t('no')],
                ]} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

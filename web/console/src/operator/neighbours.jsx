// SPDX-License-Identifier: Apache-2.0
import { call } from '../lib/api.js';
import { number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Asked } from '../ui/form.jsx';
import { Facts, Loaded, Notice, Page, Time, Words } from '../ui/parts.jsx';

// Whoever has a neighbour's box has its keys.
function Stolen({ of, refresh }) {
  const act = (what) => () => call('POST', `/neighbours/${encodeURIComponent(of.name)}/${what}`);
  if (!of.stolen_ms)
    return <Asked label={t('neighbour.stolen.do')} tone="danger" ask={t('neighbour.stolen.ask', { name: of.name })} act={act('stolen')} after={refresh} />;
  return (
    <Notice tone="bad">
      <p><Time ms={of.stolen_ms} /> {t('neighbour.stolen', { by: of.stolen_by })}</p>
      <Asked label={t('neighbour.paired.do')} ask={t('neighbour.paired.ask', { name: of.name })} act={act('paired')} after={refresh} />
    </Notice>
  );
}

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
                <Stolen of={each} refresh={all.refresh} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

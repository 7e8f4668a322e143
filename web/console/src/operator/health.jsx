// SPDX-License-Identifier: Apache-2.0
// What is wrong with the box, since when, what can be done about it, and who is told; restart and
// certificate stand below, as some of it is mended by them.
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Badge, Card, Facts, Loaded, Page, Time, Words } from '../ui/parts.jsx';
import { Box } from './box.jsx';

const tones = { ok: 'good', degraded: 'warn', down: 'bad' };

// Where it is mended, if that is another screen.
const places = {
  letters: '/queue', backup: '/backup', disk: '/backup', clock: '/', airtime: '/radios', way: '/radios', settings: '/settings', neighbour: '/radios',
};

// What the overview says of it at once, it says in these words.
const titles = { way: 'needs.down', disk_full: 'needs.disk', store: 'needs.store', clock: 'needs.time' };

function Matter({ of }) {
  const kind = of.kind === 'disk' && of.grave ? 'disk_full' : of.kind;
  const title = t(titles[kind] ?? `health.${kind}`, { name: of.of });
  const place = places[of.kind];
  return (
    <li class="row">
      <div class="row-head">
        <strong>{place ? <a href={place}>{title}</a> : title}</strong>
        {of.grave && <Badge tone="bad">{t('health.down')}</Badge>}
      </div>
      <Facts of={[[t('queue.since'), <Time ms={of.since_ms} />]]} />
      <p>{t(`health.${kind}.do`)}</p>
      {of.detail && <p class="quiet" lang="en" dir="auto"><Words of={of.detail} /></p>}
    </li>
  );
}

function Told({ of }) {
  const reached = of.filter((each) => each.radio || each.mail || each.other);
  return (
    <Card title={t('health.told')} tone={reached.length ? '' : 'warn'}>
      <p>{t(reached.length ? 'health.lead' : 'health.told.nobody')}</p>
      <ul class="rows">
        {reached.map((each) => (
          <li class="row" key={each.who}>
            <div class="row-head">
              <strong><Words of={each.who} /></strong>
              <span>
                {each.radio && <Badge tone="good">{t('alarm.radio')}</Badge>}
                {' '}
                {each.mail && <Badge tone="good">{t('network.email')}</Badge>}
                {' '}
                {each.other && <Badge tone="good">{t('health.told.other')}</Badge>}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Health() {
  const all = useLoad('/health/matters');
  return (
    <Page title={t('menu.health')}>
      <Loaded from={all}>
        {({ health, matters, told }) => (
          <>
            <div class={`notice big ${tones[health]}`} role="status"><p>{t(`health.${health}`)}</p></div>
            {matters.length > 0 && (
              <ul class="rows list">{matters.map((each) => <Matter key={`${each.kind} ${each.of}`} of={each} />)}</ul>
            )}
            <Told of={told} />
          </>
        )}
      </Loaded>
      <Box />
    </Page>
  );
}

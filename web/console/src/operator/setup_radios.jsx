// SPDX-License-Identifier: Apache-2.0
// The radios that the box found, whether they work, and whom they hear.
import { number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { radiosOf } from '../lib/radios.js';
import { Does } from '../ui/form.jsx';
import { Badge, Facts, Loaded, Time, Words } from '../ui/parts.jsx';
import { Network } from '../ui/trace.jsx';
import { Decibels, LastTest, SignalTest } from './signal_test.jsx';

// A radio that hears somebody receives; what it hears strongest is shown first.
function Heard({ of, map, after }) {
  const radios = (map?.radios ?? []).filter((each) => each.transport === of.id);
  const links = (map?.links ?? []).filter((each) => each.transport === of.id);
  const all = [...radios.map((each) => ({ ...each, who: each.name || each.person || each.address })),
    ...links.map((each) => ({ ...each, who: each.to }))].sort((a, b) => (b.heard_ms ?? 0) - (a.heard_ms ?? 0));
  if (!of.up) return null;
  if (!all.length) return <p>{t('setup.radios.silent')}</p>;
  return (
    <>
      <p>{t('setup.radios.heard', { count: number(all.length) })}</p>
      <LastTest of={of} after={after}>
        {(last) => (
          <ul class="rows">
            {all.slice(0, 5).map((each) => (
              <li class="row" key={each.who}>
                <div class="row-head"><strong><Words of={each.who} /></strong><Time ms={each.heard_ms} /></div>
                <Facts of={[[t('setup.radios.snr'), Number.isFinite(each.snr_db) && <Decibels of={each.snr_db} />]]} />
                <SignalTest of={of} node={each.address} radios={radios} last={last} />
              </li>
            ))}
          </ul>
        )}
      </LastTest>
    </>
  );
}

function Radio({ of, map, after }) {
  const { found, name, firmware, region } = of.details ?? {};
  return (
    <li class="row">
      <div class="row-head">
        <strong><Network of={of.network} /></strong>
        <Badge tone={of.up ? 'good' : 'bad'}>{of.up ? t('way.up') : t('way.down')}</Badge>
      </div>
      <div class="quiet"><Words of={[of.id, found, name, firmware, region].filter(Boolean).join(' · ')} /></div>
      {!of.up && of.why && <p lang="en" dir="auto"><Words of={of.why} /></p>}
      <Heard of={of} map={map} after={after} />
    </li>
  );
}

function Help() {
  return (
    <details>
      <summary>{t('setup.radios.help')}</summary>
      <ul class="plain-list">
        <li>{t('setup.radios.help.plug')}</li>
        <li>{t('setup.radios.help.meshtastic')} <a href="/settings?search=meshtastic">{t('setup.radios.help.settings')}</a></li>
        <li>{t('setup.radios.help.trunk')} <a href="/settings?search=trunk">{t('setup.radios.help.settings')}</a></li>
      </ul>
    </details>
  );
}

export function RadiosStep({ end }) {
  const status = useLoad('/status');
  const map = useLoad('/map');
  const look = () => Promise.all([status.refresh(), map.refresh()]);
  return (
    <>
      <p>{t('setup.radios.lead')}</p>
      <Loaded from={status}>
        {(d) => {
          const radios = radiosOf(d.transports);
          return (
            <>
              {radios.length === 0 && <p class="empty">{t('setup.radios.none')}</p>}
              <ul class="rows">{radios.map((each) => <Radio key={each.id} of={each} map={map.data} after={map.refresh} />)}</ul>
              <div><Does label={t('setup.radios.look')} act={look} /></div>
              <Help />
              {end(radios.some((each) => each.up))}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

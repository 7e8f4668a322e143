// SPDX-License-Identifier: Apache-2.0
// The radios and links of the box: how they are, and what each has in the air.
import { useEffect, useState } from 'preact/hooks';
import { duration, number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { airtimeShare, heardAt, nodesOf, radioPath, radiosOf } from '../lib/radios.js';
import { fetchSheet } from '../lib/sheet.js';
import { Choice } from '../ui/form.jsx';
import { Chunk } from '../ui/chunk.jsx';
import { Badge, Card, Facts, Loaded, Page, Time, Words } from '../ui/parts.jsx';
import { Decibels, LastTest, SignalTest } from './signal_test.jsx';

function Airtime({ of }) {
  const share = airtimeShare(of);
  if (!of.airtime_limited) return <p>{t('radio.no_limit')}</p>;
  // A radio that never answered has not said its limit.
  if (share === null) return <Facts of={[[t('chart.airtime'), t('chart.unknown')]]} />;
  const words = t('radio.airtime_words', {
    used: duration(of.airtime_used_ms), left: duration(Math.max(of.airtime_left_ms, 0)),
  });
  return (
    <div class="airtime">
      <meter min={0} max={1} low={0.5} high={0.75} optimum={0} value={share} aria-label={words} />
      <span>{words}</span>
    </div>
  );
}

function State({ of }) {
  return (
    <>
      <p><Badge tone={of.up ? 'good' : 'bad'}>{of.up ? t('way.up') : t('way.down')}</Badge></p>
      {!of.up && <p>{t('radio.why')} {of.why ? <bdi lang="en" dir="auto">{of.why}</bdi> : t('radio.why.unknown')}</p>}
    </>
  );
}

const Heard = ({ ms }) => (ms ? <Time ms={ms} /> : t('radio.never'));

function Row({ of, heard }) {
  return (
    <li class="row">
      <div class="row-head">
        <h2><a class="target" href={radioPath(of.id)}><Words of={of.id} /></a></h2>
        <Badge tone={of.up ? 'good' : 'bad'}>{of.up ? t('way.up') : t('way.down')}</Badge>
      </div>
      {!of.up && of.why && <p lang="en" dir="auto"><Words of={of.why} /></p>}
      <Airtime of={of} />
      <Facts of={[[t('check.heard'), <Heard ms={heard} />]]} />
    </li>
  );
}

export function Radios() {
  const status = useLoad('/status');
  const map = useLoad('/map');
  const radios = map.data?.radios ?? [];
  return (
    <Page title={t('menu.radios')}>
      <Loaded from={status} empty={(s) => !radiosOf(s.transports).length && t('radio.none')}>
        {(s) => (
          <ul class="rows list">
            {radiosOf(s.transports).map((each) => <Row key={each.id} of={each} heard={heardAt(each, radios, s.time_ms)} />)}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

function Nodes({ of, radio, after }) {
  if (!of.length) return <p>{t('radio.no_nodes')}</p>;
  return (
    <LastTest of={radio} after={after}>
      {(last) => (
        <ul class="rows">
          {of.map((each) => (
            <li class="row" key={each.address}>
              <div class="row-head">
                <strong>{each.name || each.person ? <Words of={each.name || each.person} /> : <code dir="ltr">{each.address}</code>}</strong>
                <Heard ms={each.heard_ms} />
              </div>
              <Facts of={[
                [t('person.address'), (each.name || each.person) && <code dir="ltr">{each.address}</code>],
                [t('radio.person'), each.person && <a href={`/people/${encodeURIComponent(each.person)}`}><Words of={each.person} /></a>],
                [t('chart.signal'), Number.isFinite(each.snr_db) && <Decibels of={each.snr_db} />],
                [t('radio.hops'), Number.isFinite(each.hops) && number(each.hops)],
              ]} />
              <SignalTest of={radio} node={each.address} radios={of} last={last} />
            </li>
          ))}
        </ul>
      )}
    </LastTest>
  );
}

const fetchCharts = async () => {
  const [{ Charts }] = await Promise.all([import('./charts.jsx'), fetchSheet('charts')]);
  return Charts;
};

function History({ id }) {
  const [hours, setHours] = useState('24');
  const history = useLoad(`/history?hours=${hours}`);
  const step = history.data?.step_ms;
  // What was measured is told by no event: it is asked for as often as it is measured.
  useEffect(() => {
    if (!step) return undefined;
    const timer = setInterval(() => !document.hidden && history.refresh(), Math.max(step, 60000));
    return () => clearInterval(timer);
  }, [step, hours]);
  return (
    <Card title={t('chart.title')}>
      <Choice label={t('chart.span')} value={hours} onChange={setHours}
        options={[['24', t('chart.day')], ['168', t('chart.week')]]} />
      <Loaded from={history}>
        {(data) => <Chunk fetch={fetchCharts} key={hours} history={data} id={id} hours={Number(hours)} />}
      </Loaded>
    </Card>
  );
}

function Details({ of }) {
  const all = Object.entries(of.details ?? {});
  if (!all.length) return null;
  return (
    <details class="card">
      <summary>{t('radio.details')}</summary>
      <div lang="en" dir="ltr"><Facts of={all.map(([name, value]) => [name, <Words of={value} />])} /></div>
    </details>
  );
}

export function Radio({ id }) {
  const status = useLoad('/status');
  const map = useLoad('/map');
  const found = status.data?.transports.find((each) => each.id === id);
  const radios = map.data?.radios ?? [];
  return (
    <Page title={id}>
      <Loaded from={status} empty={() => !found && t('missing.text')}>
        {(s) => (
          <>
            <Card title={t('radio.now')}>
              <State of={found} />
              <Airtime of={found} />
              <Facts of={[[t('check.heard'), <Heard ms={heardAt(found, radios, s.time_ms)} />]]} />
              <a class="button" href={`/settings?search=${encodeURIComponent(id)}`}>{t('radio.settings')}</a>
            </Card>
            <History id={id} />
            <Card title={t('radio.nodes')}>
              <Loaded from={map}>{() => <Nodes of={nodesOf(radios, id)} radio={found} after={map.refresh} />}</Loaded>
            </Card>
            <Details of={found} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

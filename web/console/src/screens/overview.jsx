// SPDX-License-Identifier: Apache-2.0
// One glance: does it work, what needs somebody, what waits.
import { call } from '../lib/api.js';
import { bytes, duration, number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { heardAt } from '../lib/radios.js';
import { administers } from '../lib/session.js';
import { isWaiting } from '../lib/words.js';
import { Does } from '../ui/form.jsx';
import { Badge, Card, Facts, Loaded, Page, Words, Time } from '../ui/parts.jsx';
import { Network } from '../ui/trace.jsx';

// Each thing that needs a person: in which words, how bad, and where to mend it.
function needsOf(status, all) {
  // Changed keys are said by the status already.
  const matters = all.filter((each) => each.kind !== 'key');
  const down = status.transports.filter((each) => !each.up);
  const sum = (condition, key, values, href, tone = 'bad') => (condition ? [{ key, values, href, tone }] : []);
  return [
    ...sum(status.open_alarms > 0, 'needs.alarms', { count: number(status.open_alarms) }, '/alarms'),
    ...(status.neighbours_alarms ?? []).map((each) => (
      { key: 'needs.neighbour_alarm', values: { name: each.neighbour }, href: '/neighbours', tone: 'bad' })),
    ...sum(status.store_problem, 'needs.store', {}, null),
    ...sum(status.disk_full, 'needs.disk', {}, null),
    ...sum(status.time_doubt, 'needs.time', {}, '#time', 'warn'),
    ...down.map((each) => ({ key: 'needs.down', values: { name: each.id }, href: null, tone: 'bad' })),
    ...sum(status.changed_keys.length, 'needs.keys', { count: number(status.changed_keys.length) }, '/people', 'warn'),
    ...sum(matters.length, 'needs.matters', { count: number(matters.length) }, '/people', 'warn'),
    ...sum(status.responders_unreachable.length, 'needs.responders',
      { names: status.responders_unreachable.join(', ') }, '/people', 'warn'),
    ...sum(!status.responders.length, 'needs.no_responders', {}, '/people', 'warn'),
    ...sum(status.health && status.health !== 'ok', 'needs.health', {}, '/health', status.health === 'down' ? 'bad' : 'warn'),
    ...sum(!status.transports.length, 'needs.no_ways', {}, administers.value ? '/setup/radios' : '/settings', 'warn'),
  ];
}

function Need({ of }) {
  const words = t(of.key, of.values);
  return <li class={of.tone}>{of.href?.startsWith('/') ? <a href={of.href}>{words}</a> : words}</li>;
}

function Needs({ of, status, refresh }) {
  if (!of.length) {
    return <div class="notice good big" role="status"><p>{t('overview.well')}</p></div>;
  }
  return (
    <Card title={t('overview.needs')} tone={of.some((each) => each.tone === 'bad') ? 'bad' : 'warn'}>
      <ul class="needs">{of.map((each, i) => <Need key={i} of={each} />)}</ul>
      {status.time_doubt && (
        <div class="ask">
          <p>{t('time.ask')} <strong><Time ms={status.time_ms} /></strong></p>
          <Does label={t('time.confirm')} act={() => call('POST', '/time/confirm')} after={refresh} />
          <Does label={t('time.take')} act={() => call('PUT', '/time', { time_ms: Date.now() })} after={refresh} />
        </div>
      )}
    </Card>
  );
}

function Airtime({ of }) {
  if (!of.airtime_limited) return null;
  const all = of.airtime_used_ms + of.airtime_left_ms;
  const label = t('airtime.left', { left: duration(Math.max(of.airtime_left_ms, 0)), all: duration(all) });
  return (
    <div class="airtime">
      <meter min={0} max={all} low={all / 4} optimum={all} value={Math.max(of.airtime_left_ms, 0)} aria-label={label} />
      <span>{label}</span>
    </div>
  );
}

function Way({ of, now }) {
  const heard = heardAt(of, [], now);
  return (
    <li class="row">
      <div class="row-head">
        <strong><Network of={of.network} /></strong>
        <Badge tone={of.up ? 'good' : 'bad'}>{of.up ? t('way.up') : t('way.down')}</Badge>
      </div>
      <div class="quiet"><Words of={of.id} /></div>
      {!of.up && of.why && <p lang="en" dir="auto"><Words of={of.why} /></p>}
      <Airtime of={of} />
      {heard > 0 && <p class="quiet">{t('check.heard')} <Time ms={heard} /></p>}
    </li>
  );
}

function waitingOf(counts) {
  const waits = new Map();
  for (const each of counts) {
    if (isWaiting(each.state)) waits.set(each.network, (waits.get(each.network) ?? 0) + each.count);
  }
  return [...waits];
}

function Waiting({ of }) {
  const waits = waitingOf(of);
  const failed = of.filter((each) => ['failed', 'expired'].includes(each.state))
    .reduce((sum, each) => sum + each.count, 0);
  return (
    <Card title={t('overview.waits')}>
      {waits.length === 0 && <p>{t('overview.nothing_waits')}</p>}
      <dl class="tallies">
        {waits.map(([network, count]) => (
          <div key={network}><dt><Network of={network} /></dt><dd>{number(count)}</dd></div>
        ))}
        {failed > 0 && <div><dt>{t('overview.failed')}</dt><dd>{number(failed)}</dd></div>}
      </dl>
      <a href="/queue">{t('overview.to_queue')}</a>
    </Card>
  );
}

// As long as steps of the first start are open.
function FirstStart() {
  const setup = useLoad('/setup');
  const open = (setup.data?.steps ?? []).filter((each) => each.state === '').length;
  if (!open) return null;
  return (
    <Card title={t('setup.title')}>
      <p>{t('setup.left', { count: number(open) })}</p>
      <a class="button main" href="/setup">{t('setup.go')}</a>
    </Card>
  );
}

export function Overview() {
  const status = useLoad('/status');
  const matters = useLoad('/matters');
  return (
    <Page title={t('menu.home')}>
      {administers.value && <FirstStart />}
      <Loaded from={status}>
        {(s) => (
          <>
            <Needs of={needsOf(s, matters.data?.matters ?? [])} status={s} refresh={status.refresh} />
            <div class="columns">
              <Card title={t('overview.ways')}>
                {s.transports.length === 0 && <p>{t('none')}</p>}
                <ul class="rows">{s.transports.map((each) => <Way key={each.id} of={each} now={s.time_ms} />)}</ul>
              </Card>
              <div>
                <Waiting of={s.deliveries} />
                <Card title={t('overview.box')}>
                  <Facts of={[
                    [t('overview.domain'), <Words of={s.domain} />],
                    [t('overview.disk'), bytes(s.disk_free)],
                    [t('overview.time'), <Time ms={s.time_ms} />],
                    [t('overview.responders'), s.responders.length ? <Words of={s.responders.join(', ')} /> : t('none')],
                  ]} />
                </Card>
              </div>
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

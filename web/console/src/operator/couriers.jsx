// SPDX-License-Identifier: Apache-2.0
// Sticks that carry mail. What matters most to whoever stands there: may it be pulled?
import { useEffect } from 'preact/hooks';
import { call } from '../lib/api.js';
import { bytes, number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { forgetSticks, sticksTold } from '../lib/news.js';
import { isFolder, stickKey, stickTone, toldOf } from '../lib/sticks.js';
import { Asked } from '../ui/form.jsx';
import { Badge, Facts, Loaded, Notice, Page, Time, Words } from '../ui/parts.jsx';

function Progress({ of }) {
  const phase = ['reading', 'writing', 'syncing'].includes(of?.phase) ? t(`stick.${of.phase}`) : t('stick.working');
  const words = of?.all ? t('stick.progress', { phase, done: bytes(of.done), all: bytes(of.all) }) : phase;
  return (
    <div class="airtime">
      <progress max={1} value={of?.share ?? undefined} aria-label={words} />
      <span>{words}</span>
    </div>
  );
}

function Pull({ of }) {
  if (of.state === 'working') return <Notice tone="bad big"><p>{t('stick.do_not_pull')}</p></Notice>;
  if (of.safe && !isFolder(of)) return <Notice tone="good big"><p>✓ {t('stick.pull')}</p></Notice>;
  return null;
}

// Who was refused may be accepted later.
function Unknown({ of, refresh }) {
  const act = (what) => () => call('POST', `/couriers/${encodeURIComponent(of.id)}/${what}`);
  return (
    <>
      {of.state === 'asking' && <p>{t('stick.unknown')}</p>}
      <div class="actions">
        <Asked label={t('stick.accept')} tone="main" ask={t('stick.accept.ask')} act={act('accept')} after={refresh} />
        {of.state === 'asking' && <Asked label={t('stick.refuse')} ask={t('stick.refuse.ask')} act={act('refuse')} after={refresh} />}
      </div>
    </>
  );
}

function Stick({ of, refresh }) {
  return (
    <li class="row">
      <div class="row-head"><h2><Words of={of.label || of.id} /></h2><Badge tone={stickTone(of.state)}>{t(stickKey(of.state))}</Badge></div>
      <div class="stick-now" role="status"><Pull of={of} /></div>
      {of.state === 'working' && <Progress of={of.progress} />}
      {['asking', 'refused'].includes(of.state) && <Unknown of={of} refresh={refresh} />}
      {of.state === 'failed' && <p>{t('stick.failed.help')}</p>}
      <Facts of={[
        [t('stick.id'), of.label && of.label !== of.id && <code dir="ltr">{of.id}</code>],
        [t('stick.in'), Number.isFinite(of.in) && number(of.in)],
        [t('stick.out'), Number.isFinite(of.out) && number(of.out)],
        [t('stick.bytes'), of.bytes > 0 && bytes(of.bytes)],
        [t('stick.free'), of.free > 0 && bytes(of.free)],
        [t('queue.since'), of.at_ms > 0 && <Time ms={of.at_ms} />],
      ]} />
      {of.text && <p class="quiet" lang="en" dir="auto"><Words of={of.text} /></p>}
    </li>
  );
}

export function Couriers() {
  const all = useLoad('/couriers');
  useEffect(() => forgetSticks(all.data?.sticks ?? []), [all.data]);
  const told = sticksTold.value;
  return (
    <Page title={t('menu.couriers')}>
      <p class="quiet">{t('stick.lead')}</p>
      <Loaded from={all} empty={(d) => (!d.enabled ? t('stick.off') : !d.sticks.length && t('stick.none'))}>
        {({ sticks }) => (
          <ul class="rows list">
            {sticks.filter((each) => told[each.id]?.what !== 'gone')
              .map((each) => <Stick key={each.id} of={toldOf(each, told[each.id])} refresh={all.refresh} />)}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

// SPDX-License-Identifier: Apache-2.0
// Calls for help. Big, few words, and the two things that an operator does.
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Asked, Check, Field } from '../ui/form.jsx';
import { Badge, Card, Facts, Loaded, Page, Prose, Time, Who, Words } from '../ui/parts.jsx';

const names = (list) => (list.length ? <Words of={list.join(', ')} /> : t('none'));

function Actions({ of, refresh }) {
  if (of.closed_ms) return null;
  return (
    <div class="actions">
      {!of.acknowledged_ms && (
        <Asked label={t('alarm.take')} tone="main" ask={t('alarm.take.ask')} after={refresh}
          act={({ text }) => call('POST', `/alarms/${of.id}/acknowledge`, { text })}>
          <Field label={t('alarm.answer')} name="text" maxLength={100} dir="auto" />
        </Asked>
      )}
      <Asked label={t('alarm.close')} ask={t('alarm.close.ask')} after={refresh}
        act={() => call('POST', `/alarms/${of.id}/close`)} />
    </div>
  );
}

function Alarm({ of, refresh }) {
  const over = Boolean(of.closed_ms);
  const state = over ? 'closed' : of.acknowledged_ms ? 'taken' : 'open';
  return (
    <Card tone={state === 'open' ? 'bad' : state === 'taken' ? 'warn' : ''}
      title={<><Words of={of.who || of.radio} /> <Badge tone={state === 'open' ? 'bad' : 'off'}>{t(`alarm.${state}`)}</Badge></>}>
      {of.text && <Prose of={of.text} />}
      <Facts of={[
        [t('alarm.opened'), <Time ms={of.opened_ms} />],
        [t('alarm.place'), of.place && <Words of={of.place} />],
        [t('alarm.sure'), of.proven ? t('alarm.proven') : t('alarm.unproven')],
        [t('alarm.radio'), of.radio && <Who of={of.radio} />],
        [t('alarm.callers'), number(of.callers)],
        [t('alarm.told'), names(of.told)],
        [t('alarm.heard'), names(of.heard)],
        [t('alarm.by'), of.acknowledged_by && <Words of={of.acknowledged_by} />],
        [t('alarm.answer'), of.answer && <Words of={of.answer} />],
        [t('alarm.clear'), of.all_clear_ms > 0 && <Time ms={of.all_clear_ms} />],
        [t('alarm.closed_by'), of.closed_by && <Words of={of.closed_by} />],
      ]} />
      <Actions of={of} refresh={refresh} />
    </Card>
  );
}

export function Alarms() {
  const [all, setAll] = useState(false);
  const alarms = useLoad(all ? '/alarms?all=1' : '/alarms');
  return (
    <Page title={t('menu.alarm')}>
      <Check label={t('alarm.ended_too')} checked={all} onChange={(e) => setAll(e.currentTarget.checked)} />
      <Loaded from={alarms} empty={(d) => !d.alarms.length && !d.not_closed?.length && t('alarm.none')}>
        {(d) => (
          <>
            {d.alarms.map((each) => <Alarm key={each.id} of={each} refresh={alarms.refresh} />)}
            {d.not_closed?.length > 0 && <h2>{t('alarm.not_closed')}</h2>}
            {(d.not_closed ?? []).map((each) => <Alarm key={each.id} of={each} refresh={alarms.refresh} />)}
          </>
        )}
      </Loaded>
    </Page>
  );
}

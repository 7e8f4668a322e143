// SPDX-License-Identifier: Apache-2.0
// Copies of the whole box, and what may be done with them.
import { call } from '../lib/api.js';
import { bytes, duration, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { startedAnew } from '../lib/restart.js';
import { administers } from '../lib/session.js';
import { Asked, Field, Form, useAct } from '../ui/form.jsx';
import { Button, Card, Facts, Loaded, Notice, Page, Problem, Time, Words } from '../ui/parts.jsx';
import { Encryption } from './encryption.jsx';
import { Progress } from './restart.jsx';
import { Sealed } from './sealed.jsx';

const pathOf = (backup) => `/backups/${encodeURIComponent(backup.name)}`;

// The clock of this device may be behind the box's.
const ageOf = (ms) => duration(Math.max(Math.floor((Date.now() - ms) / 60e3), 1) * 60e3);

export function Make({ label, after }) {
  const act = useAct(async () => {
    const done = await call('POST', '/backups');
    await after?.(done);
    return done;
  });
  return (
    <div class="ask">
      <Button tone="main" busy={act.busy} onClick={() => act.run()}>{label}</Button>
      <div role="status">
        {act.busy && <p>{t('backup.wait')}</p>}
        {act.done && <Notice tone="good"><p>{t('backup.done')} <Words of={act.done.name} /></p></Notice>}
      </div>
      <Problem error={act.error} />
    </div>
  );
}

function Restore({ of }) {
  const act = useAct(() => startedAnew(() => call('POST', `${pathOf(of)}/restore`)));
  return (
    <>
      <Asked label={t('backup.restore')} tone="danger" ask={t('backup.restore.ask', { name: of.name })}
        act={async () => { act.run(); }} />
      <Progress of={act} />
    </>
  );
}

function Row({ of, refresh }) {
  return (
    <li class="row">
      <div class="row-head"><strong><Words of={of.name} /></strong><Time ms={of.at_ms} /></div>
      <Facts of={[[t('backup.age'), ageOf(of.at_ms)], [t('envelope.size'), bytes(of.bytes)]]} />
      {administers.value && (
        <div class="actions">
          <Restore of={of} />
          <Asked label={t('backup.delete')} tone="danger" ask={t('backup.delete.ask', { name: of.name })}
            act={() => call('DELETE', pathOf(of))} after={refresh} />
        </div>
      )}
    </li>
  );
}

function Backups() {
  const all = useLoad('/backups');
  return (
    <Card title={t('backup.title')}>
      <p>{t('backup.lead')}</p>
      <Loaded from={all}>
        {(d) => (
          <>
            <Facts of={[[t('backup.folder'), d.folder && <code dir="ltr">{d.folder}</code>]]} />
            {administers.value && <Make label={t('backup.do')} after={all.refresh} />}
            {d.backups.length === 0 && <p class="empty">{t('backup.none')}</p>}
            <ul class="rows">
              {[...d.backups].sort((a, b) => b.at_ms - a.at_ms).map((each) => <Row key={each.name} of={each} refresh={all.refresh} />)}
            </ul>
          </>
        )}
      </Loaded>
    </Card>
  );
}

// Into any folder of the box, as a stick that is mounted there.
function Elsewhere() {
  const act = useAct(({ path }) => call('POST', '/backup', { path: path.trim() }));
  return (
    <details class="card">
      <summary>{t('backup.elsewhere')}</summary>
      <Form act={act} submit={t('backup.elsewhere.do')}>
        <Field label={t('backup.path')} hint={t('backup.path.hint')} name="path" required dir="ltr"
          autocapitalize="none" spellcheck={false} pattern="/.*" />
      </Form>
      {act.busy && <p role="status">{t('backup.wait')}</p>}
      {act.done && <Notice tone="good" role="status"><p>{t('backup.done')} <Words of={act.done.path} /></p></Notice>}
    </details>
  );
}

// Those that the box makes by itself, where the settings say so.
function OnStick() {
  const own = useLoad('/status').data?.own_backups;
  if (!own) return null;
  return (
    <Card title={t('backup.stick')} tone={own.problem ? 'warn' : ''}>
      <p>{t('backup.stick.lead')}</p>
      <Facts of={[
        [t('backup.stick.last'), own.last_ms > 0 && <Time ms={own.last_ms} />],
        [t('backup.folder'), own.last && <code dir="ltr">{own.last}</code>],
      ]} />
      {own.problem && <p class="quiet" lang="en" dir="auto"><Words of={own.problem} /></p>}
    </Card>
  );
}

export function Backup() {
  return (
    <Page title={t('menu.backup')}>
      <Backups />
      <OnStick />
      <Sealed />
      {administers.value && <Elsewhere />}
      <Encryption />
    </Page>
  );
}

// SPDX-License-Identifier: Apache-2.0
// The box starts anew, and the page waits for it.
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { startedAnew } from '../lib/restart.js';
import { tame } from '../lib/text.js';
import { Asked, useAct } from '../ui/form.jsx';
import { Button, Notice, Problem } from '../ui/parts.jsx';

export function Progress({ of }) {
  return (
    <>
      <div role="status">
        {of.busy && <p>{t('restart.wait')}</p>}
        {of.done && <p>{t('restart.back')}</p>}
      </div>
      <Problem error={of.error} />
    </>
  );
}

// What was saved, and counts only from the next start.
export function Waits({ of, refresh }) {
  const act = useAct(async () => {
    await startedAnew();
    await refresh();
  });
  if (!of.waits && !act.busy && !act.done && !act.error) return null;
  return (
    <Notice tone={act.done && !of.waits ? 'good' : 'warn'}>
      {of.waits && <p>{t('settings.waits')}</p>}
      {of.waits && <Button busy={act.busy} onClick={() => act.run()}>{t('restart.do')}</Button>}
      <Progress of={act} />
    </Notice>
  );
}

// Why the box runs with older settings than those that were saved.
export function SettingsProblem({ of }) {
  if (!of?.settings_problem) return null;
  return (
    <Notice tone="bad" role="alert">
      <p>{t('settings.problem')}</p>
      <p lang="en" dir="auto">{tame(of.settings_problem).shown}</p>
    </Notice>
  );
}

export function AskedRestart() {
  const act = useAct(() => startedAnew());
  return (
    <div class="ask">
      <Asked label={t('restart.do')} ask={t('restart.ask')} act={async () => { act.run(); }} />
      <Progress of={act} />
    </div>
  );
}

export const useBox = () => useLoad('/box');

// SPDX-License-Identifier: Apache-2.0
// The box itself: since when it runs, and starting it anew or shutting it down.
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { administers } from '../lib/session.js';
import { Asked } from '../ui/form.jsx';
import { Card, Facts, Loaded, Notice, Time, Words } from '../ui/parts.jsx';
import { Certificate } from './certificate.jsx';
import { AskedRestart, SettingsProblem, useBox } from './restart.jsx';

function ShutDown() {
  const [off, setOff] = useState(false);
  return (
    <div class="ask">
      <Asked label={t('box.shut_down')} tone="danger" ask={t('box.shut_down.ask')}
        act={() => call('POST', '/shutdown')} after={() => setOff(true)} />
      {off && <Notice role="status"><p>{t('box.off')}</p></Notice>}
    </div>
  );
}

export function Box() {
  const box = useBox();
  return (
    <>
      <Card title={t('menu.box')}>
        <Loaded from={box}>
          {(d) => (
            <>
              <SettingsProblem of={d} />
              <Facts of={[
                [t('box.version'), <Words of={d.version} />],
                [t('box.started'), <Time ms={d.started_ms} />],
              ]} />
              {administers.value && <AskedRestart />}
              {administers.value && d.can_shut_down && <ShutDown />}
            </>
          )}
        </Loaded>
      </Card>
      <Certificate />
    </>
  );
}

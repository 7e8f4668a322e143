// SPDX-License-Identifier: Apache-2.0
// The box's own mail and chat server, for villagers' programs: switched on and off, how they do, and what a phone asks for.
import { useEffect } from 'preact/hooks';
import { call } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { startedAnew } from '../lib/restart.js';
import { administers } from '../lib/session.js';
import { Asked, useAct } from '../ui/form.jsx';
import { Badge, Card, Facts, Loaded, Notice, Page, Words } from '../ui/parts.jsx';
import { Progress } from './restart.jsx';

const kLook = 3000;
const tones = { running: 'good', failed: 'bad', off: 'off' };

// What the settings want, and what the box has made of it so far.
function stateOf({ wanted, state }) {
  if (wanted) return state === 'off' ? 'starting' : state;
  return state === 'off' ? 'off' : 'stopping';
}

const protocols = [['imap', 'IMAP', 'SSL/TLS'], ['smtp', 'SMTP', 'SSL/TLS'], ['xmpp', 'XMPP', 'STARTTLS']];

function WhatToType({ of, domain }) {
  return (
    <>
      <Facts of={[
        [t('programs.address'), <bdi dir="ltr">{t('programs.name')}@{domain}</bdi>],
        [t('programs.server'), <code dir="ltr">{location.hostname}</code>],
        ...protocols.filter(([key]) => of.ports[key]).map(([key, label, tls]) => [<bdi dir="ltr">{label}</bdi>, <bdi dir="ltr">{of.ports[key]}, {tls}</bdi>]),
        [t('programs.fingerprint'), of.fingerprint && <code class="fingerprint" dir="ltr">{of.fingerprint}</code>],
      ]} />
      <p class="hint">{t('programs.fingerprint.hint')}</p>
      <p><a href="/people">{t('programs.people')}</a></p>
    </>
  );
}

function Server({ name, of, domain, refresh }) {
  const act = useAct(async (change) => {
    await startedAnew(() => call('PUT', '/servers', change));
    await refresh();
  });
  const state = stateOf(of);
  // Both have the same passwords: no chat without mail.
  const change = { [name]: !of.wanted, ...(name === 'mail' && of.wanted && { chat: false }) };
  return (
    <Card title={t(`programs.${name}`)}>
      <Facts of={[[t('update.state'), <Badge tone={tones[state] ?? 'wait'}>{t(`programs.state.${state}`)}</Badge>]]} />
      {state === 'failed' && (
        <Notice tone="bad" role="alert">
          <p>{t('programs.failed')}</p>
          {of.why && <p lang="en" dir="auto"><Words of={of.why} /></p>}
        </Notice>
      )}
      {state === 'running' && <WhatToType of={of} domain={domain} />}
      {administers.value && (
        <div class="ask">
          <Asked label={t(of.wanted ? 'programs.off' : 'programs.on')} ask={t(`programs.${name}.${of.wanted ? 'off' : 'on'}`)}
            tone={of.wanted ? 'danger' : undefined} act={async () => { act.run(change); }} />
          <Progress of={act} />
        </div>
      )}
    </Card>
  );
}

export function Programs() {
  const all = useLoad('/servers');
  // No event tells of it; and the gateway is away for a while.
  useEffect(() => {
    const timer = setInterval(() => {
      if ([all.data?.mail, all.data?.chat].some((each) => each && !['off', 'running'].includes(stateOf(each)))) all.refresh();
    }, kLook);
    return () => clearInterval(timer);
  });
  return (
    <Page title={t('menu.programs')}>
      <p class="quiet">{t('programs.lead')}</p>
      <Loaded from={all}>
        {(d) => (d.image ? ['mail', 'chat'].map((name) => (
          <Server key={name} name={name} of={d[name]} domain={d.domain} refresh={all.refresh} />
        )) : <Notice><p>{t('programs.no_image')}</p></Notice>)}
      </Loaded>
    </Page>
  );
}

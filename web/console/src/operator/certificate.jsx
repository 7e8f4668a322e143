// SPDX-License-Identifier: Apache-2.0
// The certificate of the page itself: who vouches for it, how long, and what is wrong with it.
import { call } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { administers } from '../lib/session.js';
import { tame } from '../lib/text.js';
import { Asked } from '../ui/form.jsx';
import { Card, Facts, Loaded, Notice, Time, Words } from '../ui/parts.jsx';

function Wrong({ of, refresh }) {
  if (!of.problem) return null;
  return (
    <Notice tone="warn">
      <p>{t('tls.problem')}</p>
      <p lang="en" dir="auto">{tame(of.problem).shown}</p>
      {of.next_try_min !== undefined && <p>{t('tls.next', { minutes: of.next_try_min })}</p>}
      {administers.value && of.wanted === 'acme' && (
        <Asked label={t('tls.ask')} ask={t('tls.ask.ask')} act={() => call('POST', '/certificate/renew')} after={refresh} />
      )}
    </Notice>
  );
}

export function Certificate() {
  const certificate = useLoad('/certificate');
  if (!certificate.data?.tls) return null;
  return (
    <Card title={t('tls.title')}>
      <Loaded from={certificate}>
        {(d) => (
          <>
            {d.in_use === 'own' && <p>{t('tls.own')}</p>}
            <Wrong of={d} refresh={certificate.refresh} />
            <Facts of={[
              [t('tls.names'), <Words of={d.names.join(', ')} />],
              ...(d.in_use === 'own' ? [] : [[t('tls.issuer'), <Words of={d.issuer} />]]),
              [t('tls.until'), <Time ms={d.not_after_ms} />],
            ]} />
          </>
        )}
      </Loaded>
    </Card>
  );
}

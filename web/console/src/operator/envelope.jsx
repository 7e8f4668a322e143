// SPDX-License-Identifier: Apache-2.0
// One message as operators see it: its way, and its text only after a word on record.
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { bytes, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Asked } from '../ui/form.jsx';
import { Card, Facts, Loaded, Notice, Page, Prose, Time, Who, Words } from '../ui/parts.jsx';
import { PrivacyWords, Trace } from '../ui/trace.jsx';

function Body({ id, refresh }) {
  const [opened, setOpened] = useState(null);
  if (opened) {
    return (
      <Card title={t('open.title')}>
        <Notice tone="warn" role="status">{t('open.done')}</Notice>
        {opened.subject && <h3><Words of={opened.subject} /></h3>}
        <Prose of={opened.text} />
      </Card>
    );
  }
  return (
    <Card title={t('open.closed')}>
      <p>{t('open.why')}</p>
      <Asked label={t('open.do')} ask={t('open.ask')} yes={t('open.yes')}
        act={() => call('POST', `/messages/${id}/open`)} after={(text) => { setOpened(text); refresh(); }} />
    </Card>
  );
}

export function Envelope({ id }) {
  const trace = useLoad(`/messages/${id}/trace`);
  return (
    <Page title={t('envelope.title', { id })}>
      <Loaded from={trace}>
        {(m) => (
          <>
            <Facts of={[
              [t('mail.from'), <Who of={m.from} />],
              [t('envelope.owner'), m.owner && <Words of={m.owner} />],
              [t('mail.at'), <Time ms={m.created_ms} />],
              [t('envelope.size'), bytes(m.bytes)],
              [t('mail.readable'), <PrivacyWords of={m.privacy} />],
            ]} />
            <Card title={t('trace.title')}><Trace of={m} /></Card>
            <Body id={id} key={id} refresh={trace.refresh} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

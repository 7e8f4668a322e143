// SPDX-License-Identifier: Apache-2.0
// One message of mine: its text, then the way that it took.
import { t } from '../lib/i18n.js';
import { isFrom, letterOf } from '../lib/letters.js';
import { useLoad } from '../lib/load.js';
import { session } from '../lib/session.js';
import { Card, Facts, Loaded, Page, Prose, State, Time, Who } from '../ui/parts.jsx';
import { PrivacyWords, Trace } from '../ui/trace.jsx';

function answerTo(of) {
  const subject = of.subject && !/^re:/i.test(of.subject) ? `Re: ${of.subject}` : of.subject ?? '';
  return `/write?${new URLSearchParams({ to: of.from.replace(/^(mailto|person):/, ''), subject })}`;
}

export function Letter({ id }) {
  const letter = useLoad(`/me/messages/${id}`);
  const subject = letter.data?.subject;
  return (
    <Page title={subject || t('mail.one')}>
      <Loaded from={letter}>
        {(data) => <Whole of={letterOf(data)} />}
      </Loaded>
    </Page>
  );
}

function Whole({ of: m }) {
  const mine = isFrom(m, session.value);
  return (
    <>
      <Facts of={[
        [t('mail.from'), <Who of={m.from} name={m.from_name} />],
        [t('mail.to'), m.to.map((each, i) => <span key={each}>{i > 0 && ', '}<Who of={each} /></span>)],
        [t('mail.at'), <Time ms={m.at_ms} />],
        [t('mail.state'), mine && m.state && <State of={m.state} />],
        [t('mail.readable'), <PrivacyWords of={m.privacy} />],
      ]} />
      <Prose of={m.text} />
      {m.has_attachments && <p class="quiet">{t('mail.attached.help')}</p>}
      {m.from !== 'gateway' && !mine && <a class="button main" href={answerTo(m)}>{t('mail.answer')}</a>}
      {m.trace && <Card title={t('trace.title')}><Trace of={m.trace} names={{ from: m.from_name }} /></Card>}
    </>
  );
}

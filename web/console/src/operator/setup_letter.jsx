// SPDX-License-Identifier: Apache-2.0
// A mail that went out, and whether it came back. The box tells when something becomes of it.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../lib/i18n.js';
import { letterOf } from '../lib/letters.js';
import { useLoad } from '../lib/load.js';
import { cameBack, troubleOf } from '../lib/setup.js';
import { tame } from '../lib/text.js';
import { isWaiting } from '../lib/words.js';
import { Does } from '../ui/form.jsx';
import { Badge, Notice, Problem, State, Words } from '../ui/parts.jsx';

// The journal tells why an account does not open, and when the box finds its own mail there; nothing
// else does. Gives the time of the latest such find.
function useJournal(section, onNews) {
  const [found, setFound] = useState(0);
  useEffect(() => {
    const source = new EventSource('/api/live?log=1');
    source.addEventListener('log', (e) => {
      const line = JSON.parse(e.data);
      if (line.fields?.transport === section) onNews();
      if (cameBack(line, section)) setFound(line.at_ms);
    });
    source.onerror = () => source.readyState === EventSource.CLOSED && source.close();
    return () => source.close();
  }, [section]);
  return found;
}

function Trouble({ of }) {
  if (!of) return null;
  return (
    <Notice tone="bad" role="alert">
      <p>{t(`setup.trouble.${troubleOf(of)}`)}</p>
      <p lang="en" dir="auto">{tame(of).shown}</p>
    </Notice>
  );
}

function Line({ label, children }) {
  return <li class="row"><div class="row-head"><span>{label}</span>{children}</div></li>;
}

const yes = (good) => <Badge tone={good ? 'good' : 'wait'}>{good ? t('yes') : t('setup.mail.not_yet')}</Badge>;

export function Test({ of, onReady, onAgain }) {
  const sent = useLoad(`/me/messages/${of.id}`);
  const back = useLoad(`/me/messages?box=in&search=${of.token}&limit=5`);
  const status = useLoad('/status');
  const found = useJournal(of.section, status.refresh);
  const way = status.data?.transports.find((each) => each.id === of.section);
  const letter = sent.data && letterOf(sent.data);
  const delivery = letter?.trace?.deliveries?.[0];
  const came = of.ready || (letter && found >= letter.at_ms) || back.data?.messages.some((each) => each.subject?.includes(of.token));
  useEffect(() => {
    if (came && !of.ready) onReady();
  }, [came]);
  const why = (way && !way.up && way.why) || (delivery && !['sent', 'delivered', 'read'].includes(delivery.state) && delivery.detail) || '';
  const look = () => Promise.all([sent.refresh(), back.refresh(), status.refresh()]);
  return (
    <div class="ask" aria-live="polite">
      <h3>{t('setup.mail.test.title')}</h3>
      <ul class="rows test">
        {way && <Line label={t('setup.mail.opened')}>{yes(way.up)}</Line>}
        <Line label={<>{t('mail.to')} <Words of={of.to} /></>}>{letter && <State of={letter.state} />}</Line>
        <Line label={t('setup.mail.came')}>{yes(came)}</Line>
      </ul>
      <Problem error={sent.error} />
      {came ? <Notice tone="good"><p>{t('setup.mail.ready')}</p></Notice> : (
        <>
          <Trouble of={why} />
          {!why && <p>{of.kind === 'email' && letter && !isWaiting(letter.state) ? t('setup.mail.answer_it') : t('setup.mail.wait')}</p>}
          <div class="actions"><Does label={t('setup.mail.look')} act={look} /><Does label={t('setup.mail.again')} act={onAgain} /></div>
        </>
      )}
    </div>
  );
}

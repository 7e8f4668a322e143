// SPDX-License-Identifier: Apache-2.0
// Which release runs, a new one that is brought and installed, and how the last one ended.
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { bytes, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { startedAnew } from '../lib/restart.js';
import { administers } from '../lib/session.js';
import { uploaded } from '../lib/upload.js';
import { Asked, Field, useAct } from '../ui/form.jsx';
import { Badge, Button, Card, Facts, Loaded, Notice, Page, Problem, Time, Words } from '../ui/parts.jsx';
import { Progress } from './restart.jsx';

const kLook = 2000;     // while the box works at it, it is asked so often
const kAfterAct = 15e3;  // so long after a word of the administrator's
const kMachineTries = 600;

const works = (job) => ['checking', 'installing'].includes(job?.doing);
const refusals = ['signature', 'damaged', 'board', 'busy', 'room'];

// No event tells of it.
function useLooks(all) {
  const until = useRef(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (works(all.data?.job) || Date.now() < until.current) all.refresh();
    }, kLook);
    return () => clearInterval(timer);
  });
  return () => {
    until.current = Date.now() + kAfterAct;
    return all.refresh();
  };
}

function Bar({ done, of, words }) {
  return (
    <div class="airtime">
      <progress max={of} value={done} aria-label={words} />
      <span role="status">{words}</span>
    </div>
  );
}

// What the program that looked at it said, as it is.
const Said = ({ of }) => of && <p class="quiet" lang="en" dir="auto"><Words of={of} /></p>;

function Result({ of }) {
  if (of.result === 'good')
    return <Notice tone="good"><p>{t('update.good', { version: of.version })} <Time ms={of.at_ms} /></p></Notice>;
  return (
    <Notice tone="bad" role="alert">
      <p>{t(of.result === 'back' ? 'update.back' : 'update.cut', { version: of.version, from: of.from })} <Time ms={of.at_ms} /></p>
      <Said of={of.why} />
    </Notice>
  );
}

function Job({ of }) {
  if (of.doing === 'checking') return <p role="status">{t('update.checking')}</p>;
  if (of.doing === 'installing') return <Bar done={of.percent} of={100} words={t('update.installing', { version: of.version, percent: of.percent })} />;
  if (!['refused', 'failed'].includes(of.doing)) return null;
  return (
    <Notice tone="bad" role="alert">
      <p>{t(refusals.includes(of.code) ? `update.refused.${of.code}` : 'update.failed')}</p>
      <Said of={of.text} />
    </Notice>
  );
}

function from(text) {
  const [by, ...name] = text.split(' ');
  if (by === 'upload') return t('update.from.upload', { name: name.join(' ') });
  return by === 'stick' ? t('update.from.stick') : t('update.from.courier', { name: by.replace(/^nncp:/, '') });
}

function Offer({ of, good, look }) {
  return (
    <Card title={t('update.offer')}>
      <Facts of={[
        [t('box.version'), <Words of={of.version} />],
        [t('update.from'), <Words of={from(of.from)} />],
        [t('envelope.size'), bytes(of.bytes)],
      ]} />
      <p>{t('update.signed')}</p>
      {of.is !== 'newer' && <Notice tone="warn"><p>{t(of.is === 'same' ? 'update.same' : 'update.older')}</p></Notice>}
      {!good && <Notice tone="warn"><p>{t('update.not_yet')}</p></Notice>}
      {administers.value && (
        <div class="actions">
          {good && <Asked label={t('update.install')} tone="main" ask={t('update.install.ask', { version: of.version })}
            act={() => call('POST', '/update/install')} after={look} />}
          <Asked label={t('update.drop')} ask={t('update.drop.ask', { version: of.version })}
            act={() => call('DELETE', '/update/offer')} after={look} />
        </div>
      )}
    </Card>
  );
}

function Installed({ of, refresh }) {
  const act = useAct(async () => {
    await startedAnew(() => call('POST', '/update/restart'), kMachineTries);
    await refresh();
  });
  return (
    <Notice tone="warn">
      <p>{t('update.installed', { version: of.version })}</p>
      {administers.value && <Asked label={t('update.restart')} tone="main" ask={t('update.restart.ask')} act={async () => { act.run(); }} />}
      <Progress of={act} />
    </Notice>
  );
}

function Upload({ look }) {
  const [sent, setSent] = useState(0);
  const [file, setFile] = useState(null);
  const stop = useRef(null);
  const act = useAct(async (chosen) => {
    stop.current = new AbortController();
    setSent(0);
    await uploaded(chosen, setSent, stop.current.signal);
    await look();
  });
  const cancel = async () => {
    stop.current.abort();
    await call('DELETE', '/update/upload');
  };
  const submit = (e) => {
    e.preventDefault();
    if (file) act.run(file);
  };
  return (
    <Card title={t('update.bring')}>
      <form class="form" onSubmit={submit}>
        <Field label={t('update.file')} hint={t('update.file.hint')} type="file" name="file" accept=".raucb" required
          disabled={act.busy} onChange={(e) => setFile(e.target.files[0] ?? null)} />
        {act.busy && <Bar done={sent} of={file.size} words={t('update.sent', { done: bytes(sent), all: bytes(file.size) })} />}
        {act.error?.code !== 'aborted' && <Problem error={act.error} />}
        <div class="actions">
          <Button type="submit" tone="main" busy={act.busy}>{t('update.send')}</Button>
          {act.busy && <Button onClick={cancel}>{t('do.cancel')}</Button>}
        </div>
      </form>
    </Card>
  );
}

function Image({ of, all }) {
  const look = useLooks(all);
  return (
    <>
      <Card title={t('update.runs')}>
        <Facts of={[
          [t('box.version'), <Words of={of.version} />],
          [t('update.slot'), of.slot],
          [t('update.state'), <Badge tone={of.good ? 'good' : 'warn'}>{t(of.good ? 'update.state.good' : 'update.state.tried')}</Badge>],
        ]} />
        {of.result && <Result of={of.result} />}
      </Card>
      {of.job && <Job of={of.job} />}
      {of.job?.doing === 'installed' && <Installed of={of.job} refresh={all.refresh} />}
      {of.offer && !works(of.job) && <Offer of={of.offer} good={of.good} look={look} />}
      {administers.value && !works(of.job) && <Upload look={look} />}
    </>
  );
}

export function Update() {
  const all = useLoad('/update');
  return (
    <Page title={t('menu.update')}>
      <p class="quiet">{t('update.lead')}</p>
      <Loaded from={all}>
        {(of) => (of.image ? <Image of={of} all={all} /> : <Notice><p>{t('update.no_image')}</p></Notice>)}
      </Loaded>
    </Page>
  );
}

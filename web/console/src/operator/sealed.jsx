// SPDX-License-Identifier: Apache-2.0
// Encrypted copies, and going back to one with the key that its owner keeps: it is asked for, sent,
// and kept nowhere.
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { bytes, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { startedAnew } from '../lib/restart.js';
import { administers } from '../lib/session.js';
import { Dialog, Field, Form, useAct } from '../ui/form.jsx';
import { Button, Card, Facts, Loaded, Notice, Time, Words } from '../ui/parts.jsx';
import { Progress } from './restart.jsx';

// A large copy on a slow stick outlasts a phone's patience with one answer.
const kTries = 1000;
const wrongs = { 'bad-input': 'bad', refused: 'other', conflict: 'damaged' };

function AskKey({ of, act, onClose }) {
  const wrong = wrongs[act.error?.code];
  return (
    <Dialog title={t('backup.restore')} onClose={onClose}>
      <p>{t('backup.restore.ask', { name: of.name })}</p>
      {location.protocol === 'http:' && <Notice tone="warn"><p>{t('sealed.in_clear')}</p></Notice>}
      <Form act={wrong ? { ...act, error: null } : act} submit={t('backup.restore')} tone="danger sure" onCancel={onClose} autocomplete="off">
        <Field as="textarea" label={t('sealed.key')} hint={t('sealed.key.hint')} name="key" rows={4} required dir="ltr"
          autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck={false} maxLength={8000} />
        <div role="status">{act.busy && <p>{t('sealed.wait')}</p>}</div>
        {wrong && <Notice tone="bad" role="alert"><p>{t(`sealed.wrong.${wrong}`)}</p></Notice>}
      </Form>
    </Dialog>
  );
}

function Restore({ of }) {
  const [asked, setAsked] = useState(false);
  const [goes, setGoes] = useState(false);
  const act = useAct(async ({ key }) => {
    await startedAnew(async () => {
      await call('POST', `/sealed-copies/${encodeURIComponent(of.name)}/restore`, { folder: of.folder, key });
      setAsked(false);
      setGoes(true);
    }, kTries);
    setAsked(false);
    setGoes(true);
  });
  const ask = () => {
    act.clear();
    setGoes(false);
    setAsked(true);
  };
  return (
    <>
      <Button tone="danger" busy={act.busy} onClick={ask}>{t('backup.restore')}</Button>
      {asked && <AskKey of={of} act={act} onClose={() => setAsked(false)} />}
      {goes && <Progress of={act} />}
    </>
  );
}

function Row({ of }) {
  return (
    <li class="row">
      <div class="row-head"><strong><Words of={of.name} /></strong><Time ms={of.at_ms} /></div>
      <Facts of={[[t('backup.folder'), <code dir="ltr">{of.folder}</code>], [t('envelope.size'), bytes(of.bytes)]]} />
      {administers.value && <div class="actions"><Restore of={of} /></div>}
    </li>
  );
}

export function Sealed() {
  const all = useLoad('/sealed-copies');
  return (
    <Card title={t('sealed.title')}>
      <p>{t('sealed.lead')}</p>
      <Button onClick={all.refresh}>{t('sealed.look')}</Button>
      <Loaded from={all} empty={(d) => d.copies.length === 0 && t('sealed.none')}>
        {(d) => <ul class="rows">{d.copies.map((each) => <Row key={`${each.folder}/${each.name}`} of={each} />)}</ul>}
      </Loaded>
    </Card>
  );
}

// SPDX-License-Identifier: Apache-2.0
// The encryption of the box's data, where the box is a disk image: how far it is, and the wish for it.
import { useEffect, useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { administers } from '../lib/session.js';
import { Check, Field, Form, useAct } from '../ui/form.jsx';
import { Badge, Card, Facts, Loaded, Notice } from '../ui/parts.jsx';

const kLook = 5000;
const reasons = ['no-stick', 'several-sticks', 'stick', 'busy'];
const tones = { encrypted: 'good', clear: 'warn', failed: 'warn' };

function State({ of }) {
  const name = of.state === 'failed' ? 'clear' : of.state;
  return <Badge tone={tones[of.state] ?? 'wait'}>{t(`encryption.state.${name}`, { percent: number(of.percent) })}</Badge>;
}

function Wish({ onKey }) {
  const [differ, setDiffer] = useState(false);
  const act = useAct(async ({ passphrase, again, stick }) => {
    setDiffer(passphrase !== again);
    if (passphrase !== again) return;
    onKey((await call('POST', '/encryption', { passphrase, stick: stick === 'on' })).recovery_key);
  });
  const secret = { type: 'password', required: true, autocomplete: 'new-password', minLength: 12, maxLength: 200, dir: 'ltr' };
  return (
    <Form act={act} submit={t('encryption.do')}>
      {location.protocol === 'http:' && <Notice tone="warn"><p>{t('encryption.in_clear')}</p></Notice>}
      <Field label={t('encryption.passphrase')} hint={t('encryption.passphrase.hint')} name="passphrase" {...secret} />
      <Field label={t('encryption.again')} wrong={differ && t('encryption.differ')} name="again" {...secret} />
      <Check label={t('encryption.stick')} name="stick" />
      <p class="hint">{t('encryption.wait')}</p>
    </Form>
  );
}

export function Encryption() {
  const all = useLoad('/encryption');
  const [key, setKey] = useState('');
  // No event tells of it; and the gateway is away for a while.
  useEffect(() => {
    const timer = setInterval(() => {
      if (key || ['preparing', 'encrypting'].includes(all.data?.state)) all.refresh();
    }, kLook);
    return () => clearInterval(timer);
  });
  return (
    <>
      {key && <Notice tone="warn" role="alert"><p>{t('encryption.key')}</p><p><code dir="ltr">{key}</code></p></Notice>}
      <Loaded from={all}>
        {(of) => of.image && (
          <Card title={t('encryption.title')}>
            <p>{t('encryption.lead')}</p>
            <Facts of={[[t('encryption.state'), <State of={of} />]]} />
            {of.state === 'failed' && <Notice tone="bad" role="alert"><p>{t(`encryption.failed.${reasons.includes(of.why) ? of.why : 'other'}`)}</p></Notice>}
            {administers.value && ['clear', 'failed'].includes(of.state) && <Wish onKey={setKey} />}
          </Card>
        )}
      </Loaded>
    </>
  );
}

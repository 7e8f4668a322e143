// SPDX-License-Identifier: Apache-2.0
// One probe to a radio that was heard, and what each radio on the way there and back heard. The box
// keeps the last one, so that a reload loses nothing.
import { useEffect } from 'preact/hooks';
import { call } from '../lib/api.js';
import { decibels, number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { useAct } from '../ui/form.jsx';
import { Button, Facts, Notice, Problem, Time, Words } from '../ui/parts.jsx';

const kBetween = 1000;
const pathOf = (transport) => `/radios/${encodeURIComponent(transport.id)}/test`;

// No event tells of its end.
function Watched({ of, after, children }) {
  const last = useLoad(pathOf(of));
  const waits = last.data?.state === 'waits';
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(last.refresh, kBetween);
    return () => {
      clearInterval(timer);
      after();
    };
  }, [waits]);
  return children(last);
}

// Gives its child the last test of this transport of /status; null: it has none.
export function LastTest({ of, after, children }) {
  return of.tests_signal && of.up ? <Watched of={of} after={after}>{children}</Watched> : children(null);
}

// Written from left to right in every language.
export const Decibels = ({ of }) => <span dir="ltr">{decibels(of)}</span>;

function nameIn(radios, address, of) {
  if (!address) return t('signal.other');
  const { node, name } = of.details ?? {};
  if (address.endsWith(`:${node}`)) return name || address;
  const known = radios.find((each) => each.address === address);
  return known?.name || known?.person || address;
}

function Answer({ of, test, radios }) {
  const name = (address) => nameIn(radios, address, of);
  return (
    <Notice tone="good">
      <Facts of={test.legs.map(({ from, to, snr_db: snr }) => [
        t('signal.leg', { from: name(from), to: name(to) }), snr === null ? t('chart.unknown') : <Decibels of={snr} />])} />
      <p class="quiet">{t('signal.help')} {t('signal.took', { seconds: number(Math.max(1, Math.round(test.took_ms / 1000))) })}</p>
      <p class="quiet"><Time ms={test.asked_ms} /></p>
    </Notice>
  );
}

function Silent({ test }) {
  return (
    <Notice tone="warn">
      <p>{t(test.why ? 'error.other' : 'signal.silent')}</p>
      {test.why && <p lang="en" dir="auto"><Words of={test.why} /></p>}
      <p class="quiet"><Time ms={test.asked_ms} /></p>
    </Notice>
  );
}

// `node`: the address of a radio; `radios`: those of /map.
export function SignalTest({ of, node, radios, last }) {
  const act = useAct(async () => {
    await call('POST', pathOf(of), { node });
    await last.refresh();
  });
  if (!last?.data) return last && !last.error ? <span hidden data-waits /> : null;
  const test = last.data.node === node ? last.data : {};
  return (
    <div class="ask">
      <div class="actions"><Button busy={act.busy || last.data.state === 'waits'} onClick={() => act.run()}>{t('signal.do')}</Button></div>
      <Problem error={act.error} />
      <div role="status">
        {test.state === 'waits' && <p>{t('signal.waits')}</p>}
        {test.state === 'silent' && <Silent test={test} />}
        {test.state === 'answered' && <Answer of={of} test={test} radios={radios} />}
      </div>
    </div>
  );
}

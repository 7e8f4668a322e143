// SPDX-License-Identifier: Apache-2.0
// What waits, and what may be done about it.
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { actionsFor, stateKey, stateNames } from '../lib/words.js';
import { Asked, Choice, Does } from '../ui/form.jsx';
import { Facts, Page, State, Time, Who, Words } from '../ui/parts.jsx';
import { Pages, usePages } from '../ui/pages.jsx';
import { Network } from '../ui/trace.jsx';

function Actions({ of, refresh }) {
  const act = (what) => () => call('POST', `/queue/${of.id}/${what}`);
  return (
    <div class="actions">
      {actionsFor(of.state).map((what) => (what === 'cancel' ?
        <Asked key={what} label={t('queue.cancel')} tone="danger" ask={t('queue.cancel.ask')} act={act(what)} after={refresh} /> :
        <Does key={what} label={t(`queue.${what}`)} act={act(what)} after={refresh} />))}
    </div>
  );
}

function Row({ of, refresh }) {
  return (
    <li class="row">
      <div class="row-head"><strong><Who of={of.to} /></strong><State of={of.state} /></div>
      {of.detail && <p lang="en" dir="auto"><Words of={of.detail} /></p>}
      <Facts of={[
        [t('queue.network'), <Network of={of.network} />],
        [t('queue.priority'), t(`priority.${of.priority}`)],
        [t('queue.attempts'), number(of.attempts)],
        [t('queue.since'), <Time ms={of.created_ms} />],
        [t('queue.expires'), <Time ms={of.expires_ms} />],
      ]} />
      <p><a href={`/messages/${of.message}`}>{t('queue.trace', { id: of.message })}</a></p>
      <Actions of={of} refresh={refresh} />
    </li>
  );
}

export function Queue() {
  const [state, setState] = useState('');
  const [network, setNetwork] = useState('');
  const pages = usePages('/queue', 'deliveries', { cursor: 'after', query: { state, network } });
  const status = useLoad('/status');
  const known = [...(status.data?.transports ?? []), ...pages.items].map((each) => each.network);
  const networks = [...new Set([...known, network].filter(Boolean))].sort();
  return (
    <Page title={t('menu.queue')}>
      <div class="filters">
        <Choice label={t('queue.state')} value={state} onChange={setState}
          options={[['', t('queue.waiting')], ...stateNames.map((each) => [each, t(stateKey(each))]), ['all', t('queue.all')]]} />
        <Choice label={t('queue.network')} value={network} onChange={setNetwork}
          options={[['', t('queue.any')], ...networks.map((each) => [each, <Network of={each} />])]} />
      </div>
      <Pages of={pages} empty={t('queue.empty')}>
        {(items) => <ul class="rows list">{items.map((each) => <Row key={each.id} of={each} refresh={pages.first.refresh} />)}</ul>}
      </Pages>
    </Page>
  );
}

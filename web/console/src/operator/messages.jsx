// SPDX-License-Identifier: Apache-2.0
// Envelopes of everybody's messages. Texts stay closed.
import { useState } from 'preact/hooks';
import { bytes, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Choice } from '../ui/form.jsx';
import { Page, State, Time, Who } from '../ui/parts.jsx';
import { Pages, Search, usePages } from '../ui/pages.jsx';
import { Network } from '../ui/trace.jsx';

function Row({ of }) {
  return (
    <li>
      <a class="row" href={`/messages/${of.id}`}>
        <span class="row-head"><strong><Who of={of.from} /></strong><Time ms={of.at_ms} /></span>
        <span class="quiet"><Network of={of.network} /> · {bytes(of.bytes)}</span>
        {of.deliveries.map((each) => (
          <span class="row-foot" key={each.id}><Who of={each.to} /><State of={each.state} /></span>
        ))}
      </a>
    </li>
  );
}

export function Messages() {
  const [search, setSearch] = useState('');
  const [person, setPerson] = useState('');
  const people = useLoad('/people');
  const pages = usePages('/messages', 'messages', { query: { person, search } });
  const names = (people.data?.people ?? []).map((each) => [each.handle, each.name || each.handle]);
  return (
    <Page title={t('menu.mail')}>
      <p class="quiet">{t('envelopes.lead')}</p>
      <Search value={search} onSearch={setSearch} label={t('envelopes.search')} />
      <div class="filters">
        <Choice label={t('envelopes.person')} value={person} onChange={setPerson} options={[['', t('envelopes.all')], ...names]} />
      </div>
      <Pages of={pages} empty={search || person ? t('mail.none_found') : t('envelopes.empty')}>
        {(items) => <ul class="rows list">{items.map((each) => <Row key={each.id} of={each} />)}</ul>}
      </Pages>
    </Page>
  );
}

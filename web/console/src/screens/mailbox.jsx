// SPDX-License-Identifier: Apache-2.0
// What came to me, and what I sent.
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n.js';
import { letterOf } from '../lib/letters.js';
import { Icon, Page, State, Time, Who, Words } from '../ui/parts.jsx';
import { Pages, Search, usePages } from '../ui/pages.jsx';

const kPreview = 120;
const preview = (text) => [...String(text ?? '').slice(0, 2000)].slice(0, kPreview).join('').replace(/\s+/g, ' ');

function Row({ of, box }) {
  const other = box === 'in' ? <Who of={of.from} name={of.from_name} /> :
    of.to.map((each, i) => <span key={each}>{i > 0 && ', '}<Who of={each} /></span>);
  return (
    <li>
      <a class="row" href={`/mail/${of.id}`}>
        <span class="row-head"><strong>{other}</strong><Time ms={of.at_ms} /></span>
        {of.subject && <span class="subject"><Words of={of.subject} /></span>}
        <span class="preview"><Words of={preview(of.text)} /></span>
        <span class="row-foot">
          {box === 'out' && of.state && <State of={of.state} />}
          {of.has_attachments && <span class="badge off">{t('mail.attached')}</span>}
        </span>
      </a>
    </li>
  );
}

function Mailbox({ box, title, empty }) {
  const [search, setSearch] = useState('');
  const pages = usePages('/me/messages', 'messages', { query: { box, search } });
  return (
    <Page title={title} actions={<a class="button main" href="/write"><Icon name="write" />{t('menu.write')}</a>}>
      <Search value={search} onSearch={setSearch} label={t('mail.search')} />
      <Pages of={pages} empty={search ? t('mail.none_found') : empty}>
        {(items) => <ul class="rows list">{items.map((each) => <Row key={each.id} of={letterOf(each)} box={box} />)}</ul>}
      </Pages>
    </Page>
  );
}

export const Inbox = () => <Mailbox key="in" box="in" title={t('menu.inbox')} empty={t('mail.empty_in')} />;
export const Sent = () => <Mailbox key="out" box="out" title={t('menu.sent')} empty={t('mail.empty_out')} />;

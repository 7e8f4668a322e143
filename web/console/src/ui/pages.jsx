// SPDX-License-Identifier: Apache-2.0
// Long lists, a page at a time: the newest page stays fresh, older ones are added below.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { useAct } from './form.jsx';
import { Button, Loaded, Problem } from './parts.jsx';

const kPage = 50;

export function usePages(path, key, { cursor = 'before', query = {} } = {}) {
  const given = Object.entries(query).filter(([, value]) => value);
  const base = `${path}?${new URLSearchParams([...given, ['limit', kPage]])}`;
  const first = useLoad(base);
  const [older, setOlder] = useState({ base, items: [], end: false });
  useEffect(() => setOlder({ base, items: [], end: false }), [base]);
  const newest = first.data?.[key] ?? [];
  const known = new Set(newest.map((each) => each.id));
  const rest = older.base === base ? older.items.filter((each) => !known.has(each.id)) : [];
  const items = [...newest, ...rest];
  const more = useAct(async () => {
    const next = (await get(`${base}&${cursor}=${items[items.length - 1].id}`))[key];
    setOlder({ base, items: [...rest, ...next], end: next.length < kPage });
  });
  const end = rest.length ? older.end : older.end || newest.length < kPage;
  return { first, items, more: end ? null : more };
}

export function Pages({ of, empty, children }) {
  return (
    <Loaded from={of.first} empty={() => (of.items.length ? '' : empty)}>
      {() => (
        <>
          {children(of.items)}
          {of.more && <Button busy={of.more.busy} onClick={() => of.more.run()}>{t('list.more')}</Button>}
          {of.more && <Problem error={of.more.error} />}
        </>
      )}
    </Loaded>
  );
}

// Search goes out when it is sent, not at each letter: the box is small.
export function Search({ value, onSearch, label }) {
  const send = (e) => {
    e.preventDefault();
    onSearch(new FormData(e.currentTarget).get('search').trim());
  };
  return (
    <form role="search" class="search" onSubmit={send}>
      <input type="search" name="search" aria-label={label} placeholder={label} defaultValue={value} />
      <Button type="submit">{t('do.search')}</Button>
    </form>
  );
}

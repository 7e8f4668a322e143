// SPDX-License-Identifier: Apache-2.0
// Long lists, a page at a time: the newest page stays fresh, older ones are added below.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { useAct } from './form.jsx';
import { Button, Loaded, Problem } from './parts.jsx';

const kPage = 50;

// Some lists say where they go on (0: nowhere); of the others a short page is the last.
function goesOn(page, key) {
  if (!page) return 0;
  if (page.next !== undefined) return page.next;
  const items = page[key];
  return items.length < kPage ? 0 : items[items.length - 1].id;
}

export function usePages(path, key, { cursor = 'before', query = {} } = {}) {
  const given = Object.entries(query).filter(([, value]) => value);
  const base = `${path}?${new URLSearchParams([...given, ['limit', kPage]])}`;
  const first = useLoad(base);
  const none = { base, items: [], next: 0 };
  const [older, setOlder] = useState(none);
  useEffect(() => setOlder(none), [base]);
  const newest = first.data?.[key] ?? [];
  const known = new Set(newest.map((each) => each.id));
  const rest = older.base === base ? older.items.filter((each) => !known.has(each.id)) : [];
  const items = [...newest, ...rest];
  const next = rest.length ? older.next : goesOn(first.data, key);
  const more = useAct(async () => {
    const page = await get(`${base}&${cursor}=${next}`);
    setOlder({ base, items: [...rest, ...page[key]], next: goesOn(page, key) });
  });
  return { first, items, more: next ? more : null };
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

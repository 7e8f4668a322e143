// SPDX-License-Identifier: Apache-2.0
// Every setting with its help, to be read. What the box itself says of them is English.
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Badge, Facts, Loaded, Page, Words } from '../ui/parts.jsx';
import { Search } from '../ui/pages.jsx';

export function matching(sections, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text) => words.every((each) => text.toLowerCase().includes(each));
  return sections
    .map((each) => ({
      ...each,
      settings: each.settings.filter((s) => has([each.name, each.instance, each.help, s.key, s.help, s.value].filter(Boolean).join(' '))),
    }))
    .filter((each) => each.settings.length);
}

function Setting({ of }) {
  const set = of.by_default === undefined ? of.value !== '' && of.value !== of.fallback : !of.by_default;
  return (
    <li class="row">
      <div class="row-head">
        <code dir="ltr">{of.key}</code>
        {set && <Badge tone="good">{t('settings.set')}</Badge>}
        {of.restart && <Badge tone="off">{t('settings.restart')}</Badge>}
      </div>
      <p lang="en" dir="ltr">{of.help}</p>
      <Facts of={[
        [t('settings.value'), of.value !== '' && <code dir="ltr">{of.value}</code>],
        [t('settings.fallback'), of.fallback !== '' && <code dir="ltr">{of.fallback}</code>],
        [t('settings.range'), of.range && <span lang="en" dir="ltr">{of.range}</span>],
        [t('settings.unit'), of.unit && <span lang="en" dir="ltr">{of.unit}</span>],
      ]} />
    </li>
  );
}

export function Settings() {
  const [search, setSearch] = useState('');
  const all = useLoad('/settings');
  return (
    <Page title={t('menu.settings')}>
      <p class="quiet">{t('settings.lead')}</p>
      <Search value={search} onSearch={setSearch} label={t('settings.search')} />
      <Loaded from={all} empty={(d) => !matching(d.sections, search).length && t('mail.none_found')}>
        {({ sections }) => matching(sections, search).map((each) => (
          <details class="card" key={`${each.name}.${each.instance ?? ''}`} open={Boolean(search)}>
            <summary><Words of={[each.name, each.instance].filter(Boolean).join('.')} /></summary>
            {each.help && <p lang="en" dir="ltr">{each.help}</p>}
            <ul class="rows">{each.settings.map((s) => <Setting key={s.key} of={s} />)}</ul>
          </details>
        ))}
      </Loaded>
    </Page>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { call } from '../lib/api.js';
import { number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Asked, Field } from '../ui/form.jsx';
import { Loaded, Page, Words } from '../ui/parts.jsx';

export function Options({ of, prefix }) {
  return of.map((each) => <option key={each} value={each}>{t(`${prefix}.${each}`)}</option>);
}

function New({ after }) {
  return (
    <Asked label={t('group.new')} tone="main" yes={t('do.add')} after={after}
      act={(wish) => call('POST', '/groups', wish)}>
      <Field label={t('group.name')} hint={t('group.name.hint')} name="name" required dir="ltr" autocapitalize="none" />
      <Field label={t('group.title')} name="title" dir="auto" />
      <Field label={t('group.mode')} name="mode" as="select"><Options of={['open', 'moderated', 'closed']} prefix="mode" /></Field>
      <Field label={t('group.post')} name="post" as="select"><Options of={['members', 'anyone']} prefix="post" /></Field>
    </Asked>
  );
}

export function Groups() {
  const all = useLoad('/groups');
  return (
    <Page title={t('menu.groups')} actions={<New after={all.refresh} />}>
      <Loaded from={all} empty={(d) => !d.groups.length && t('group.none')}>
        {({ groups }) => (
          <ul class="rows list">
            {groups.map((each) => (
              <li key={each.name}>
                <a class="row" href={`/groups/${encodeURIComponent(each.name)}`}>
                  <span class="row-head"><strong><Words of={each.title || each.name} /></strong><Words of={`#${each.name}`} /></span>
                  <span class="quiet">{t(`mode.${each.mode}`)} · {t('group.members')}: {number(each.members)}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

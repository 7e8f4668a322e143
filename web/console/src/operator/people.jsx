// SPDX-License-Identifier: Apache-2.0
// Everybody in the village, and what they ask for.
import { call } from '../lib/api.js';
import { duration, languages, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Asked, Does, Field } from '../ui/form.jsx';
import { Badge, Card, Facts, Loaded, Page, Who, Words } from '../ui/parts.jsx';

// "ana, bob" of the API: the strongest is shown.
export const roleOf = (role) => ['admin', 'operator', 'responder'].find((each) => role.includes(each)) ?? 'villager';

function Matter({ of, refresh }) {
  const path = `/people/${encodeURIComponent(of.handle)}`;
  return (
    <li class="row">
      <p>{t(`matter.${of.kind}`, { handle: of.handle })}</p>
      <Facts of={[
        [t('alarm.radio'), <Who of={of.radio} />],
        [t('matter.left'), of.seconds_left > 0 && duration(of.seconds_left * 1000)],
        [t('matter.vouched'), of.vouched.length > 0 && <Words of={of.vouched.join(', ')} />],
      ]} />
      <p class="quiet">{t(`matter.${of.kind}.help`)}</p>
      <div class="actions">
        <Does label={t('matter.yes')} tone="main" act={() => call('POST', `${path}/approve`)} after={refresh} />
        <Asked label={t('matter.no')} tone="danger" ask={t('matter.no.ask')} act={() => call('POST', `${path}/refuse`)} after={refresh} />
      </div>
    </li>
  );
}

function Add({ after }) {
  return (
    <Asked label={t('person.add')} tone="main" yes={t('do.add')} after={after}
      act={({ handle, ...rest }) => call('PUT', `/people/${encodeURIComponent(handle.trim().toLowerCase())}`, rest)}>
      <Field label={t('person.name')} name="name" required dir="auto" />
      <Field label={t('person.handle')} hint={t('person.handle.hint')} name="handle" required dir="ltr" autocapitalize="none" spellcheck={false} />
      <Field label={t('shell.language')} name="language" as="select">
        {Object.entries(languages).map(([name, own]) => <option key={name} value={name}>{own}</option>)}
      </Field>
    </Asked>
  );
}

function Row({ of }) {
  const role = roleOf(of.role);
  return (
    <li>
      <a class="row" href={`/people/${encodeURIComponent(of.handle)}`}>
        <span class="row-head"><strong><Words of={of.name || of.handle} /></strong><Words of={of.handle} /></span>
        <span class="row-foot">
          {role !== 'villager' && <Badge tone="gone">{t(`role.${role}`)}</Badge>}
          {!of.approved && <Badge tone="wait">{t('person.not_approved')}</Badge>}
          {of.paused && <Badge tone="off">{t('person.paused')}</Badge>}
          {of.suspended.length > 0 && <Badge tone="bad">{t('person.lost')}</Badge>}
          {of.endpoints.length === 0 && <Badge tone="off">{t('person.no_radio')}</Badge>}
        </span>
      </a>
    </li>
  );
}

export function People() {
  const people = useLoad('/people');
  const matters = useLoad('/matters');
  const both = async () => {
    await Promise.all([people.refresh(), matters.refresh()]);
  };
  return (
    <Page title={t('menu.people')} actions={<Add after={people.refresh} />}>
      {matters.data?.matters.length > 0 && (
        <Card title={t('matter.title')} tone="warn">
          <ul class="rows">{matters.data.matters.map((each) => <Matter key={each.kind + each.handle + each.radio} of={each} refresh={both} />)}</ul>
        </Card>
      )}
      <Loaded from={people} empty={(d) => !d.people.length && t('person.nobody')}>
        {(d) => <ul class="rows list">{d.people.map((each) => <Row key={each.handle} of={each} />)}</ul>}
      </Loaded>
    </Page>
  );
}

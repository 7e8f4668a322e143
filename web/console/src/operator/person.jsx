// SPDX-License-Identifier: Apache-2.0
// One person, and everything that the village desk does for him.
import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { languages, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { administers } from '../lib/session.js';
import { Asked, Field, Form, useAct } from '../ui/form.jsx';
import { Badge, Button, Card, Facts, Loaded, Notice, Page, Problem, Who, Words } from '../ui/parts.jsx';
import { roleOf } from './people.jsx';

// Two groups of four are easier to read out over a table.
const inGroups = (code) => code.replace(/(\d{4})(?=\d)/g, '$1 ');

function Code({ label, path, help }) {
  const act = useAct(() => call('POST', path));
  return (
    <div class="ask">
      <Button busy={act.busy} onClick={() => act.run()}>{label}</Button>
      <Problem error={act.error} />
      {act.done && (
        <Notice tone="good" role="status">
          <p class="code" dir="ltr">{inGroups(act.done.code)}</p>
          <p>{help(act.done.code)}</p>
        </Notice>
      )}
    </div>
  );
}

function Radios({ of, path, refresh }) {
  const line = (code) => t('person.radio_code.help', { line: `name ${of.handle} ${code}` });
  const one = (what, address) => () => call('POST', `${path}/${what}`, address ? { address } : {});
  return (
    <Card title={t('person.radios')}>
      {of.endpoints.length === 0 && <p>{t('person.no_radio')}</p>}
      <ul class="rows">
        {of.endpoints.map((each) => (
          <li class="row" key={each}>
            <div class="row-head"><code dir="ltr">{each}</code>{of.suspended.includes(each) && <Badge tone="bad">{t('person.lost')}</Badge>}</div>
          </li>
        ))}
      </ul>
      <div class="actions">
        {of.suspended.length < of.endpoints.length && (
          <Asked label={t('person.lost.do')} tone="danger" ask={t('person.lost.ask')} act={one('lost')} after={refresh} />
        )}
        {of.suspended.length > 0 && (
          <Asked label={t('person.found.do')} ask={t('person.found.ask')} act={one('found')} after={refresh} />
        )}
        <Asked label={t('person.bind')} yes={t('do.add')} after={refresh}
          act={({ address }) => call('POST', `${path}/endpoints`, { address: address.trim() })}>
          <Field label={t('person.address')} hint={t('person.address.hint')} name="address" required dir="ltr" autocapitalize="none" spellcheck={false} />
        </Asked>
      </div>
      <Code label={t('person.radio_code')} path={`${path}/code`} help={line} />
    </Card>
  );
}

function SigningIn({ path }) {
  return (
    <Card title={t('person.sign_in')}>
      <Code label={t('person.sign_in_code')} path={`${path}/sign-in-code`} help={() => t('person.sign_in_code.help')} />
      <div class="actions">
        <Asked label={t('person.password')} ask={t('person.password.ask')} yes={t('do.save')}
          act={({ password }) => call('PUT', `${path}/password`, { password })}>
          <Field label={t('me.password.new')} hint={t('password.hint')} name="password" type="password" required minLength={10} autocomplete="new-password" dir="ltr" />
        </Asked>
        <Asked label={t('person.close_mailbox')} ask={t('person.close_mailbox.ask')} act={() => call('DELETE', `${path}/password`)} />
      </div>
    </Card>
  );
}

function Details({ of, path, refresh }) {
  const role = roleOf(of.role);
  const act = useAct(async (wish) => {
    // A role that stays is not sent: he may have two of which one is shown.
    const changed = wish.role && wish.role !== role ? wish.role : '';
    await call('PUT', path, { name: wish.name.trim(), language: wish.language, role: changed });
    if (wish.quiet.trim() !== of.quiet) await call('PUT', `${path}/quiet`, { hours: wish.quiet.trim() });
    await refresh();
  });
  return (
    <Card title={t('person.details')}>
      <Form act={act} submit={t('do.save')}>
        <Field label={t('person.name')} name="name" defaultValue={of.name} required dir="auto" />
        <Field label={t('me.language')} name="language" as="select">
          {Object.entries(languages).map(([name, own]) => <option key={name} value={name} selected={name === of.language}>{own}</option>)}
        </Field>
        {administers.value && (
          <Field label={t('person.role')} name="role" as="select">
            {['villager', 'responder', 'operator'].map((each) => <option key={each} value={each} selected={each === role}>{t(`role.${each}`)}</option>)}
          </Field>
        )}
        <Field label={t('me.quiet')} hint={t('me.quiet.hint')} name="quiet" defaultValue={of.quiet} dir="ltr" />
      </Form>
      {act.done && <Notice tone="good" role="status">{t('do.saved')}</Notice>}
    </Card>
  );
}

function Contacts({ path }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="card" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t('person.contacts')}</summary>
      {open && <ContactList path={path} />}
    </details>
  );
}

function ContactList({ path }) {
  const contacts = useLoad(`${path}/contacts`);
  return (
    <Loaded from={contacts} empty={(d) => !d.contacts.length && t('none')}>
      {(d) => (
        <ul class="rows">
          {d.contacts.map((each) => (
            <li class="row row-head" key={each.address}>
              <span><Words of={each.nick} /> <Who of={each.address} /></span>
              <Badge tone={each.state === 'known' ? 'good' : 'off'}>{t(`contact.${each.state}`)}</Badge>
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}

export function Person({ handle }) {
  const { route } = useLocation();
  const all = useLoad('/people');
  const path = `/people/${encodeURIComponent(handle)}`;
  const person = all.data?.people.find((each) => each.handle === handle);
  return (
    <Page title={person?.name || handle}>
      <Loaded from={all} empty={() => !person && t('missing.text')}>
        {() => (
          <>
            <Facts of={[[t('person.handle'), <Words of={handle} />], [t('person.role'), t(`role.${roleOf(person.role)}`)]]} />
            <div class="columns">
              <div><SigningIn path={path} /><Radios of={person} path={path} refresh={all.refresh} /></div>
              <div><Details of={person} path={path} refresh={all.refresh} key={handle} /><Contacts path={path} /></div>
            </div>
            <Asked label={t('person.forget')} tone="danger" ask={t('person.forget.ask', { handle })}
              act={() => call('POST', `${path}/forget`)} after={() => route('/people')} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

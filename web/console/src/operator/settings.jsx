// SPDX-License-Identifier: Apache-2.0
// Every setting with its help. An administrator changes them here; others read. What the box itself
// says of them is English.
import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { freshSection, kNamePattern, matching } from '../lib/settings.js';
import { administers } from '../lib/session.js';
import { tame } from '../lib/text.js';
import { Asked, Field } from '../ui/form.jsx';
import { Badge, Loaded, Notice, Page, Words } from '../ui/parts.jsx';
import { Search } from '../ui/pages.jsx';
import { SettingsProblem, useBox, Waits } from './restart.jsx';
import { Reading } from './setting_fields.jsx';
import { SectionForm } from './setting_section.jsx';

// {kind, name}: what the dialog of a new section asks. `taken`: names that are there.
function Add({ kinds, taken, onAdd }) {
  const add = async ({ kind, name }) => {
    const fresh = freshSection(kinds.find((each) => each.name === kind), name);
    if (taken.includes(fresh.name)) throw Object.assign(new Error(fresh.name), { code: 'exists' });
    onAdd(fresh);
  };
  return (
    <Asked label={t('settings.add')} yes={t('do.add')} act={add}>
      <Field label={t('settings.kind')} name="kind" as="select">
        {kinds.map((each) => <option key={each.name} value={each.name}>{each.name}</option>)}
      </Field>
      <Field label={t('settings.name')} hint={t('settings.name.hint')} name="name" required dir="ltr" autocapitalize="none"
        spellcheck={false} pattern={kNamePattern} autocomplete="off" />
    </Asked>
  );
}

// Its form is made when it is looked at: there are hundreds of fields.
function Section({ of, open: wanted, edits, ...rest }) {
  const [open, setOpen] = useState(wanted);
  return (
    <details class="card" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <Words of={of.name} />
        {of.fresh && <Badge tone="wait">{t('settings.fresh')}</Badge>}
        {Object.keys(rest.draft).length > 0 && <Badge tone="wait">{t('settings.unsaved')}</Badge>}
      </summary>
      {open && of.help && <p lang="en" dir="ltr">{of.help}</p>}
      {open && (edits ? <SectionForm section={of} shown={of.shown} {...rest} /> :
        <ul class="rows">{of.shown.map((s) => <Reading key={s.key} of={s} />)}</ul>)}
    </details>
  );
}

function useEdits(sections) {
  const [drafts, setDrafts] = useState({});
  const [added, setAdded] = useState([]);
  const fresh = added.filter((each) => !sections.some((s) => s.name === each.name));
  return {
    all: [...fresh, ...sections],
    add: (section) => setAdded([section, ...added]),
    // It is saved, or not wanted after all.
    drop: (name) => {
      setAdded((before) => before.filter((each) => each.name !== name));
      setDrafts(({ [name]: gone, ...rest }) => rest);
    },
    draft: (name) => drafts[name] ?? {},
    take: (name) => (draft) => setDrafts((before) => ({ ...before, [name]: draft })),
    isFresh: (name) => fresh.some((each) => each.name === name),
  };
}

function Sections({ of, search, refresh, edits, onSaved }) {
  const work = useEdits(of.sections);
  const found = matching(work.all, search);
  return (
    <>
      {edits && of.kinds?.length > 0 && (
        <Add kinds={of.kinds} taken={work.all.map((each) => each.name)} onAdd={work.add} />
      )}
      {!found.length && <p class="empty">{t('mail.none_found')}</p>}
      {found.map((each) => (
        <Section key={`${each.name} ${search}`} of={each} open={Boolean(search) || work.isFresh(each.name)} edits={edits}
          draft={work.draft(each.name)} onDraft={work.take(each.name)} version={of.version} refresh={refresh}
          onDrop={() => work.drop(each.name)} onSaved={(done) => {
            work.drop(each.name);
            onSaved({ name: each.name, renewed: done.renewed });
          }} />
      ))}
    </>
  );
}

// Sections that were to start anew by themselves and could not: they run as before.
function NotTaken({ of }) {
  if (!of?.length) return null;
  return (
    <Notice tone="bad" role="alert">
      <p>{t('settings.not_taken')}</p>
      {of.map((each) => <p key={each.at} lang="en" dir="auto">{tame(`${each.at}: ${each.text}`).shown}</p>)}
    </Notice>
  );
}

const leadOf = (edits) => {
  if (edits) return t('settings.lead.edit');
  return administers.value ? t('settings.lead') : t('settings.lead.read');
};

export function Settings() {
  const { query } = useLocation();
  const [search, setSearch] = useState(query.search ?? '');
  const [saved, setSaved] = useState({});
  const all = useLoad('/settings');
  const box = useBox();
  const edits = administers.value && all.data?.changeable === true;
  return (
    <Page title={t('menu.settings')}>
      <p class="quiet">{leadOf(edits)} {edits && <a href="/setup">{t('setup.title')}</a>}</p>
      <SettingsProblem of={box.data} />
      <NotTaken of={all.data?.problems} />
      <div role="status">
        {saved.name && (
          <Notice tone="good">
            <p>{t('settings.saved', { name: saved.name })}</p>
            {saved.renewed?.length > 0 && <p>{t('settings.renewed', { name: saved.renewed.join(', ') })}</p>}
          </Notice>
        )}
      </div>
      {edits && <Waits of={all.data} refresh={all.refresh} />}
      <Search value={search} onSearch={setSearch} label={t('settings.search')} />
      <Loaded from={all}>
        {(d) => <Sections of={d} search={search} refresh={all.refresh} edits={edits} onSaved={setSaved} />}
      </Loaded>
    </Page>
  );
}

// SPDX-License-Identifier: Apache-2.0
// The settings of one section as a form: they are saved together.
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { changesOf, checked, overtaken, problemsBy, rebased, withTyped } from '../lib/settings.js';
import { tame } from '../lib/text.js';
import { Asked, Form, useAct } from '../ui/form.jsx';
import { Button, Notice } from '../ui/parts.jsx';
import { SettingField } from './setting_fields.jsx';

const conflict = () => Object.assign(new Error(), { status: 409, code: 'conflict' });

export const saveChanges = (version, changes) => call('PATCH', '/settings', { version, changes });

// {wrong, act}: what is wrong beside which field, and the act that saves. What is typed is the
// caller's: it stays when saving fails.
export function useSaving({ section, draft, version, after }) {
  const [wrong, setWrong] = useState({});
  const act = useAct(async () => {
    const mistakes = checked(section.settings, draft, { fresh: section.fresh });
    setWrong(Object.fromEntries(Object.entries(mistakes).map(([key, text]) => [key, t(text)])));
    if (Object.keys(mistakes).length) return { wrong: true };
    if (overtaken(draft, section.settings).length) throw conflict();
    const changes = changesOf(section.name, section.settings, draft);
    if (!changes.length) return { nothing: true };
    try {
      const done = await saveChanges(version, changes);
      await after(done);
      return done;
    } catch (error) {
      if (error.status === 400) setWrong(problemsBy(error.problems, section.name, section.settings));
      throw error;
    }
  });
  return { wrong, act };
}

export function Conflict({ onAnew }) {
  return (
    <Notice tone="bad" role="alert">
      <p>{t('settings.conflict')}</p>
      <Button onClick={onAnew}>{t('settings.anew')}</Button>
    </Notice>
  );
}

// What the box says that is about no field.
export const Unplaced = ({ of }) => of && (
  <Notice tone="bad" role="alert"><p lang="en" dir="auto">{tame(of).shown}</p></Notice>
);

// A 409 is said in other words, with what to do; what stands beside its field is said once.
export function saidOf(act, wrong) {
  const here = act.error?.status === 409 || (act.error?.status === 400 && Object.keys(wrong).length > 0);
  return here ? { ...act, error: null } : act;
}

// Whoever cannot see what is red is led there.
export function useFirstWrong(wrong) {
  const form = useRef();
  useEffect(() => form.current?.querySelector('[aria-invalid]')?.focus(), [wrong]);
  return form;
}

export function SectionForm({ section, shown, draft, onDraft, version, refresh, onSaved, onDrop }) {
  const { wrong, act } = useSaving({ section, draft, version, after: async (done) => {
    onDraft({});
    await refresh();
    onSaved(done);
  } });
  const form = useFirstWrong(wrong);
  const change = (changes) => async () => {
    await saveChanges(version, changes);
    await refresh();
  };
  const anew = async () => {
    const { sections } = await refresh();
    const now = sections.find((each) => each.name === section.name);
    if (now) onDraft(rebased(draft, now.settings));
    act.clear();
  };
  const touched = section.fresh || Object.keys(draft).length > 0;
  return (
    <div ref={form}>
      {act.error?.status === 409 && <Conflict onAnew={anew} />}
      <Form act={saidOf(act, wrong)} submit={t('do.save')} noValidate quiet={!touched}>
        {shown.map((each) => (
          <SettingField key={each.key} of={each} draft={draft} wrong={wrong[each.key]}
            onType={(text) => onDraft(withTyped(draft, each, text))}
            unset={change([{ section: section.name, key: each.key, unset: true }])} />
        ))}
        <Unplaced of={wrong['']} />
        {act.done?.wrong && <p role="alert" class="wrong">{t('settings.wrong')}</p>}
      </Form>
      {section.fresh && <Button onClick={onDrop}>{t('settings.drop')}</Button>}
      {section.own && !section.fresh && section.many && (
        <Asked label={t('settings.remove', { name: section.name })} yes={t('settings.remove.yes')} tone="danger"
          ask={t('settings.remove.ask')} act={change([{ section: section.name, remove: true }])} />
      )}
    </div>
  );
}

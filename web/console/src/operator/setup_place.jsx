// SPDX-License-Identifier: Apache-2.0
// What the village is called, where it lies, and what time it has.
import { useState } from 'preact/hooks';
import { forgetDraft, keepDraft, keptDraft } from '../lib/draft.js';
import { t } from '../lib/i18n.js';
import { rebased, withTyped } from '../lib/settings.js';
import { placeOf } from '../lib/setup.js';
import { Form, useAct } from '../ui/form.jsx';
import { Button, Loaded, Notice, Problem } from '../ui/parts.jsx';
import { SettingField } from './setting_fields.jsx';
import { Conflict, saidOf, Unplaced, useFirstWrong, useSaving } from './setting_section.jsx';

const kDraft = 'setup-place';
const keys = ['village', 'domain', 'timezone', 'place'];
const words = { village: 'setup.village', domain: 'setup.domain', timezone: 'setup.timezone', place: 'setup.place' };

// Browsers tell it to encrypted pages only.
const canLocate = () => globalThis.isSecureContext && 'geolocation' in navigator;

function Locate({ onPlace }) {
  const act = useAct(() => new Promise((done, failed) => {
    navigator.geolocation.getCurrentPosition(({ coords }) => done(onPlace(placeOf(coords))),
      () => failed(Object.assign(new Error(), { code: 'no-place' })), { timeout: 20000, maximumAge: 600000 });
  }));
  return <><Button busy={act.busy} onClick={() => act.run()}>{t('setup.place.here')}</Button><Problem error={act.error} /></>;
}

export function useKept(name, section) {
  const [draft, set] = useState(() => keptDraft(name));
  return [rebased(draft, section.settings), (next) => {
    set(next);
    if (Object.keys(next).length) keepDraft(next, name);
    else forgetDraft(name);
  }];
}

function Fields({ section, version, refresh, end }) {
  const [draft, take] = useKept(kDraft, section);
  const { wrong, act } = useSaving({ section, draft, version, after: async () => {
    take({});
    await refresh();
  } });
  const form = useFirstWrong(wrong);
  const shown = keys.map((key) => section.settings.find((each) => each.key === key)).filter(Boolean);
  const type = (of) => (text) => take(withTyped(draft, of, text));
  const of = (key) => shown.find((each) => each.key === key);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const open = Object.keys(draft).length > 0;
  return (
    <div ref={form} class="ask">
      {act.error?.status === 409 && <Conflict onAnew={async () => { await refresh(); act.clear(); }} />}
      <Form act={saidOf(act, wrong)} submit={t('do.save')} noValidate quiet={!open}>
        {shown.map((each) => (
          <div class="setting" key={each.key}>
            <SettingField of={each} draft={draft} wrong={wrong[each.key]} onType={type(each)}
              label={t(words[each.key])} hint={t(`setup.hint.${each.key}`)} />
            {each.key === 'timezone' && own && own !== (draft.timezone?.text ?? each.value) && (
              <Button onClick={() => type(each)(own)}>{t('setup.timezone.own', { zone: own })}</Button>
            )}
            {each.key === 'place' && (canLocate() ? <Locate onPlace={type(of('place'))} /> : <p class="hint">{t('setup.place.closed')}</p>)}
          </div>
        ))}
        <Unplaced of={wrong['']} />
      </Form>
      {act.done?.version && <Notice tone="good" role="status">{t('do.saved')}</Notice>}
      {!open && end(Boolean(of('domain')?.value))}
    </div>
  );
}

export function PlaceStep({ settings, end }) {
  return (
    <>
      <p>{t('setup.place.lead')}</p>
      <Loaded from={settings}>
        {(d) => <Fields section={d.sections.find((each) => each.name === 'box')} version={d.version} refresh={settings.refresh} end={end} />}
      </Loaded>
    </>
  );
}

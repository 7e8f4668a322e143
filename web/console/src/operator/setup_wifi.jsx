// SPDX-License-Identifier: Apache-2.0
// The box's own Wi-Fi: whose law holds, what it is called, and who gets in.
import { t } from '../lib/i18n.js';
import { withTyped } from '../lib/settings.js';
import { Form } from '../ui/form.jsx';
import { Loaded, Notice } from '../ui/parts.jsx';
import { SettingField } from './setting_fields.jsx';
import { Conflict, saidOf, Unplaced, useFirstWrong, useSaving } from './setting_section.jsx';
import { useKept } from './setup_place.jsx';

const kDraft = 'setup-wifi';
const fields = { country: 'country', name: 'name', password_file: 'password' };

function Fields({ section, version, refresh, end }) {
  const [draft, take] = useKept(kDraft, section);
  const { wrong, act } = useSaving({ section, draft, version, after: async () => {
    take({});
    await refresh();
  } });
  const form = useFirstWrong(wrong);
  const open = Object.keys(draft).length > 0;
  const country = section.settings.find((each) => each.key === 'country');
  return (
    <div ref={form} class="ask">
      {act.error?.status === 409 && <Conflict onAnew={async () => { await refresh(); act.clear(); }} />}
      <Form act={saidOf(act, wrong)} submit={t('do.save')} noValidate quiet={!open}>
        {section.settings.filter((each) => fields[each.key]).map((each) => (
          <SettingField key={each.key} of={each} draft={draft} wrong={wrong[each.key]} onType={(text) => take(withTyped(draft, each, text))}
            label={t(`setup.wifi.${fields[each.key]}`)} hint={t(`setup.wifi.${fields[each.key]}.hint`)} />
        ))}
        <Unplaced of={wrong['']} />
        <p class="hint">{t('setup.wifi.again')}</p>
      </Form>
      {act.done?.version && <Notice tone="good" role="status">{t('do.saved')}</Notice>}
      {!open && end(Boolean(country?.value))}
    </div>
  );
}

export function WifiStep({ settings, end }) {
  return (
    <>
      <p>{t('setup.wifi.lead')}</p>
      <Loaded from={settings}>
        {(d) => <Fields section={d.sections.find((each) => each.name === 'wifi')} version={d.version} refresh={settings.refresh} end={end} />}
      </Loaded>
    </>
  );
}

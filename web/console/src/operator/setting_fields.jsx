// SPDX-License-Identifier: Apache-2.0
// One setting: to be read, or as the field that fits its kind. What the box says of it is English.
import { useId } from 'preact/hooks';
import { t } from '../lib/i18n.js';
import { choicesOf, inputOf, shortOf, textOf } from '../lib/settings.js';
import { tame } from '../lib/text.js';
import { Check, Choice, Does, Field } from '../ui/form.jsx';
import { Badge, Facts } from '../ui/parts.jsx';

const code = (text) => text !== '' && text !== undefined && <code dir="ltr">{tame(text).shown}</code>;

function Marks({ of }) {
  const set = of.by_default === undefined ? of.value !== '' && of.value !== of.fallback : !of.by_default;
  return (
    <>
      {set && <Badge tone="good">{of.own ? t('settings.own') : t('settings.set')}</Badge>}
      {of.required && <Badge tone="wait">{t('settings.required')}</Badge>}
    </>
  );
}

// When a change of it counts. A box that does not say so needs its own restart where it says that.
function Counts({ of }) {
  const effect = of.effect ?? (of.restart ? 'restart' : 'at-once');
  if (effect === 'at-once') return null;
  return <Badge tone="off">{effect === 'section' ? t('settings.section') : t('settings.restart')}</Badge>;
}

export function Reading({ of }) {
  return (
    <li class="row">
      <div class="row-head"><code dir="ltr">{of.key}</code><Marks of={of} /><Counts of={of} /></div>
      <p lang="en" dir="ltr">{of.help}</p>
      <Facts of={[
        [t('settings.value'), code(of.value)],
        [t('settings.fallback'), code(of.fallback)],
        [t('settings.range'), of.range && <span lang="en" dir="ltr">{of.range}</span>],
        [t('settings.unit'), of.unit && <span lang="en" dir="ltr">{of.unit}</span>],
      ]} />
    </li>
  );
}

function Hint({ of, was }) {
  const secret = of.kind === 'secret-file';
  return (
    <>
      <p lang="en" dir="ltr">{of.help}</p>
      {secret && <p>{t('settings.secret.hint')}</p>}
      {of.kind === 'list' && <p>{t('settings.list.hint')}</p>}
      <Facts of={[
        [t('settings.was'), was !== undefined && code(shortOf(was) || '–')],
        [t('settings.secret.file'), secret && code(of.value)],
        [t('settings.fallback'), of.kind !== 'boolean' && code(of.fallback)],
        [t('settings.range'), of.kind !== 'choice' && of.range && <span lang="en" dir="ltr">{of.range}</span>],
        [t('settings.unit'), of.unit && <span lang="en" dir="ltr">{of.unit}</span>],
      ]} />
    </>
  );
}

function Input({ of, text, onType, wrong, label, hint }) {
  const id = useId();
  const { as, ...rest } = inputOf(of.kind);
  const shared = { label, hint, wrong, name: of.key };
  if (as === 'check') {
    return (
      <div class="field">
        <Check label={label} name={of.key} aria-describedby={hint ? id : undefined} checked={text === 'true'} onChange={(e) => onType(String(e.currentTarget.checked))} />
        {wrong && <p class="wrong">{wrong}</p>}
        {hint && <div class="hint" id={id}>{hint}</div>}
      </div>
    );
  }
  if (as === 'select') {
    const choices = choicesOf(of);
    const all = choices.includes(text) ? choices : [text, ...choices];
    return <Choice {...shared} value={text} onChange={onType} options={all.map((each) => [each, each || '–'])} dir="ltr" />;
  }
  return <Field {...shared} {...rest} as={as} value={text} onInput={(e) => onType(e.currentTarget.value)} />;
}

// `label` and `hint` in the page's language take the place of the key and the box's help.
export function SettingField({ of, draft = {}, onType, wrong, unset, label, hint }) {
  const mine = draft[of.key];
  const changed = mine && of.kind !== 'secret-file' && mine.text !== textOf(of);
  return (
    <div class="setting">
      <Input of={of} text={mine?.text ?? textOf(of)} onType={onType} wrong={wrong}
        label={label ?? <><code dir="ltr">{of.key}</code> <Marks of={of} /><Counts of={of} /></>}
        hint={hint ?? <Hint of={of} was={changed ? textOf(of) : undefined} />} />
      {unset && of.own && <Does label={t('settings.unset', { key: of.key })} act={unset} />}
    </div>
  );
}

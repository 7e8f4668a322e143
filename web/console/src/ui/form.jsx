// SPDX-License-Identifier: Apache-2.0
// Forms and questions.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../lib/i18n.js';
import { Button, Problem } from './parts.jsx';

export function Field({ label, hint, wrong, as = 'input', children, ...rest }) {
  const id = useId();
  const Tag = as;
  const about = [wrong && `${id}-wrong`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Tag id={id} aria-describedby={about || undefined} aria-invalid={wrong ? true : undefined} {...rest}>{children}</Tag>
      {wrong && <p class="wrong" id={`${id}-wrong`}>{wrong}</p>}
      {hint && <div class="hint" id={`${id}-hint`}>{hint}</div>}
    </div>
  );
}

export function Check({ label, ...rest }) {
  return <label class="check"><input type="checkbox" {...rest} /><span>{label}</span></label>;
}

export function Choice({ label, hint, value, options, onChange, ...rest }) {
  return (
    <Field label={label} hint={hint} as="select" value={value}
      onChange={(e) => onChange(e.target.value)} {...rest}>
      {options.map(([name, text]) => <option key={name} value={name} selected={name === value}>{text}</option>)}
    </Field>
  );
}

// Sends once at a time, and keeps what was typed when it failed.
export function useAct(act) {
  const [state, set] = useState({ busy: false, error: null, done: null });
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  const run = async (...all) => {
    if (state.busy) return;
    set({ busy: true, error: null, done: null });
    try {
      const done = await act(...all);
      if (alive.current) set({ busy: false, error: null, done: done ?? true });
    } catch (error) {
      if (alive.current) set({ busy: false, error, done: null });
    }
  };
  return { ...state, run, clear: () => set({ busy: false, error: null, done: null }) };
}

// `quiet`: there is nothing to send yet.
export function Form({ act, submit, tone = 'main', children, onCancel, quiet, ...rest }) {
  const send = (e) => {
    e.preventDefault();
    act.run(Object.fromEntries(new FormData(e.currentTarget)));
  };
  return (
    <form onSubmit={send} class="form" {...rest}>
      {children}
      <Problem error={act.error} />
      {!quiet && (
        <div class="actions">
          <Button type="submit" tone={tone} busy={act.busy}>{submit}</Button>
          {onCancel && <Button onClick={onCancel}>{t('do.cancel')}</Button>}
        </div>
      )}
    </form>
  );
}

export function Dialog({ title, onClose, children }) {
  const box = useRef();
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  return (
    <dialog ref={box} aria-labelledby={id} onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

// A button whose act is asked about first. `ask` says in a sentence what will happen.
export function Asked({ label, tone = '', title, ask, yes, act, children, after }) {
  const [open, setOpen] = useState(false);
  const work = useAct(async (form) => {
    const done = await act(form);
    setOpen(false);
    await after?.(done);
  });
  return (
    <>
      <Button tone={tone} onClick={() => setOpen(true)}>{label}</Button>
      {open && (
        <Dialog title={title ?? label} onClose={() => setOpen(false)}>
          {ask && <p>{ask}</p>}
          <Form act={work} submit={yes ?? label} tone={tone === 'danger' ? 'danger sure' : 'main'} onCancel={() => setOpen(false)}>{children}</Form>
        </Dialog>
      )}
    </>
  );
}

// One without a question.
export function Does({ label, tone = '', act, after }) {
  const work = useAct(async () => {
    await act();
    await after?.();
  });
  return (
    <>
      <Button tone={tone} busy={work.busy} onClick={() => work.run()}>{label}</Button>
      <Problem error={work.error} />
    </>
  );
}

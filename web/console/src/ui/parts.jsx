// SPDX-License-Identifier: Apache-2.0
// Small pieces that every screen is made of.
import { useEffect, useRef } from 'preact/hooks';
import { fullTime, t, when } from '../lib/i18n.js';
import { errorKey, stateKey, stateTone } from '../lib/words.js';
import { plainAddress, tame } from '../lib/text.js';
import { session } from '../lib/session.js';

// Each screen's heading takes the focus, so that a screen reader says where one is now.
let firstPage = true;
export function Page({ title, actions, children }) {
  const heading = useRef();
  useEffect(() => {
    document.title = `${tame(title).shown} · ${session.value?.village || 'Waypost'}`;
  }, [title]);
  useEffect(() => {
    if (!firstPage) heading.current.focus();
    firstPage = false;
  }, []);
  return (
    <div class="page">
      <header class="page-head">
        <h1 tabIndex={-1} ref={heading}><Words of={title} /></h1>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Icon({ name }) {
  return <svg class={`icon icon-${name}`} aria-hidden="true" focusable="false"><use href={`#i-${name}`} /></svg>;
}

export function Button({ tone = '', busy, children, ...rest }) {
  return <button type="button" class={`button ${tone}`} aria-disabled={busy || undefined} {...rest}>{children}</button>;
}

// What somebody wrote or is called: text, with its own direction, never markup.
export function Words({ of }) {
  return <bdi class="words">{tame(of).shown}</bdi>;
}

export function Prose({ of }) {
  const { shown, cut } = tame(of);
  return (
    <div class="prose-box">
      <p class="prose" dir="auto">{shown}</p>
      {cut && <p class="quiet">{t('text.cut')}</p>}
    </div>
  );
}

export const Who = ({ of, name }) =>
  (of === 'gateway' ? t('trace.gateway') : <Words of={name || plainAddress(of)} />);

export function Time({ ms }) {
  if (!ms) return null;
  const doubt = session.value?.time_doubt;
  return (
    <time dateTime={new Date(ms).toISOString()} title={fullTime(ms)}>
      {when(ms)}{doubt && <abbr title={t('time.doubt')}> ?</abbr>}
    </time>
  );
}

export function Badge({ tone, children }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

export const State = ({ of }) => <Badge tone={stateTone(of)}>{t(stateKey(of))}</Badge>;

// In the words of the page's language; what the box itself says stands below, as it is.
export function Problem({ error, again }) {
  if (!error) return null;
  return (
    <div class="notice bad" role="alert">
      <p>{t(errorKey(error.code))}</p>
      {error.retryAfter > 0 && <p>{t('error.wait', { seconds: error.retryAfter })}</p>}
      {error.message && <p class="quiet" lang="en" dir="auto">{tame(error.message).shown}</p>}
      {again && <Button onClick={again}>{t('do.again')}</Button>}
    </div>
  );
}

export function Notice({ tone = 'info', children, role }) {
  return <div class={`notice ${tone}`} role={role}>{children}</div>;
}

// Shows what is loaded; while it is not, says so.
export function Loaded({ from, empty, children }) {
  if (!from.data) {
    return from.error ? <Problem error={from.error} again={from.refresh} /> :
      <p class="quiet" role="status" data-waits>{t('load.wait')}</p>;
  }
  const nothing = empty?.(from.data);
  return (
    <>
      {from.error && from.error.code !== 'network' && <Problem error={from.error} again={from.refresh} />}
      {nothing ? <p class="empty">{nothing}</p> : children(from.data)}
    </>
  );
}

export function Facts({ of }) {
  return (
    <dl class="facts">
      {of.filter(([, value]) => value !== '' && value !== null && value !== undefined && value !== false)
        .map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

export function Card({ title, children, tone = '' }) {
  return (
    <section class={`card ${tone}`}>
      {title && <h2>{title}</h2>}
      {children}
    </section>
  );
}

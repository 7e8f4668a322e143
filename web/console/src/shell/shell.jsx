// SPDX-License-Identifier: Apache-2.0
// What stands around every screen.
import { useLocation } from 'preact-iso/router';
import { useEffect } from 'preact/hooks';
import { connection } from '../lib/connection.js';
import { chooseLanguage, clock, language, languages, t } from '../lib/i18n.js';
import { loadSession } from '../lib/api.js';
import { stopWatching, watchLine } from '../lib/live.js';
import { session } from '../lib/session.js';
import { Does } from '../ui/form.jsx';
import { Icons } from '../ui/icons.jsx';
import { Icon, Words } from '../ui/parts.jsx';
import { barOf, hereInBar, isHere, menuOf } from './menu.js';

export function Languages() {
  return (
    <select class="languages" aria-label={t('shell.language')} value={language.value}
      onChange={(e) => chooseLanguage(e.target.value)}>
      {Object.entries(languages).map(([name, own]) => (
        <option key={name} value={name} lang={name} selected={name === language.value}>{own}</option>
      ))}
    </select>
  );
}

// Says nothing while all is well; a lost line is said calmly, with how old the picture is.
function Line() {
  const { up, since } = connection.value;
  return (
    <div class="line" role="status">
      {!up && <p><strong>{t('line.lost')}</strong> {t('line.since', { time: clock(since) })}</p>}
    </div>
  );
}

// In full where somebody comes in; later one line is enough.
function ClearHttp({ full }) {
  if (!session.value.clear_http) return null;
  return <p class="strip">{t('clear.banner')} {full && t('clear.more')} <a href="/privacy">{t('clear.link')}</a></p>;
}

function Doubt() {
  return session.value.time_doubt ? <p class="strip warn">{t('time.doubt')}</p> : null;
}

function Entry({ of, here, path }) {
  return (
    <a href={of.path} aria-current={here ? (path === of.path ? 'page' : 'true') : undefined}>
      <Icon name={of.icon} /><span>{t(of.key)}</span>
    </a>
  );
}

function Head({ children }) {
  return (
    <header class="head">
      <a class="brand" href="/"><Icon name="mail" /><Words of={session.value.village || 'Waypost'} /></a>
      {children}
    </header>
  );
}

function skip(e) {
  e.preventDefault();
  document.getElementById('main').focus();
}
const Skip = () => <a class="skip" href="#main" onClick={skip}>{t('shell.skip')}</a>;

// As the battery runs down: whoever reads or writes here has time to end it.
function GoesOff() {
  const what = session.value.goes_off;
  return what ? <p class="strip warn" role="status">{t(`power.${what}`)}</p> : null;
}

const Notes = ({ full }) => <div class="notes"><Line /><Doubt /><GoesOff /><ClearHttp full={full} /></div>;

export function Shell({ children }) {
  const { path } = useLocation();
  const { handle, role, news } = session.value;
  useEffect(() => {
    watchLine(news);
    return stopWatching;
  }, [handle, role]);
  return (
    <div class="shell">
      <Icons /><Skip />
      <Head><Languages /></Head>
      <nav class="side" aria-label={t('shell.menu')}>
        {menuOf(role).map((group) => (
          <div class="side-group" key={group.key}>
            <p>{t(group.key)}</p>
            {group.entries.map((each) => <Entry key={each.path} of={each} path={path} here={isHere(each.path, path)} />)}
          </div>
        ))}
      </nav>
      <main id="main" tabIndex={-1}><Notes />{children}</main>
      <nav class="bar" aria-label={t('shell.menu')}>
        {barOf(role).map((each) => <Entry key={each.path} of={each} path={path} here={each.path === hereInBar(role, path)} />)}
      </nav>
    </div>
  );
}

export function Visitor({ children }) {
  return (
    <div class="visitor">
      <Icons /><Skip />
      <Head><Languages /></Head>
      <main id="main" tabIndex={-1}><Notes full />{children}</main>
    </div>
  );
}

// The box did not answer at all, and nothing is kept.
export function NoAnswer() {
  return (
    <div class="visitor">
      <main id="main"><h1>{t('line.none')}</h1><p>{t('line.none.help')}</p>
        <Does label={t('do.again')} tone="main" act={loadSession} /></main>
    </div>
  );
}

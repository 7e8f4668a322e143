// SPDX-License-Identifier: Apache-2.0
// The first start, step by step. Each can be left, skipped, and gone on with another day.
import { useLocation } from 'preact-iso/router';
import { useEffect, useRef } from 'preact/hooks';
import { call } from '../lib/api.js';
import { chooseLanguage, chosenLanguage, language, languages, number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { nextOpen, openOf, stepsOf } from '../lib/setup.js';
import { Choice, Does } from '../ui/form.jsx';
import { Badge, Card, Facts, Loaded, Notice, Page } from '../ui/parts.jsx';
import { Make } from './backup.jsx';
import { Encryption } from './encryption.jsx';
import { SettingsProblem, useBox, Waits } from './restart.jsx';
import { MailStep } from './setup_mail.jsx';
import { PlaceStep } from './setup_place.jsx';
import { RadiosStep } from './setup_radios.jsx';
import { WifiStep } from './setup_wifi.jsx';

function LanguageStep({ end }) {
  return (
    <>
      <p>{t('setup.language.lead')}</p>
      <Choice label={t('shell.language')} value={language.value} onChange={chooseLanguage} options={Object.entries(languages)} />
      {end()}
    </>
  );
}

function PeopleStep({ end }) {
  const people = useLoad('/people');
  return (
    <>
      <p>{t('setup.people.lead')}</p>
      <Loaded from={people}>
        {(d) => <Facts of={[[t('menu.people'), number(d.people.length)]]} />}
      </Loaded>
      <p><a class="button" href="/people">{t('setup.people.to')}</a></p>
      {end()}
    </>
  );
}

function BackupStep({ end }) {
  const all = useLoad('/backups');
  return (
    <>
      <p>{t('setup.backup.lead')}</p>
      <Loaded from={all}>
        {(d) => (
          <>
            <Facts of={[
              [t('backup.folder'), d.folder && <code dir="ltr">{d.folder}</code>],
              [t('setup.backup.count'), number(d.backups.length)],
            ]} />
            <Make label={t('backup.do')} after={all.refresh} />
            <p><a href="/settings?search=backup">{t('setup.backup.other')}</a></p>
            <Encryption />
            {end(d.backups.length > 0)}
          </>
        )}
      </Loaded>
    </>
  );
}

const screens = {
  language: LanguageStep, place: PlaceStep, wifi: WifiStep, radios: RadiosStep, mail: MailStep, people: PeopleStep, backup: BackupStep,
};

function State({ of }) {
  if (of === 'done') return <Badge tone="good">{t('setup.done')}</Badge>;
  return of === 'skipped' ? <Badge tone="off">{t('setup.skipped')}</Badge> : <Badge tone="wait">{t('setup.open')}</Badge>;
}

function List({ of, here }) {
  return (
    <nav class="all-steps" aria-label={t('setup.steps')}>
      <ol class="steps">
        {of.map((each) => (
          <li key={each.name}>
            <a href={`/setup/${each.name}`} aria-current={each.name === here ? 'step' : undefined}>
              <span>{t(`setup.step.${each.name}`)}</span><State of={each.state} />
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

// How a step ends: done or skipped, and on to the next that is open.
function End({ name, steps, refresh, ready = true }) {
  const { route } = useLocation();
  const end = async (state) => {
    if (name === 'language') await chooseLanguage(language.value);
    else await call('PUT', `/setup/${name}`, { state });
    await refresh();
    const next = nextOpen(steps, name);
    route(next ? `/setup/${next}` : '/setup');
  };
  return (
    <div class="actions">
      {ready && <Does label={t('setup.next')} tone="main" act={() => end('done')} />}
      {name !== 'language' && <Does label={t('setup.skip')} act={() => end('skipped')} />}
    </div>
  );
}

// On a phone the step comes first and the list behind it: what is to be done is seen at once.
function Work({ here, steps, refresh, settings }) {
  const top = useRef();
  const before = useRef(here);
  useEffect(() => {
    if (here !== before.current) top.current?.focus();
    before.current = here;
  }, [here]);
  const Step = screens[here];
  if (!Step) return <Notice tone="good"><p>{t('setup.all')}</p><a class="button main" href="/">{t('setup.home')}</a></Notice>;
  const at = steps.findIndex((each) => each.name === here) + 1;
  return (
    <div tabIndex={-1} ref={top}>
      <p class="quiet">{t('setup.at', { at: number(at), all: number(steps.length) })}</p>
      <Card title={t(`setup.step.${here}`)} key={here}>
        <Step end={(ready) => <End name={here} steps={steps} refresh={refresh} ready={ready} />} settings={settings} />
      </Card>
    </div>
  );
}

function All({ steps, wanted, refresh }) {
  const settings = useLoad('/settings');
  const box = useBox();
  const here = wanted || openOf(steps)[0]?.name || '';
  return (
    <>
      <SettingsProblem of={box.data} />
      {settings.data && <Waits of={settings.data} refresh={settings.refresh} />}
      <div class="columns">
        <Work here={here} steps={steps} refresh={refresh} settings={settings} />
        <List of={steps} here={here} />
      </div>
    </>
  );
}

export function Setup({ step = '' }) {
  const setup = useLoad('/setup');
  return (
    <Page title={t('setup.title')}>
      <p class="quiet">{t('setup.lead')}</p>
      <Loaded from={setup}>
        {(d) => <All steps={stepsOf(d, Boolean(chosenLanguage()))} wanted={step} refresh={setup.refresh} />}
      </Loaded>
    </Page>
  );
}

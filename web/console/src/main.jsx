// SPDX-License-Identifier: Apache-2.0
// The console's page starts here: language and session first, both at once, then the shell.
import { render } from 'preact';
import './first.js';
import lazy from 'preact-iso/lazy';
import { LocationProvider, Route, Router } from 'preact-iso/router';
import { useEffect } from 'preact/hooks';
import { loadSession } from './lib/api.js';
import { lost } from './lib/connection.js';
import { loadStart } from './lib/load.js';
import { chosenLanguage, firstLanguage, languages, setLanguage } from './lib/i18n.js';
import { administers, operates, session, signedIn } from './lib/session.js';
import { Compose } from './screens/compose.jsx';
import { Inbox, Sent } from './screens/mailbox.jsx';
import { Letter } from './screens/letter.jsx';
import { Me } from './screens/me.jsx';
import { Missing, More, NotFetched } from './screens/more.jsx';
import { Overview } from './screens/overview.jsx';
import { Privacy } from './screens/privacy.jsx';
import { Sessions } from './screens/sessions.jsx';
import { Claim } from './shell/claim.jsx';
import { NoAnswer, Shell, Visitor } from './shell/shell.jsx';
import { SignIn } from './shell/sign_in.jsx';

// What only operators see is one more file, which a villager's phone never loads.
// It is fetched before it is looked at, so that a line that breaks later takes no screen away; all but
// what changes the box itself.
const fetchOperator = () => import('./operator/screens.js');
const fetchSettings = () => import('./operator/setting_screens.js');
const operator = (name, fetch = fetchOperator) => lazy(async () => {
  try {
    return (await fetch())[name];
  } catch {
    lost();
    return NotFetched;
  }
});
const Alarms = operator('Alarms');
const Audit = operator('Audit');
const Backup = operator('Backup', fetchSettings);
const CheckIns = operator('CheckIns');
const Couriers = operator('Couriers');
const Envelope = operator('Envelope');
const Group = operator('Group');
const Groups = operator('Groups');
const Health = operator('Health', fetchSettings);
const Live = operator('Live');
const MapScreen = operator('MapScreen');
const Messages = operator('Messages');
const Neighbours = operator('Neighbours');
const People = operator('People');
const Person = operator('Person');
const Programs = operator('Programs', fetchSettings);
const Queue = operator('Queue');
const Radio = operator('Radio');
const Radios = operator('Radios');
const Settings = operator('Settings', fetchSettings);
const Setup = operator('Setup', fetchSettings);
const Tokens = operator('Tokens');
const Update = operator('Update', fetchSettings);

function Screens() {
  useEffect(() => {
    if (operates.value) fetchOperator().catch(() => {});
  }, [operates.value]);
  const Home = operates.value ? Overview : Inbox;
  return (
    <Router>
      <Route path="/" component={Home} />
      <Route path="/inbox" component={Inbox} />
      <Route path="/sent" component={Sent} />
      <Route path="/mail/:id" component={Letter} />
      <Route path="/write" component={Compose} />
      <Route path="/me" component={Me} />
      <Route path="/sessions" component={Sessions} />
      <Route path="/more" component={More} />
      <Route path="/privacy" component={Privacy} />
      {operates.value && [
        <Route key="a" path="/queue" component={Queue} />,
        <Route key="b" path="/messages" component={Messages} />,
        <Route key="c" path="/messages/:id" component={Envelope} />,
        <Route key="d" path="/people" component={People} />,
        <Route key="e" path="/people/:handle" component={Person} />,
        <Route key="f" path="/alarms" component={Alarms} />,
        <Route key="g" path="/check-ins" component={CheckIns} />,
        <Route key="h" path="/neighbours" component={Neighbours} />,
        <Route key="i" path="/groups" component={Groups} />,
        <Route key="j" path="/groups/:name" component={Group} />,
        <Route key="k" path="/settings" component={Settings} />,
        <Route key="l" path="/audit" component={Audit} />,
        <Route key="m" path="/backup" component={Backup} />,
        <Route key="programs" path="/programs" component={Programs} />,
        <Route key="update" path="/update" component={Update} />,
        <Route key="radios" path="/radios" component={Radios} />,
        <Route key="radio" path="/radios/:id" component={Radio} />,
        <Route key="map" path="/map" component={MapScreen} />,
        <Route key="couriers" path="/couriers" component={Couriers} />,
        <Route key="live" path="/live" component={Live} />,
        <Route key="health" path="/health" component={Health} />,
      ]}
      {administers.value && [
        <Route key="a" path="/setup" component={Setup} />,
        <Route key="b" path="/setup/:step" component={Setup} />,
        <Route key="c" path="/tokens" component={Tokens} />,
      ]}
      <Route default component={Missing} />
    </Router>
  );
}

function App() {
  if (!session.value) return <NoAnswer />;
  if (signedIn.value) return <Shell><Screens /></Shell>;
  const entrance = session.value.claimed ? SignIn : Claim;
  return (
    <Visitor>
      <Router>
        <Route path="/privacy" component={Privacy} />
        <Route default component={entrance} />
      </Router>
    </Visitor>
  );
}

// An address that nobody can decode leads to the start, before the router trips over it.
function straighten() {
  try {
    decodeURIComponent(location.pathname);
  } catch {
    history.replaceState(null, '', '/');
  }
}

async function start() {
  straighten();
  const load = location.pathname === '/' ? loadStart : loadSession;
  await Promise.all([setLanguage(firstLanguage()), load().catch(() => {})]);
  // A browser that asks for none of ours gets the village's language.
  const wanted = navigator.languages.some((each) => each.split('-')[0].toLowerCase() in languages);
  const village = session.value?.language;
  if (!chosenLanguage() && !wanted && village in languages) await setLanguage(village);
  render(<LocationProvider><App /></LocationProvider>, document.getElementById('app'));
  // Only where the connection is safe do browsers allow it; elsewhere the page works without.
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/sw.js').catch(() => {});
}

start();

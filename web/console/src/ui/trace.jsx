// SPDX-License-Identifier: Apache-2.0
// The way of one message, drawn from top to bottom: where from, this box, and each recipient. Each
// step says how it is known, each hop who could read it.
import { t } from '../lib/i18n.js';
import { proofOf, wayOf } from '../lib/trace.js';
import { brandOf, eventKey, isWaiting, networkKey, privacyName, privacyTone, proofKey } from '../lib/words.js';
import { Badge, State, Time, Who, Words } from './parts.jsx';

export function Network({ of }) {
  if (!of) return t('network.unset');
  const key = networkKey(of);
  return key ? t(key) : brandOf(of);
}

export function PrivacyWords({ of }) {
  const name = privacyName(of);
  return name ? t(`privacy.${name}`) : t('privacy.unknown');
}

// What waits has been readable for nobody on this hop.
function Hop({ network, privacy, waits }) {
  return (
    <li class={`hop ${privacyTone(privacy)}`}>
      {network && <span class="hop-network"><Network of={network} /></span>}
      <span class="hop-privacy">{waits && !privacy ? t('trace.not_left') : <PrivacyWords of={privacy} />}</span>
    </li>
  );
}

function Node({ tone = '', title, children }) {
  return <li class={`node ${tone}`}><div class="node-title">{title}</div>{children}</li>;
}

export const Proof = ({ of }) => <Badge tone={`proof ${of}`}>{t(proofKey(of))}</Badge>;

function Event({ of }) {
  const key = eventKey(of.event);
  return (
    <li>
      <Time ms={of.at_ms} /> <strong>{key ? t(key) : <span lang="en">{of.event}</span>}</strong> <Proof of={of.proof} />
      {(of.transport || of.detail) && (
        <span class="quiet" lang="en" dir="auto"><Words of={[of.transport, of.detail].filter(Boolean).join(' · ')} /></span>
      )}
    </li>
  );
}

const Events = ({ of }) => of.length > 0 && <ol class="events">{of.map((each, i) => <Event key={i} of={each} />)}</ol>;

export function Trace({ of, names = {} }) {
  const way = wayOf(of);
  return (
    <div class="trace">
      <ol class="way">
        <Node title={<Who of={way.from} name={names.from} />} />
        <Hop network={way.network} privacy={way.privacy} />
        <Node tone="box" title={t('trace.here')}><Events of={way.here} /></Node>
      </ol>
      {way.legs.map((leg) => (
        <ol class="way leg" key={leg.id}>
          <Hop network={leg.network} privacy={leg.privacy} waits={isWaiting(leg.state)} />
          <Node title={<><Who of={leg.to} /> <State of={leg.state} />{proofOf(leg) && <Proof of={proofOf(leg)} />}</>}>
            <Events of={leg.events} />
          </Node>
        </ol>
      ))}
      <details class="legend">
        <summary>{t('trace.legend')}</summary>
        <dl class="facts">
          {['observed', 'reported', 'inferred'].map((each) => (
            <div key={each}><dt><Proof of={each} /></dt><dd>{t(`proof.${each}.means`)}</dd></div>
          ))}
        </dl>
      </details>
    </div>
  );
}

// SPDX-License-Identifier: Apache-2.0
// What the box does just now: its log, and the packets of its radios. Envelopes only.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { bytes, decibels, language, number, t } from '../lib/i18n.js';
import { addLines, kMostLines, matchingLines, transportsOf } from '../lib/lines.js';
import { listen } from '../lib/listen.js';
import { Choice, Field } from '../ui/form.jsx';
import { Badge, Button, Page, Words } from '../ui/parts.jsx';

const tones = { error: 'bad', warning: 'warn', info: 'off', debug: 'off' };

function Level({ of }) {
  return of in tones ? <Badge tone={tones[of]}>{t(`level.${of}`)}</Badge> : <Badge tone="off"><span lang="en">{of}</span></Badge>;
}

const second = (ms) => new Intl.DateTimeFormat(language.value, { hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(ms);

function Signal({ of }) {
  const some = [
    Number.isFinite(of.snr_db) && `SNR ${decibels(of.snr_db)}`,
    Number.isFinite(of.rssi_dbm) && `RSSI ${number(of.rssi_dbm)} dBm`,
  ].filter(Boolean);
  return some.length ? <bdi class="quiet" dir="ltr">{some.join(', ')}</bdi> : null;
}

function Packet({ of }) {
  return (
    <>
      <Badge tone={of.direction === 'in' ? 'good in' : 'wait'}>{of.direction === 'in' ? t('live.in') : t('live.out')}</Badge>
      <strong><Words of={of.transport} /></strong>
      <span>{bytes(of.bytes ?? 0)}</span>
      <Signal of={of} />
    </>
  );
}

function Line({ of }) {
  return (
    <li class="live-line">
      <div class="row-foot">
        <time dateTime={new Date(of.at_ms).toISOString()}>{second(of.at_ms)}</time>
        {of.kind === 'log' ? <Level of={of.level} /> : <Packet of={of} />}
      </div>
      {of.text && <bdi class="live-text" lang="en" dir="auto"><Words of={of.text} /></bdi>}
    </li>
  );
}

// Stays at the end, until somebody scrolls up to read.
function useEnd(lines) {
  const box = useRef();
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  const toEnd = () => {
    atEnd.current = true;
    box.current.scrollTop = box.current.scrollHeight;
  };
  return { box, onScroll, toEnd };
}

function useLines() {
  const [lines, setLines] = useState([]);
  const [state, setState] = useState('waits');
  const [paused, setPaused] = useState(null);  // the lines as they were then
  useEffect(() => listen((fresh) => setLines((old) => addLines(old, fresh)), setState), []);
  const seen = paused && new Set(paused);
  const held = paused ? lines.filter((each) => !seen.has(each)).length : 0;
  return { lines: paused ?? lines, held, state, paused: paused !== null, pause: () => setPaused(paused ? null : lines) };
}

function Filters({ wish, onWish, parts }) {
  const set = (name) => (value) => onWish({ ...wish, [name]: value });
  return (
    <div class="filters">
      <Field label={t('live.search')} type="search" value={wish.text} onInput={(e) => set('text')(e.currentTarget.value)} autocapitalize="none" spellcheck={false} />
      <Choice label={t('live.part')} value={wish.transport} onChange={set('transport')} options={[['', t('live.all')], ...parts.map((each) => [each, each])]} />
      <Choice label={t('live.kind')} value={wish.kind} onChange={set('kind')} options={[['', t('live.all')], ['log', t('live.log')], ['packet', t('live.packet')]]} />
    </div>
  );
}

export function Live() {
  const { lines, held, state, paused, pause } = useLines();
  const [wish, setWish] = useState({ text: '', transport: '', kind: '' });
  const shown = matchingLines(lines, wish);
  const end = useEnd(shown.length ? shown[shown.length - 1].key + shown.length : '');
  const parts = [...new Set([...transportsOf(lines), wish.transport].filter(Boolean))];
  return (
    <Page title={t('menu.live')}>
      <p class="quiet">{t('live.lead', { most: number(kMostLines) })}</p>
      <Filters wish={wish} onWish={setWish} parts={parts} />
      <div role="status">
        {state === 'lost' && <div class="notice bad"><p>{t('live.lost')}</p></div>}
        {state === 'waits' && <p class="quiet">{t('load.wait')}</p>}
        {paused && <div class="notice warn"><p>{t('live.paused', { count: number(held) })}</p></div>}
      </div>
      <div class="live" ref={end.box} onScroll={end.onScroll} role="log" aria-live="off" aria-label={t('menu.live')} tabIndex={0}>
        {shown.length ? <ol>{shown.map((each) => <Line key={each.key} of={each} />)}</ol> : <p class="quiet">{t('live.none')}</p>}
      </div>
      <div class="actions">
        <Button tone="main" onClick={pause}>{paused ? t('live.go_on') : t('live.pause')}</Button>
        <Button onClick={end.toEnd}>{t('live.to_end')}</Button>
      </div>
    </Page>
  );
}

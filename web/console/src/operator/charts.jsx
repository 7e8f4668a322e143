// SPDX-License-Identifier: Apache-2.0
// One chart below the other, each with its own scale: no two lines are told apart by colour. One
// mark goes through all of them, by finger or by arrow keys, and each says its value there.
import '../main.jsx';
import { useMemo, useState } from 'preact/hooks';
import { decibels, number, t, when } from '../lib/i18n.js';
import { chartsOf, gapsOf, lastKnown, rangeOf, rowsOf, summary } from '../lib/series.js';
import { Plot } from './plot.jsx';

const kRows = 24;

function valueOf(unit, value) {
  if (value === null || value === undefined) return t('chart.unknown');
  if (unit === 'db') return decibels(value);
  if (unit === 'percent') return number(value / 100, { style: 'percent', maximumFractionDigits: value < 10 ? 2 : 0 });
  return number(value, { maximumFractionDigits: 1 });
}

function Table({ times, of, title }) {
  const [open, setOpen] = useState(false);
  const slice = Math.max(1, Math.ceil(of.values.length / kRows));
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t('chart.table')}<span class="unseen"> {title}</span></summary>
      {open && (
        <table class="numbers">
          <thead><tr>{['from', 'least', 'mean', 'most'].map((each) => <th key={each} scope="col">{t(`chart.${each}`)}</th>)}</tr></thead>
          <tbody>
            {rowsOf(times, of.values, slice).map(({ ms, found }) => (
              <tr key={ms}>
                <th scope="row">{when(ms)}</th>
                {found ? ['least', 'mean', 'most'].map((each) => <td key={each}>{valueOf(of.unit, found[each])}</td>) :
                  <td colSpan={3}>{t('chart.unknown')}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

// How far a key moves the mark.
function moved(key, at, length, page) {
  const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -length, End: length }[key];
  return step && Math.min(Math.max(at + step, 0), length - 1);
}

function Chart({ times, of, at, onAt, hours }) {
  const title = t(`chart.${of.name}`);
  const range = useMemo(() => rangeOf(of.unit, of.values), [of]);
  const all = summary(of.values);
  const value = `${when(times[at] * 1000)}: ${valueOf(of.unit, of.values[at])}`;
  const press = (e) => {
    const next = moved(e.key, at, times.length, Math.ceil(times.length / kRows));
    if (next === undefined) return;
    e.preventDefault();
    onAt(next);
  };
  return (
    <section class="chart">
      <div class="row-head"><h3>{title}</h3><span class="at">{value}</span></div>
      <div class="plot" dir="ltr" role="slider" tabIndex={0} aria-label={title} aria-valuemin={0} aria-valuemax={times.length - 1}
        aria-valuenow={at} aria-valuetext={value} onKeyDown={press}>
        <Plot times={times} values={of.values} range={range} at={at} onAt={onAt} days={hours > 48} whole={of.unit === 'count'} format={(each) => valueOf(of.unit, each)} />
      </div>
      <p class="hint">{t('chart.sum', { least: valueOf(of.unit, all.least), mean: valueOf(of.unit, all.mean), most: valueOf(of.unit, all.most) })}</p>
      <Table times={times} of={of} title={title} />
    </section>
  );
}

export function Charts({ history, id, hours }) {
  const { times, charts } = useMemo(() => chartsOf(history, id), [history, id]);
  const [chosen, setAt] = useState(null);
  if (!charts.length) return <p>{t('chart.none')}</p>;
  const at = Math.min(chosen ?? lastKnown(charts[0].values), times.length - 1);
  return (
    <div class="charts">
      <p class="hint">{t('chart.how')} {charts.some((each) => gapsOf(each.values).length) && t('chart.gaps')}</p>
      {charts.map((each) => <Chart key={each.name} times={times} of={each} at={at} onAt={setAt} hours={hours} />)}
    </div>
  );
}

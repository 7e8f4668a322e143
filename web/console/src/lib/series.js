// SPDX-License-Identifier: Apache-2.0
// What the box measured of a radio, as charts draw it and as tables say it. Pure.
// null stands for a time of which nothing is known; it is never drawn as nought.

const share = (value, step) => (value / step) * 100;
const same = (value) => value;

// In the order of the screen: the API's name, ours, what a value becomes, and in which unit.
const kinds = [
  { key: 'airtime_ms', name: 'airtime', unit: 'percent', make: share },
  { key: 'snr_db', name: 'signal', unit: 'db', make: same },
  { key: 'loss', name: 'loss', unit: 'percent', make: same },
  { key: 'heard', name: 'nodes', unit: 'count', make: same },
  { key: 'waiting', name: 'waiting', unit: 'count', make: same },
  { key: 'up', name: 'up', unit: 'percent', make: (value) => value * 100 },
];

const known = (value) => typeof value === 'number' && Number.isFinite(value);

// When each value begins, in seconds.
export const timesOf = (history, length) =>
  Array.from({ length }, (_, i) => (history.from_ms + i * history.step_ms) / 1000);

export function chartsOf(history, id) {
  const found = history.transports.find((each) => each.id === id);
  if (!found) return { times: [], charts: [] };
  const charts = kinds.filter((each) => found.series[each.key]?.some(known)).map((each) => ({
    name: each.name,
    unit: each.unit,
    values: found.series[each.key].map((value) => (known(value) ? each.make(value, history.step_ms) : null)),
  }));
  const length = Math.max(0, ...charts.map((each) => each.values.length));
  return { times: timesOf(history, length), charts };
}

// The runs of which nothing is known, as [first, last].
export function gapsOf(values) {
  const gaps = [];
  values.forEach((value, i) => {
    if (value !== null) return;
    const last = gaps[gaps.length - 1];
    if (last?.[1] === i - 1) last[1] = i;
    else gaps.push([i, i]);
  });
  return gaps;
}

// A value between two gaps has no line to stand on: it needs a dot.
export const lonely = (values) => values.flatMap((value, i) => (
  value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null ? [i] : []));

export function summary(values) {
  const all = values.filter((each) => each !== null);
  if (!all.length) return null;
  return {
    least: Math.min(...all),
    mean: all.reduce((sum, each) => sum + each, 0) / all.length,
    most: Math.max(...all),
  };
}

export function lastKnown(values) {
  for (let i = values.length - 1; i >= 0; i -= 1) {
    if (values[i] !== null) return i;
  }
  return values.length - 1;
}

// From bottom to top: a count or a share begins at nought and a flat line is no mountain.
export function rangeOf(unit, values) {
  const { least, most } = summary(values) ?? { least: 0, most: 0 };
  if (unit === 'db') {
    const middle = (least + most) / 2;
    const half = Math.max(5, (most - least) * 0.6);
    return [Math.floor(middle - half), Math.ceil(middle + half)];
  }
  const top = most * 1.1 || 1;
  return [0, unit === 'percent' ? Math.min(Math.max(top, 0.1), 100) : Math.max(top, 4)];
}

// Rows for reading out: the values in slices of so many, the newest first.
export function rowsOf(times, values, slice) {
  const rows = [];
  for (let i = 0; i < values.length; i += slice) {
    rows.unshift({ ms: times[i] * 1000, found: summary(values.slice(i, i + slice)) });
  }
  return rows;
}

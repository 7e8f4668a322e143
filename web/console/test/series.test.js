// SPDX-License-Identifier: Apache-2.0
// Measured values as charts and tables show them: what is not known stays not known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartsOf, gapsOf, lastKnown, lonely, rangeOf, rowsOf, summary, timesOf } from '../src/lib/series.js';

const history = {
  from_ms: 600000, step_ms: 300000,
  transports: [
    { id: 'meshtastic', network: 'meshtastic', series: { airtime_ms: [3000, null, 0], snr_db: [null, null, null], up: [1, 0.5, null], heard: [4, 5, null] } },
    { id: 'trunk.dale', network: 'email', series: { loss: [0, 12, 40] } },
  ],
};

test('series become charts in a fixed order; what was never known is left out', () => {
  const { times, charts } = chartsOf(history, 'meshtastic');
  assert.deepEqual(times, [600, 900, 1200]);
  assert.deepEqual(charts.map((each) => each.name), ['airtime', 'nodes', 'up']);
  assert.deepEqual(charts[0].values, [1, null, 0], 'airtime is a share of the time, and nought is no gap');
  assert.deepEqual(charts[2].values, [100, 50, null]);
  assert.deepEqual(chartsOf(history, 'none'), { times: [], charts: [] });
  assert.deepEqual(timesOf({ from_ms: 0, step_ms: 1500 }, 3), [0, 1.5, 3]);
});

test('gaps, and values that stand alone between two', () => {
  assert.deepEqual(gapsOf([null, null, 1, null, 2, 3, null]), [[0, 1], [3, 3], [6, 6]]);
  assert.deepEqual(gapsOf([0, 1]), []);
  assert.deepEqual(lonely([1, null, 2, 3, null, 4]), [0, 5]);
  assert.deepEqual(lonely([null, 0, null]), [1]);
  assert.equal(lastKnown([1, 2, null]), 1);
  assert.equal(lastKnown([null, null]), 1);
});

test('a summary of nothing is nothing', () => {
  assert.deepEqual(summary([null, 1, 3]), { least: 1, mean: 2, most: 3 });
  assert.equal(summary([null]), null);
});

test('scales hold all values, and begin at nought where that is meant', () => {
  for (const values of [[-18, -3.5], [0], [7, 7], [null]]) {
    const [low, high] = rangeOf('db', values);
    assert.ok(high - low >= 10, 'a quiet signal is no mountain');
    for (const each of values.filter((value) => value !== null)) assert.ok(low <= each && each <= high);
  }
  assert.deepEqual(rangeOf('percent', [100, 20]), [0, 100]);
  assert.equal(rangeOf('percent', [0.02])[1], 0.1);
  assert.deepEqual(rangeOf('count', [0, 1]), [0, 4]);
});

test('rows for reading out: the newest first, with what is known of each slice', () => {
  const rows = rowsOf([0, 60, 120, 180, 240], [1, 3, null, null, 9], 2);
  assert.deepEqual(rows.map((each) => each.ms), [240000, 120000, 0]);
  assert.deepEqual(rows.map((each) => each.found?.mean), [9, undefined, 2]);
});

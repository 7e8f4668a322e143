// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideFirst, boundsOf, endsOf, isPlace, metresBetween, windOf } from '../src/lib/places.js';

const at = (latitude, longitude, rest = {}) => ({ latitude, longitude, ...rest });

test('what is no place is not drawn', () => {
  assert.ok(isPlace(at(0, 0)));
  assert.ok(isPlace(at(-90, 180)));
  for (const each of [at(91, 0), at(0, 181), at(NaN, 0), at(undefined, 1), at('1', 1)]) assert.ok(!isPlace(each));
});

test('bounds hold all places, and one alone has room around it', () => {
  const [[south, west], [north, east]] = boundsOf([at(47, 11), at(47.5, 11.2), at(46.9, 11.9)]);
  assert.deepEqual([south, west, north, east], [46.9, 11, 47.5, 11.9]);
  const one = boundsOf([at(47, 11)]);
  assert.ok(one[0][0] < 47 && one[1][0] > 47 && one[0][1] < 11 && one[1][1] > 11);
  assert.ok(Math.abs(one[1][0] - one[0][0] - 0.004) < 1e-9);
  assert.equal(boundsOf([]), null);
  assert.equal(boundsOf([at(90, 0), at(89, 1)])[1][0] <= 85.01, true, 'the poles are not on this map');
});

test('neighbours across 180 degrees stay beside each other', () => {
  const near = besideFirst([at(-16.8, 179.98), at(-16.8, -179.99), at(-16.7, 179.9)]);
  assert.deepEqual(near.map((each) => Math.round(each.longitude * 100) / 100), [179.98, 180.01, 179.9]);
  const [[, west], [, east]] = boundsOf(near);
  assert.ok(east - west < 0.2);
  assert.ok(metresBetween(near[0], near[1]) < 4000);
});

test('how far, and which way', () => {
  assert.ok(Math.abs(metresBetween(at(0, 0), at(0, 1)) - 111195) < 50);
  assert.equal(metresBetween(at(47, 11), at(47, 11)), 0);
  const winds = { n: [1, 0], ne: [1, 1], e: [0, 1], se: [-1, 1], s: [-1, 0], sw: [-1, -1], w: [0, -1], nw: [1, -1] };
  for (const [name, [north, east]] of Object.entries(winds)) assert.equal(windOf(at(0, 0), at(north / 10, east / 10)), name);
});

test('links are drawn between places that are known', () => {
  const places = [at(1, 1, { kind: 'box', name: 'hill' }), at(2, 2, { kind: 'neighbour', name: 'dale' }), at(3, 3, { kind: 'alarm', name: 'moor' })];
  const drawn = endsOf([{ from: 'hill', to: 'dale' }, { from: 'hill', to: 'moor' }], places);
  assert.deepEqual(drawn.map((each) => each.ends.map((end) => end.latitude)), [[1, 2]], 'a person is no neighbour');
  const twins = [at(2, 2, { kind: 'neighbour', name: 'hill' }), at(1, 1, { kind: 'box', name: 'hill' })];
  assert.deepEqual(endsOf([{ from: 'hill', to: 'hill' }], twins)[0].ends.map((end) => end.latitude), [1, 2]);
});

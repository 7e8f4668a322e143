// SPDX-License-Identifier: Apache-2.0
// The ground of the map: what is painted how, and which part of a tile a closer look shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colours, layerNames, paintOf, roomFor, sourceOf } from '../src/lib/ground.js';

test('layers of both families are painted, unknown ones are not', () => {
  assert.equal(paintOf('water').fill, 'water');
  assert.equal(paintOf('landuse', 'forest').fill, 'green');
  assert.equal(paintOf('landuse', 'airfield'), null);
  assert.ok(paintOf('roads', 'highway').width > paintOf('transportation', 'minor').width);
  assert.ok(paintOf('roads', 'path').dash);
  assert.equal(paintOf('of a newer release', 'x'), null);
  for (const name of layerNames) {
    const paint = paintOf(name, 'forest');
    for (const palette of Object.values(colours)) {
      for (const each of [paint.fill, paint.line].filter(Boolean)) assert.match(palette[each], /^#/, name);
    }
  }
});

test('a closer look is a part of the closest tile of the file', () => {
  assert.deepEqual(sourceOf({ x: 5, y: 9, z: 4 }, 15), { z: 4, x: 5, y: 9, scale: 1, left: 0, top: 0 });
  assert.deepEqual(sourceOf({ x: 21, y: 38, z: 6 }, 4), { z: 4, x: 5, y: 9, scale: 4, left: 1, top: 2 });
});

test('names do not cover each other and are not cut by the edge', () => {
  const taken = [];
  assert.equal(roomFor(taken, { x: 2, y: 5, width: 100, height: 30 }, 512).x, 50);
  assert.equal(roomFor(taken, { x: 60, y: 20, width: 100, height: 30 }, 512), null);
  assert.ok(roomFor(taken, { x: 400, y: 20, width: 100, height: 30 }, 512));
  assert.equal(roomFor(taken, { x: 200, y: 300, width: 600, height: 30 }, 512), null);
});

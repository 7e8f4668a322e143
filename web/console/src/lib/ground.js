// SPDX-License-Identifier: Apache-2.0
// How the ground of a map of lines and areas looks: the layers of Protomaps and of OpenMapTiles,
// from below to above, and the part of a tile that a closer look shows. Pure.

const green = new Set(['forest', 'wood', 'park', 'national_park', 'nature_reserve', 'protected_area', 'grass', 'grassland', 'meadow',
  'scrub', 'shrubland', 'orchard', 'vineyard', 'village_green', 'garden', 'farmland', 'wetland', 'tree_cover', 'crop', 'pitch', 'cemetery']);
const great = new Set(['highway', 'major_road', 'motorway', 'trunk', 'primary', 'secondary']);
const small = new Set(['path', 'track', 'footway', 'steps', 'cycleway', 'pedestrian']);
const rails = new Set(['rail', 'transit']);

function road(kind) {
  if (great.has(kind)) return { line: 'great', width: 3 };
  if (small.has(kind)) return { line: 'road', width: 1, dash: [3, 3] };
  return rails.has(kind) ? { line: 'great', width: 1, dash: [8, 4] } : { line: 'road', width: 1.5 };
}
const area = (fill) => () => ({ fill });
const land = (kind) => (green.has(kind) ? { fill: 'green' } : null);
const border = () => ({ line: 'border', width: 1.5, dash: [6, 3, 2, 3] });
const water = () => ({ fill: 'water', line: 'water', width: 1.5 });

const layers = {
  earth: area('earth'), landcover: land, landuse: land, park: area('green'), water, waterway: water,
  buildings: area('house'), building: area('house'),
  roads: road, transportation: road, boundaries: border, boundary: border,
};
export const layerNames = Object.keys(layers);
export const nameLayers = ['places', 'place'];

// How something of a layer is painted; null: not at all.
export const paintOf = (layer, kind) => layers[layer]?.(kind) ?? null;

export const colours = {
  light: { earth: '#f7f5ef', green: '#dde9d3', water: '#b5d4e8', house: '#d9d1c5', road: '#b3a797', great: '#94866f', border: '#8d72a3', ink: '#10201c' },
  dark: { earth: '#18211e', green: '#1f3229', water: '#16364d', house: '#2d3733', road: '#5b6a64', great: '#7b8b84', border: '#7c6891', ink: '#f0f5f3' },
};

// The tile of the file that holds this one, how much larger it is drawn, and where in it this one
// begins, in tiles of this zoom.
export function sourceOf({ x, y, z }, mostZoom) {
  const up = Math.max(0, z - mostZoom);
  const scale = 2 ** up;
  return { z: z - up, x: Math.floor(x / scale), y: Math.floor(y / scale), scale, left: x % scale, top: y % scale };
}

// Names that would cover each other: the first one stays. Each is moved into the tile, whose edge
// would cut it.
export function roomFor(taken, { x, y, width, height }, size) {
  const half = width / 2;
  const at = { x: Math.min(Math.max(x, half), Math.max(size - half, half)), y: Math.min(Math.max(y, height), size - height), half, height };
  const covers = taken.some((each) => Math.abs(each.x - at.x) < each.half + half && Math.abs(each.y - at.y) < height);
  if (covers || width > size) return null;
  taken.push(at);
  return at;
}

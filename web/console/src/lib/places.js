// SPDX-License-Identifier: Apache-2.0
// Where things are, on a round earth. Degrees and metres. Pure.

const kEarth = 6371000;
const kMostLatitude = 85;  // the map's projection ends there
const kLeastExtent = 0.004;  // degrees, some 400 m: one place alone is no point to zoom into
const radians = (degrees) => (degrees * Math.PI) / 180;

export const isPlace = ({ latitude, longitude }) => Number.isFinite(latitude) && Number.isFinite(longitude) &&
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;

// Neighbours on the two sides of 180 degrees are near each other: all are written on the side of
// the first.
export function besideFirst(places) {
  const base = places[0]?.longitude;
  const turn = (longitude) => longitude - 360 * Math.round((longitude - base) / 360);
  return places.map((each) => ({ ...each, longitude: turn(each.longitude) }));
}

const within = (value, most) => Math.min(Math.max(value, -most), most);

// [[south, west], [north, east]], or null of no places.
export function boundsOf(places) {
  if (!places.length) return null;
  const span = (values) => {
    const least = Math.min(...values);
    const most = Math.max(...values);
    const more = Math.max(0, kLeastExtent - (most - least)) / 2;
    return [least - more, most + more];
  };
  const [south, north] = span(places.map((each) => within(each.latitude, kMostLatitude)));
  const [west, east] = span(places.map((each) => each.longitude));
  return [[south, west], [north, east]];
}

export function metresBetween(a, b) {
  const x = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 + Math.cos(radians(a.latitude)) *
    Math.cos(radians(b.latitude)) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * kEarth * Math.asin(Math.min(1, Math.sqrt(x)));
}

const winds = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'];

// The wind that blows from there, seen from here.
export function windOf(here, there) {
  const turn = radians(there.longitude - here.longitude);
  const from = radians(here.latitude);
  const to = radians(there.latitude);
  const angle = Math.atan2(Math.sin(turn) * Math.cos(to),
    Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(turn));
  return winds[(Math.round((angle * 180) / Math.PI / 45) + 8) % 8];
}

// Each link with the places of its two ends; without one of them it cannot be drawn. A link begins
// at the box, also where a neighbour is called the same.
export function endsOf(links, places) {
  const find = (name, kinds) => kinds.map((kind) => places.find((each) => each.kind === kind && each.name === name)).find(Boolean);
  return links.flatMap((each) => {
    const ends = [find(each.from, ['box', 'neighbour']), find(each.to, ['neighbour', 'box'])];
    return ends.every(Boolean) ? [{ ...each, ends }] : [];
  });
}

// SPDX-License-Identifier: Apache-2.0
// Paints tiles of lines and areas (Mapbox Vector Tile, version 2) on canvases. A file of its own:
// who has tiles of pictures, or none, does not fetch it.
import '../main.jsx';
import { VectorTile } from '@mapbox/vector-tile';
import Pbf from 'pbf';
import { colours, layerNames, nameLayers, paintOf, roomFor, sourceOf } from '../lib/ground.js';

const kSize = 512;  // twice what is shown: phones are fine
const kMostKept = 48;
const kArea = 3;
const kLine = 2;
const kPoint = 1;
const kLetter = 26;
const dark = matchMedia('(prefers-color-scheme: dark)');

function featuresOf(tile, name) {
  const layer = tile.layers[name];
  return layer ? Array.from({ length: layer.length }, (_, i) => layer.feature(i)) : [];
}

function trace(pen, geometry, place, closed) {
  pen.beginPath();
  for (const ring of geometry) {
    ring.forEach((point, i) => {
      const [x, y] = place(point);
      if (i) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    if (closed) pen.closePath();
  }
}

function paintFeature(pen, feature, paint, palette, place) {
  if (feature.type === kArea && paint.fill) {
    trace(pen, feature.loadGeometry(), place, true);
    pen.fillStyle = palette[paint.fill];
    pen.fill('evenodd');
  } else if (feature.type === kLine && paint.line) {
    trace(pen, feature.loadGeometry(), place, false);
    pen.strokeStyle = palette[paint.line];
    pen.lineWidth = paint.width * 2;
    pen.setLineDash((paint.dash ?? []).map((each) => each * 2));
    pen.stroke();
  }
}

function nameOf({ properties }, language) {
  return String(properties[`name:${language}`] ?? properties.name ?? '').slice(0, 40);
}

function paintNames(pen, tile, palette, place, language) {
  const taken = [];
  pen.font = `600 ${kLetter}px system-ui, sans-serif`;
  pen.textAlign = 'center';
  pen.lineJoin = 'round';
  pen.lineWidth = 6;
  pen.setLineDash([]);
  for (const feature of nameLayers.flatMap((each) => featuresOf(tile, each))) {
    const words = feature.type === kPoint && nameOf(feature, language);
    if (!words) continue;
    const [x, y] = place(feature.loadGeometry()[0][0]);
    if (x < 0 || y < 0 || x >= kSize || y >= kSize) continue;  // the tile beside this one says it
    const at = roomFor(taken, { x, y, width: pen.measureText(words).width + 8, height: kLetter + 4 }, kSize);
    if (!at) continue;
    pen.strokeStyle = palette.earth;
    pen.fillStyle = palette.ink;
    pen.strokeText(words, at.x, at.y);
    pen.fillText(words, at.x, at.y);
  }
}

function paintTile(canvas, tile, source, language) {
  const palette = dark.matches ? colours.dark : colours.light;
  const pen = canvas.getContext('2d');
  const placeIn = (extent) => ({ x, y }) => [
    ((x / extent) * source.scale - source.left) * kSize, ((y / extent) * source.scale - source.top) * kSize];
  pen.fillStyle = tile.layers.earth ? palette.water : palette.earth;  // who draws the land leaves out the sea
  pen.fillRect(0, 0, kSize, kSize);
  for (const name of layerNames) {
    for (const feature of featuresOf(tile, name)) {
      const paint = paintOf(name, feature.properties.kind ?? feature.properties.class);
      if (paint) paintFeature(pen, feature, paint, palette, placeIn(feature.extent));
    }
  }
  const [first] = nameLayers.map((each) => tile.layers[each]).filter(Boolean);
  if (first) paintNames(pen, tile, palette, placeIn(first.extent), language);
}

// Gives how a tile is painted: (canvas, coords) to a promise.
export function groundPainter(file, header, language) {
  const kept = new Map();
  const fetchTile = ({ z, x, y }) => {
    const key = `${z}/${x}/${y}`;
    if (!kept.has(key)) {
      kept.set(key, file.getZxy(z, x, y).then((found) => found && new VectorTile(new Pbf(new Uint8Array(found.data)))));
      kept.get(key).catch(() => kept.delete(key));
      if (kept.size > kMostKept) kept.delete(kept.keys().next().value);
    }
    return kept.get(key);
  };
  return async (canvas, coords) => {
    const source = sourceOf(coords, header.maxZoom);
    const tile = await fetchTile(source);
    if (!tile) return;
    canvas.width = kSize;
    canvas.height = kSize;
    paintTile(canvas, tile, source, language);
  };
}

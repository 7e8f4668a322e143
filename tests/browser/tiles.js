// SPDX-License-Identifier: Apache-2.0
// A small file of map tiles (PMTiles, version 3 of its specification): the same tile everywhere, as a
// picture or as a lake with a road and a name (Mapbox Vector Tile, version 2).
import { deflateSync } from 'node:zlib';

const kSize = 64;

// Debian's Node.js has none in its zlib.
function crc32(bytes) {
  let crc = ~0;
  for (const each of bytes) {
    crc ^= each;
    for (let k = 0; k < 8; k += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

// Pale green with a darker frame.
function picture() {
  const lines = [];
  for (let y = 0; y < kSize; y += 1) {
    lines.push(0);
    for (let x = 0; x < kSize; x += 1) lines.push(...(x && y ? [214, 232, 205] : [120, 150, 110]));
  }
  const head = Buffer.from([0, 0, 0, kSize, 0, 0, 0, kSize, 8, 2, 0, 0, 0]);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.from(lines))), chunk('IEND', Buffer.alloc(0))]);
}

function varint(value) {
  const bytes = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return [...bytes, left];
    bytes.push((left % 128) + 128);
  }
}

const part = (number, bytes) => [number * 8 + 2, ...varint(bytes.length), ...bytes];
const count = (number, value) => [number * 8, ...varint(value)];
const words = (number, text) => part(number, [...Buffer.from(text)]);
const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);

// Points by their steps: to the first one, lines to the rest, and closed if that is an area.
function geometry(type, [first, ...rest]) {
  const steps = (all) => all.flatMap(([x, y]) => [...varint(zigzag(x)), ...varint(zigzag(y))]);
  const lines = rest.length ? [...varint(rest.length * 8 + 2), ...steps(rest)] : [];
  return [9, ...steps([first]), ...lines, ...(type === 3 ? [15] : [])];
}

function layer(name, type, points, [key, value]) {
  const feature = [...part(2, [0, 0]), ...count(3, type), ...part(4, geometry(type, points))];
  return part(3, [...count(15, 2), ...words(1, name), ...part(2, feature), ...words(3, key), ...part(4, words(1, value)), ...count(5, 4096)]);
}

const lake = () => Buffer.from([
  ...layer('water', 3, [[0, 0], [2048, 0], [0, 4096], [-2048, 0]], ['kind', 'lake']),
  ...layer('roads', 2, [[3000, 0], [0, 4096]], ['kind', 'highway']),
  ...layer('places', 1, [[3000, 2000]], ['name', 'Hillbrook']),
]);

// All tiles of the zooms 0 to `zoom` are one run of the same tile. Type 1: vector, 2: PNG.
export function tilesFile({ type = 2, zoom = 15, attribution = '<a href="https://example.org">Hill people</a>' } = {}) {
  const tile = type === 1 ? lake() : picture();
  const all = (4 ** (zoom + 1) - 1) / 3;
  const directory = Buffer.from([1, 0, ...varint(all), ...varint(tile.length), 1]);
  const metadata = Buffer.from(JSON.stringify({ attribution }));
  const head = Buffer.alloc(127);
  head.write('PMTiles');
  head[7] = 3;
  const directoryAt = head.length;
  const metadataAt = directoryAt + directory.length;
  const tilesAt = metadataAt + metadata.length;
  const numbers = [directoryAt, directory.length, metadataAt, metadata.length, 0, 0, tilesAt, tile.length, all, 1, 1];
  numbers.forEach((each, i) => head.writeBigUInt64LE(BigInt(each), 8 + 8 * i));
  head.set([1, 1, 1, type, 0, zoom], 96);  // clustered, nothing is packed
  [-180e7, -85e7, 180e7, 85e7].forEach((each, i) => head.writeInt32LE(each, 102 + 4 * i));
  return Buffer.concat([head, directory, metadata, tile]);
}

// As the box answers: by ranges.
export function answerRange(file, range = '') {
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(range) ?? [];
  if (from === undefined) return { status: 200, body: file, headers: { 'Accept-Ranges': 'bytes', ETag: '"tiles"' } };
  const last = Math.min(to ? Number(to) : file.length - 1, file.length - 1);
  return {
    status: 206, body: file.subarray(Number(from), last + 1),
    headers: { 'Content-Range': `bytes ${from}-${last}/${file.length}`, 'Accept-Ranges': 'bytes', ETag: '"tiles"' },
  };
}

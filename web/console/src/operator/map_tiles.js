// SPDX-License-Identifier: Apache-2.0
// Tiles out of one file of the box, which is read by ranges: pictures, or lines and areas. Both are
// painted on canvases, because the page may show no picture from anywhere but the box.
import { GridLayer } from 'leaflet/dist/leaflet-src.esm.js';
import { PMTiles, TileType } from 'pmtiles';

const kSize = 256;
const kMostZoom = 19;
const pictures = {
  [TileType.Png]: 'image/png', [TileType.Jpeg]: 'image/jpeg', [TileType.Webp]: 'image/webp', [TileType.Avif]: 'image/avif',
};

const picturePainter = (file, type) => async (canvas, { x, y, z }) => {
  const found = await file.getZxy(z, x, y);
  if (!found) return;
  const picture = await createImageBitmap(new Blob([found.data], { type }));
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d').drawImage(picture, 0, 0);
  picture.close();
};

const Tiles = GridLayer.extend({
  createTile(coords, done) {
    const canvas = document.createElement('canvas');
    canvas.width = kSize;
    canvas.height = kSize;
    this.options.paint(canvas, coords).then(() => done(null, canvas), (e) => done(e, canvas));
    return canvas;
  },
});

// Whose map it is stands in the file, perhaps with links: none of them leads anywhere from here.
async function ownerOf(file) {
  const said = (await file.getMetadata().catch(() => null))?.attribution ?? '';
  return new DOMParser().parseFromString(String(said), 'text/html').body.textContent.trim();
}

// A picture is only drawn larger where there is no closer one; lines are drawn anew.
async function kindOf(file, header, language) {
  if (header.tileType === TileType.Mvt) {
    const { groundPainter } = await import('./map_ground.js');
    return { paint: groundPainter(file, header, language) };
  }
  const type = pictures[header.tileType];
  if (!type) throw new Error('unknown tiles');
  return { paint: picturePainter(file, type), maxNativeZoom: header.maxZoom };
}

// Says whose the map is.
export async function addTiles(map, language) {
  const file = new PMTiles('/tiles.pmtiles');
  const header = await file.getHeader();
  const kind = await kindOf(file, header, language);
  new Tiles({
    ...kind, minNativeZoom: header.minZoom, maxZoom: kMostZoom,
    bounds: [[header.minLat, header.minLon], [header.maxLat, header.maxLon]],
  }).addTo(map);
  return ownerOf(file);
}

// SPDX-License-Identifier: Apache-2.0
// The drawing, by Leaflet: with the tiles of the box, or on plain paper with a scale and north.
import '../main.jsx';
import { useEffect, useRef, useState } from 'preact/hooks';
import { circle, control, Control, divIcon, layerGroup, map as makeMap, marker, polyline } from 'leaflet/dist/leaflet-src.esm.js';
import { language, t } from '../lib/i18n.js';
import { boundsOf, endsOf } from '../lib/places.js';
import { tame } from '../lib/text.js';
import { Button } from '../ui/parts.jsx';
import { addTiles } from './map_tiles.js';

const kNearest = 17;
const kLineWidth = 5;
const kFingerWidth = 30;
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

// Told apart by their form too.
const forms = { box: 'M6 30V16L20 5l14 11v14z', neighbour: 'M20 5l15 26H5z', alarm: 'M20 3l17 17-17 17L3 20z' };

function element(name, attributes, parent) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

function iconOf(place) {
  const holder = document.createElement('div');
  const svg = element('svg', { viewBox: '0 0 40 40', width: 40, height: 40, 'aria-hidden': 'true' });
  element('path', { d: forms[place.kind] }, svg);
  if (place.kind === 'alarm') element('path', { d: 'M20 11v11M20 27v1', class: 'cry' }, svg);
  const name = document.createElement('bdi');
  name.textContent = tame(place.name || t(`map.${place.kind}`)).shown;
  const kind = document.createElement('span');
  kind.className = 'unseen';
  kind.textContent = ` ${t(`map.${place.kind}`)}`;
  holder.append(svg, name, kind);
  return divIcon({ html: holder, className: `map-mark map-${place.kind}`, iconSize: [44, 44], iconAnchor: [22, 22] });
}

function drawPlace(place, group, pick) {
  const at = [place.latitude, place.longitude];
  if (place.metres > 0) circle(at, { radius: place.metres, interactive: false, className: `map-about map-${place.kind}` }).addTo(group);
  // Who calls for help is never covered.
  marker(at, { icon: iconOf(place), zIndexOffset: place.kind === 'alarm' ? 1000 : 0, keyboard: true })
    .on('click', () => pick(place)).on('keypress', (e) => e.originalEvent.key === 'Enter' && pick(place)).addTo(group);
}

function drawLink(link, group, pick) {
  const line = link.ends.map((each) => [each.latitude, each.longitude]);
  polyline(line, { weight: kLineWidth, dashArray: link.up ? null : '4 12', interactive: false, className: `map-link ${link.up ? 'up' : 'down'}` }).addTo(group);
  polyline(line, { weight: kFingerWidth, opacity: 0, bubblingMouseEvents: false }).on('click', () => pick(link)).addTo(group);
}

const North = Control.extend({
  onAdd() {
    const box = document.createElement('div');
    box.className = 'map-north';
    box.textContent = `↑ ${t('wind.n')}`;
    return box;
  },
});

function openMap(box, onPick) {
  const made = makeMap(box, {
    attributionControl: false, zoomControl: false, maxZoom: kNearest + 2, zoomSnap: 0.5,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  control.zoom({ zoomInTitle: t('map.nearer'), zoomOutTitle: t('map.farther') }).addTo(made);
  control.scale({ imperial: false, maxWidth: 140 }).addTo(made);
  new North({ position: 'topright' }).addTo(made);
  made.on('click', () => onPick(null));
  return made;
}

// A name that moved, came or went is worth another look at all; a newer time is not.
const shapeOf = (places) => places.map((each) => `${each.kind} ${each.latitude} ${each.longitude}`).join();

export function MapView({ places, links, tiles, onPick }) {
  const box = useRef();
  const map = useRef(null);
  const drawn = useRef(null);
  const [said, setSaid] = useState({ problem: false, owner: '' });
  const showAll = () => map.current.fitBounds(boundsOf(places), { padding: [48, 48], maxZoom: kNearest, animate: !still });
  useEffect(() => {
    let alive = true;
    map.current = openMap(box.current, onPick);
    drawn.current = layerGroup().addTo(map.current);
    if (tiles) {
      addTiles(map.current, language.value).then((owner) => alive && setSaid({ problem: false, owner }),
        () => alive && setSaid({ problem: true, owner: '' }));
    }
    return () => {
      alive = false;
      map.current.remove();
    };
  }, [tiles]);
  useEffect(showAll, [shapeOf(places), tiles]);
  useEffect(() => {
    drawn.current.clearLayers();
    for (const each of endsOf(links, places)) drawLink(each, drawn.current, onPick);
    for (const each of places) drawPlace(each, drawn.current, onPick);
  });
  return (
    <>
      <div class="map" dir="ltr" ref={box} role="group" aria-label={t('menu.map')} />
      {said.owner && <p class="hint" dir="ltr">{tame(said.owner).shown}</p>}
      {said.problem && <p class="hint">{t('map.no_tiles')}</p>}
      <Button onClick={showAll}>{t('map.all')}</Button>
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
// Where the village is: the box, its neighbours, who calls for help, and the links between. The
// drawing is for eyes and fingers; the list below says the same in words.
import { useState } from 'preact/hooks';
import { decibels, number, t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { besideFirst, isPlace, metresBetween, windOf } from '../lib/places.js';
import { radioPath } from '../lib/radios.js';
import { fetchSheet } from '../lib/sheet.js';
import { Chunk } from '../ui/chunk.jsx';
import { Badge, Button, Card, Facts, Loaded, Notice, Page, Time, Words } from '../ui/parts.jsx';

const far = (metres) => (metres < 1000 ?
  number(metres, { style: 'unit', unit: 'meter', maximumSignificantDigits: 2 }) :
  number(metres / 1000, { style: 'unit', unit: 'kilometer', maximumSignificantDigits: 2 }));
const degrees = (value) => number(value, { minimumFractionDigits: 5, maximumFractionDigits: 5 });
const percent = (value) => number(value / 100, { style: 'percent', maximumFractionDigits: 0 });

const tones = { alarm: 'bad', neighbour: 'off', box: 'good' };

function PlaceFacts({ of, box }) {
  const away = box && of !== box && metresBetween(box, of);
  return (
    <>
      <div class="row-head"><strong><Words of={of.name || t(`map.${of.kind}`)} /></strong><Badge tone={tones[of.kind]}>{t(`map.${of.kind}`)}</Badge></div>
      <Facts of={[
        [t('map.far'), away > 0 && far(away)],
        [t('map.wind'), away > 0 && t(`wind.${windOf(box, of)}`)],
        [t('map.at'), <bdi dir="ltr">{degrees(of.latitude)}, {degrees(of.longitude)}</bdi>],
        [t('map.about'), of.metres > 0 && far(of.metres)],
        [t('map.said'), of.at_ms > 0 && <Time ms={of.at_ms} />],
      ]} />
      {of.kind === 'alarm' && <p><a class="button" href="/alarms">{t('map.to_alarms')}</a></p>}
    </>
  );
}

function LinkFacts({ of }) {
  return (
    <>
      <div class="row-head">
        <strong><Words of={of.from || t('map.box')} /> – <Words of={of.to} /></strong>
        <Badge tone={of.up ? 'good' : 'bad'}>{of.up ? t('way.up') : t('way.down')}</Badge>
      </div>
      <Facts of={[
        [t('chart.loss'), Number.isFinite(of.loss) && percent(of.loss)],
        [t('chart.signal'), Number.isFinite(of.snr_db) && decibels(of.snr_db)],
        [t('check.heard'), of.heard_ms > 0 && <Time ms={of.heard_ms} />],
        [t('map.by'), of.transport && <a href={radioPath(of.transport)}><Words of={of.transport} /></a>],
      ]} />
    </>
  );
}

const fetchMap = async () => {
  const [{ MapView }] = await Promise.all([import('./map_view.jsx'), fetchSheet('map')]);
  return MapView;
};

// What was touched, found again in newer data.
const keyOf = (each) => (each.kind ? `${each.kind} ${each.name} ${each.alarm ?? ''}` : `${each.transport} ${each.from} ${each.to}`);

function Drawn({ places, links, tiles, box }) {
  const [picked, setPicked] = useState('');
  const found = [...places, ...links].find((each) => keyOf(each) === picked);
  return (
    <div class="map-frame">
      <Chunk fetch={fetchMap} places={places} links={links} tiles={tiles} onPick={(each) => setPicked(each ? keyOf(each) : '')} />
      {found && (
        <div class="map-picked" role="status">
          {found.kind ? <PlaceFacts of={found} box={box} /> : <LinkFacts of={found} />}
          <Button onClick={() => setPicked('')}>{t('map.close')}</Button>
        </div>
      )}
    </div>
  );
}

function Listed({ places, links, box }) {
  return (
    <div class="columns">
      <Card title={t('map.places')}>
        <ul class="rows">{places.map((each) => <li class="row" key={keyOf(each)}><PlaceFacts of={each} box={box} /></li>)}</ul>
      </Card>
      <Card title={t('map.links')}>
        {!links.length && <p>{t('none')}</p>}
        <ul class="rows">{links.map((each) => <li class="row" key={keyOf(each)}><LinkFacts of={each} /></li>)}</ul>
      </Card>
    </div>
  );
}

function NoPlace() {
  return (
    <Notice>
      <p>{t('map.none')}</p>
      <a class="button" href="/settings?search=place">{t('menu.settings')}</a>
    </Notice>
  );
}

// Help first, the box last.
const order = ['alarm', 'neighbour', 'box'];

export function MapScreen() {
  const map = useLoad('/map');
  return (
    <Page title={t('menu.map')}>
      <Loaded from={map}>
        {({ places: all, links, tiles }) => {
          const places = besideFirst(all.filter(isPlace)).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
          const box = places.find((each) => each.kind === 'box');
          return (
            <>
              {places.length ? <Drawn places={places} links={links} tiles={tiles} box={box} /> : <NoPlace />}
              {places.length > 0 && !box && <p class="hint">{t('map.no_box')}</p>}
              {(places.length > 0 || links.length > 0) && <Listed places={places} links={links} box={box} />}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

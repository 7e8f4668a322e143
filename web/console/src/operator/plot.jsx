// SPDX-License-Identifier: Apache-2.0
// One line over time, drawn by uPlot in the colours of the page.
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { clock, language } from '../lib/i18n.js';
import { gapsOf, lonely } from '../lib/series.js';

const kHeight = 150;
const kWhole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000];  // there is no half a radio
const kFont = '13px system-ui, sans-serif';
const dark = matchMedia('(prefers-color-scheme: dark)');

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return { line: of('main'), ink: of('ink'), grid: of('hair'), hatch: of('line'), paper: of('paper') };
}

function hatching(context, colour) {
  const tile = document.createElement('canvas');
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext('2d');
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const x of [-4, 0, 4, 8]) {
    pen.moveTo(x, 8);
    pen.lineTo(x + 8, 0);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat');
}

// Hatched below the line, so that a gap is no nought and no break of the paper either.
function drawGaps(plot, gaps, colour) {
  const { ctx, bbox } = plot;
  const times = plot.data[0];
  const end = (i) => plot.valToPos(times[Math.min(Math.max(i, 0), times.length - 1)], 'x', true);
  ctx.save();
  ctx.fillStyle = hatching(ctx, colour);
  for (const [first, last] of gaps) ctx.fillRect(end(first - 1), bbox.top, Math.max(end(last + 1) - end(first - 1), 1), bbox.height);
  ctx.restore();
}

function day(ms) {
  return new Intl.DateTimeFormat(language.peek(), { weekday: 'short', day: 'numeric' }).format(ms);
}

function optionsOf({ times, values, range, days, whole, format, onAt, onLeave }, width) {
  const paint = colours();
  const gaps = gapsOf(values);
  const dots = lonely(values);
  const axis = { stroke: paint.ink, font: kFont, grid: { stroke: paint.grid, width: 1 }, ticks: { stroke: paint.hatch, width: 1 } };
  const span = [times[0], times[times.length - 1]];
  return {
    width, height: kHeight,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 11, stroke: paint.ink, fill: paint.paper, width: 3 } },
    scales: { x: { time: true, range: () => span }, y: { range: () => range } },
    axes: [
      { ...axis, size: 34, space: days ? 64 : 76, incrs: days ? [86400, 172800] : [3600, 7200, 10800, 14400, 21600, 43200],
        values: (u, all) => all.map((each) => (days ? day(each * 1000) : clock(each * 1000))) },
      { ...axis, size: 62, space: 30, ...(whole && { incrs: kWhole }), values: (u, all) => all.map(format) },
    ],
    series: [{}, { stroke: paint.line, width: 2.5, spanGaps: false, points: { show: dots.length > 0, size: 8, fill: paint.line, filter: () => dots } }],
    hooks: {
      drawClear: [(u) => drawGaps(u, gaps, paint.hatch)],
      setCursor: [(u) => (u.cursor.left < 0 ? onLeave() : onAt(u.cursor.idx))],
    },
  };
}

function useDark() {
  const [is, set] = useState(dark.matches);
  useEffect(() => {
    const look = () => set(dark.matches);
    dark.addEventListener('change', look);
    return () => dark.removeEventListener('change', look);
  }, []);
  return is;
}

export function Plot(given) {
  const { times, values } = given;
  const box = useRef();
  const plot = useRef(null);
  const newest = useRef(given);
  newest.current = given;
  const isDark = useDark();
  useEffect(() => {
    const width = box.current.clientWidth || 280;
    const hooks = { onAt: (i) => newest.current.onAt(i), onLeave: () => queueMicrotask(mark) };
    plot.current = new uPlot(optionsOf({ ...given, ...hooks }, width), [times, values], box.current);
    const seen = new ResizeObserver(([entry]) => plot.current.setSize({ width: Math.floor(entry.contentRect.width), height: kHeight }));
    seen.observe(box.current);
    return () => {
      seen.disconnect();
      plot.current.destroy();
      plot.current = null;
    };
  }, [times, values, isDark, language.value]);
  // The mark stays where it was when the finger leaves. It is set only where it is not there yet:
  // else the finger and the page would chase each other.
  const mark = () => {
    const u = plot.current;
    if (!u || (u.cursor.idx === newest.current.at && u.cursor.left >= 0)) return;
    u.setCursor({ left: u.valToPos(newest.current.times[newest.current.at], 'x'), top: kHeight / 3 }, false);
  };
  useEffect(mark);
  return <div class="plot-box" ref={box} />;
}

// SPDX-License-Identifier: Apache-2.0
// Line drawings of 24 by 24, drawn once and used by name.
const paths = {
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  inbox: 'M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5',
  sent: 'M4 12l16-8-6 16-3-7z',
  write: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  queue: 'M4 6h16M4 12h16M4 18h10',
  people: 'M8 11a3 3 0 100-6 3 3 0 000 6zM3 19c0-3 2-5 5-5s5 2 5 5M16 11a3 3 0 100-6M15 14c4 0 6 2 6 5',
  more: 'M4 7h16M4 12h16M4 17h16',
  alarm: 'M6 17v-6a6 6 0 0112 0v6l2 2H4zM10 21h4',
  mail: 'M3 6h18v12H3zM3 7l9 7 9-7',
  check: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l4 2',
  neighbours: 'M4 20V10l4-4 4 4v10zM14 20v-8l3-3 3 3v8zM2 20h20',
  groups: 'M4 5h16v10H11l-4 4v-4H4z',
  settings: 'M5 7h9M18 7h1M5 17h1M10 17h9M16 9a2 2 0 100-4 2 2 0 000 4zM8 19a2 2 0 100-4 2 2 0 000 4z',
  sessions: 'M7 3h10v18H7zM11 18h2',
  audit: 'M6 3h9l4 4v14H6zM9 11h7M9 15h7',
  backup: 'M4 5h13l3 3v11H4zM8 5v5h7V5M8 19v-5h8v5',
  programs: 'M7 3h10v18H7zM11 18h2M9.5 7.5h5M9.5 10.5h5',
  update: 'M20 12a8 8 0 11-2.5-5.8M20 3v4h-4M12 8v8M8.5 12.5L12 16l3.5-3.5',
  tokens: 'M8 16a4 4 0 100-8 4 4 0 000 8zM12 12h9M18 12v3',
  me: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c0-4 4-7 8-7s8 3 8 7',
  map: 'M9 5L3 8v12l6-3 6 3 6-3V5l-6 3zM9 5v12M15 8v12',
  radios: 'M12 13v8M8 21h8M8.5 14.5a5 5 0 010-7M15.5 14.5a5 5 0 000-7M5.5 17a9 9 0 010-12M18.5 17a9 9 0 000-12M12 11h.01',
  couriers: 'M8 3h8v6H8zM6 9h12v12H6zM11 6h.01M13 6h.01',
  live: 'M3 12h4l3-8 4 16 3-8h4',
  health: 'M12 20C3 14 3 9 4 7c2-3 6-3 8 1 2-4 6-4 8-1 1 2 1 7-8 13zM12 10v6M9 13h6',
  back: 'M15 5l-7 7 7 7',
  out: 'M10 4H5v16h5M10 12h10M16 8l4 4-4 4',
};

export function Icons() {
  return (
    <svg class="hidden" aria-hidden="true">
      {Object.entries(paths).map(([name, d]) => (
        <symbol id={`i-${name}`} key={name} viewBox="0 0 24 24"><path d={d} /></symbol>
      ))}
    </svg>
  );
}

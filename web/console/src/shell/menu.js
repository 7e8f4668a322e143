// SPDX-License-Identifier: Apache-2.0
// Who finds what in the menu. Pure.
const entry = (path, icon) => ({ path, icon, key: `menu.${icon}` });

const inbox = entry('/inbox', 'inbox');
const sent = entry('/sent', 'sent');
const write = entry('/write', 'write');
const me = entry('/me', 'me');
const overview = entry('/', 'home');
const queue = entry('/queue', 'queue');
const people = entry('/people', 'people');
const more = entry('/more', 'more');

const mail = { key: 'menu.my_mail', entries: [inbox, sent, write] };

export function menuOf(role) {
  if (role === 'villager') return [{ ...mail, entries: [inbox, sent, write, me] }];
  const box = [
    entry('/health', 'health'), entry('/settings', 'settings'), entry('/programs', 'programs'), entry('/backup', 'backup'), entry('/update', 'update'), entry('/sessions', 'sessions'), me,
  ];
  if (role === 'admin') box.splice(5, 0, entry('/audit', 'audit'), entry('/tokens', 'tokens'));
  return [
    { key: 'menu.village', entries: [overview, entry('/alarms', 'alarm'), people, entry('/groups', 'groups'), entry('/check-ins', 'check'), entry('/neighbours', 'neighbours'), entry('/map', 'map')] },
    { key: 'menu.post', entries: [queue, entry('/messages', 'mail'), entry('/radios', 'radios'), entry('/couriers', 'couriers'), entry('/live', 'live')] },
    mail,
    { key: 'menu.box', entries: box },
  ];
}

// A phone has room for five.
export function barOf(role) {
  if (role === 'villager') return [inbox, sent, write, me];
  return [overview, inbox, queue, people, more];
}

// What has no place of its own in the bar is found under the last entry.
export function hereInBar(role, path) {
  const bar = barOf(role);
  const found = bar.find((each) => isHere(each.path, path));
  return (found ?? bar[bar.length - 1]).path;
}

export function isHere(entryPath, path) {
  if (entryPath === '/') return path === '/';
  if (entryPath === '/inbox' && path.startsWith('/mail/')) return true;
  return path === entryPath || path.startsWith(`${entryPath}/`);
}

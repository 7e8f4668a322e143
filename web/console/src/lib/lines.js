// SPDX-License-Identifier: Apache-2.0
// The lines of the live screen: the newest so many, in their order, each once. Pure.

export const kMostLines = 500;

// What a line is searched by, and told apart by: the box tells the last ones again when a line to
// it is opened anew.
export function lineOf(kind, said) {
  const fields = Object.entries(said.fields ?? {}).map(([name, value]) => `${name}=${value}`);
  const words = kind === 'log' ? [said.level, said.component, said.event, ...fields] :
    [said.transport, said.direction, said.text];
  return {
    ...said, kind, fields,
    key: `${kind} ${said.at_ms} ${words.join(' ')} ${said.bytes ?? ''}`,
    text: kind === 'log' ? [said.component, said.event, ...fields].join(' ') : said.text ?? '',
    // Lines of the log say by their component of whom they speak.
    transport: kind === 'log' ? said.fields?.transport ?? said.component : said.transport,
  };
}

export function addLines(lines, fresh, most = kMostLines) {
  const keys = new Set(lines.map((each) => each.key));
  const news = fresh.filter((each) => !keys.has(each.key) && keys.add(each.key));
  if (!news.length) return lines;
  const all = [...lines, ...news];
  const sorted = all.every((each, i) => !i || all[i - 1].at_ms <= each.at_ms) ? all :
    all.sort((a, b) => a.at_ms - b.at_ms);
  return sorted.slice(-most);
}

export function matchingLines(lines, { text = '', transport = '', kind = '' }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((each) => (!kind || each.kind === kind) && (!transport || each.transport === transport) &&
    words.every((word) => each.key.toLowerCase().includes(word)));
}

export const transportsOf = (lines) => [...new Set(lines.map((each) => each.transport).filter(Boolean))].sort();

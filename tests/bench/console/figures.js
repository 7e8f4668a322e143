// SPDX-License-Identifier: Apache-2.0
// What was measured: a row each, as the other benches print them, and one line of JSON at the end.
export class Figures {
  named = {};
  missed = [];

  // `limit`: at most that much; without one the figure stands for itself.
  row(name, value, unit, { limit, note = '', as } = {}) {
    const over = limit !== undefined && Number(value.toFixed(2)) > limit;
    if (over) this.missed.push(as ?? name);
    if (as) this.named[as] = Number(value.toFixed(2));
    const against = limit === undefined ? '' : `limit ${limit}${over ? ', MISSED' : ''}`;
    const words = [against, note].filter((each) => each).join('; ');
    console.log(`${name.padEnd(44)} ${value.toFixed(2).padStart(12)} ${unit.padEnd(8)} ${words}`);
  }

  word(as, text) {
    this.named[as] = text;
  }

  // False if a limit was missed.
  end() {
    const { first_load_kb: ours = 0, ...others } = this.named;
    console.log(JSON.stringify({ bench: 'console', ours, peer: '', theirs: 0, unit: 'KB gzip of the first load', ratio: 0, ...others, missed: this.missed }));
    return this.missed.length === 0;
  }
}

// The value that `share` of them (0 to 1) do not exceed.
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)];
}

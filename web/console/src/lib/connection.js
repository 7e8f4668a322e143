// SPDX-License-Identifier: Apache-2.0
// Whether the box answers. `since`: the time of the last state that is shown while it does not.
import { signal } from '@preact/signals';

export const connection = signal({ up: true, since: 0 });

let heardAt = Date.now();

export function heard() {
  heardAt = Date.now();
  if (!connection.value.up) connection.value = { up: true, since: 0 };
}

export function lost(since = heardAt) {
  if (connection.value.up || since < connection.value.since) {
    connection.value = { up: false, since };
  }
}

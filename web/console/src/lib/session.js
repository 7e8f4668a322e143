// SPDX-License-Identifier: Apache-2.0
// Who looks at the page.
import { computed, signal } from '@preact/signals';
import { call, takeSession, watchSession } from './api.js';
import { forgetAll } from './load.js';
import { forgetDrafts } from './draft.js';

export const session = signal(null);
export const signedIn = computed(() => Boolean(session.value?.signed_in));
export const operates = computed(() => ['operator', 'admin'].includes(session.value?.role));
export const administers = computed(() => session.value?.role === 'admin');

// On a phone that several people use, nothing of one is left for the next.
async function forget() {
  forgetAll();
  forgetDrafts();
  if ('caches' in window) await caches.delete('waypost-state');
}

watchSession((next) => {
  if (session.value?.signed_in && session.value.handle !== next.handle) forget();
  session.value = next;
});

export const signIn = async (who) => takeSession(await call('POST', '/session', who));
export const claim = async (wish) => takeSession(await call('POST', '/claim', wish));

export async function signOut() {
  await call('DELETE', '/session');
  await forget();
  takeSession({ ...session.value, signed_in: false, handle: '', name: '', role: '', csrf: '' });
}

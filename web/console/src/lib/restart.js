// SPDX-License-Identifier: Apache-2.0
// The box closes and opens anew. Meanwhile no line can tell of it, so it is asked for until it is
// another start that answers.
import { ApiError, call, get } from './api.js';
import { refreshShown } from './load.js';

const kBetween = 700;
const kTries = 130;  // a minute and a half, and more where each try has to wait for its end

export const rest = (ms) => new Promise((done) => setTimeout(done, ms));

async function startedMs() {
  try {
    return (await get('/box', AbortSignal.timeout?.(4000))).started_ms;
  } catch (error) {
    if (error.code !== 'network' && error.status < 500) throw error;
    return 0;
  }
}

async function isBack(before, tries) {
  for (let left = tries; left > 0; left -= 1) {
    await rest(kBetween);
    const now = await startedMs();
    if (now && now !== before) return;
  }
  throw new ApiError(0, 'network', '');
}

// `ask` is what makes it start anew; a whole machine takes more `tries` than the gateway. Throws what the box said
// against it.
export async function startedAnew(ask = () => call('POST', '/restart'), tries = kTries) {
  const before = (await get('/box')).started_ms;
  try {
    await ask();
  } catch (error) {
    // It may be gone before its answer is here.
    if (error.code !== 'network') throw error;
  }
  await isBack(before, tries);
  refreshShown();
}

// SPDX-License-Identifier: Apache-2.0
// A large file goes to the box in pieces, each on its disk before the next is sent: neither side holds much of it, and a
// line that breaks for a while costs one piece.
import { ApiError, call, get } from './api.js';
import { rest } from './restart.js';

const kPiece = 256 * 1024;
const kTries = 30;

// Where it goes on after a break: the answer to the last piece may be what was lost.
async function there(file) {
  const { upload, job } = await get('/update');
  if (upload) return upload.there;
  if (['checking', 'offered', 'refused'].includes(job?.doing)) return file.size;
  throw new ApiError(409, 'conflict', '');
}

async function send(file, at, signal) {
  for (let left = kTries; ; left -= 1) {
    if (signal.aborted) throw new ApiError(0, 'aborted', '');
    try {
      return (await call('PUT', `/update/upload?at=${at}`, file.slice(at, at + kPiece))).there;
    } catch (error) {
      if (error.code !== 'network' || left === 0) throw error;
      await rest(2000);
      try {
        return await there(file);
      } catch (again) {
        if (again.code !== 'network') throw again;
      }
    }
  }
}

// `told` hears how many bytes are there. Throws ApiError 'aborted' when `signal` says so.
export async function uploaded(file, told, signal) {
  await call('POST', '/update/upload', { name: file.name, bytes: file.size });
  for (let at = 0; at < file.size;) {
    at = await send(file, at, signal);
    told(at);
  }
}

// SPDX-License-Identifier: Apache-2.0
// What both servers of this folder need of HTTP.

export async function bodyOf(incoming) {
  const pieces = [];
  for await (const piece of incoming) pieces.push(piece);
  return Buffer.concat(pieces);
}

export const listening = (which, port, address) => new Promise((done, fail) => {
  which.once("error", fail);
  which.listen(port, address, done);
});

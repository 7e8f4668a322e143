// SPDX-License-Identifier: Apache-2.0
// A line to the gateway that can be cut, for the page and for its worker, whom a browser's own
// "offline" does not reach. Cookies know no ports: who is signed in at the gateway is so here.
import { connect, createServer } from 'node:net';

export async function openLine(url) {
  const to = new URL(url);
  const open = new Set();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(to.port, to.hostname);
    for (const [each, other] of [[near, far], [far, near]]) {
      open.add(each);
      each.on('error', () => {}).on('close', () => {
        open.delete(each);
        other.destroy();
      });
      each.pipe(other);
    }
  });
  await new Promise((done) => server.listen(0, to.hostname, done));
  return {
    url: `http://${to.hostname}:${server.address().port}`,
    cut() {
      whole = false;
      for (const each of open) each.destroy();
    },
    mend() { whole = true; },
    close() {
      this.cut();
      server.close();
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
// Sends back what it gets, as node does it: chunks of any size, answers by key.
import { createInterface } from "node:readline";

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
say({ hello: 1, limits: { window: 16 } });
for await (const line of createInterface({ input: process.stdin })) {
  const d = JSON.parse(line);
  if (d.error) process.stderr.write(d.error + "\n");
  if (!d.deliver) continue;
  say({ report: d.deliver, outcome: "sent" });
  if (d.automatic) continue;
  say({ accept: d.wire_id, from: d.to, to: [d.from], text: d.text, origin_id: d.wire_id });
  say({ proof: d.wire_id, kind: "delivered" });
}

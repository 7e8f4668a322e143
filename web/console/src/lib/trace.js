// SPDX-License-Identifier: Apache-2.0
// A trace of the API as the way that a message took: where from, this box, and each recipient with
// the events of his copy. Pure.
export function wayOf(trace) {
  const events = trace.events ?? [];
  return {
    from: trace.from,
    network: trace.network,
    privacy: trace.privacy,
    at: trace.created_ms ?? trace.at_ms,
    here: events.filter((each) => !each.delivery),
    legs: (trace.deliveries ?? []).map((delivery) => ({
      ...delivery,
      events: events.filter((each) => each.delivery === delivery.id),
    })),
  };
}

// Nothing shown claims more than the last proof: of the newest event that says this state.
export function proofOf(leg) {
  const said = leg.events.filter((each) => each.event === leg.state);
  return said.length ? said[said.length - 1].proof : leg.proof;
}

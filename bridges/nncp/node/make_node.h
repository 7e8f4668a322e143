// SPDX-License-Identifier: Apache-2.0
// Makes nodes and areas, and turns configurations into JSON, which the tools of nncp take as well.
// Pure but for chance.
#pragma once

#include <map>
#include <string>

#include "bridges/nncp/node/node_config.h"

namespace waypost::nncp {

// Three pairs of fresh keys, by libsodium.
OwnKeys make_keys();

// A whole configuration with these keys and nobody else in it. It holds secrets: a file of mode
// 0600.
Hjson new_node(const OwnKeys& keys, const std::string& spool, const std::string& log);
// {id, pub, prv}: an entry of `areas`. Readers of the area need all of it, relays the id.
Hjson new_area();

// What another operator puts into his own: {"neigh": {NAME: {id, exchpub, signpub, noisepub,
// addrs}}}. No secrets.
Hjson public_part(const NodeConfig& config, const std::string& name,
                  const std::map<std::string, std::string>& addresses = {});

// Puts neighbours and areas of `theirs`, as public_part() made it, into `ours`; their `self` is
// left out. An entry that is there already gets the fields that it lacks. Conflict: it is there
// with another id or other keys. The result is checked as a whole.
Result<Hjson> merged(Hjson ours, const Hjson& theirs);

}  // namespace waypost::nncp

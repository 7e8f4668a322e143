// SPDX-License-Identifier: Apache-2.0
// Who signed a request: the actor that owns the key which its signature names, once that fits.
// Blocks; any thread.
#pragma once

#include "bridges/activitypub/gate.h"
#include "bridges/activitypub/server/http_door.h"

namespace waypost::activitypub {

// A kept key that does not fit is fetched once more, for keys rotate. `visit`: kept by the caller
// until the request is answered. `signature`: is set to its bytes if it holds. Errors with `retry`:
// the key could not be had just now. Conflict: it does not fit. Others: a sentence for the other
// server.
Result<Actor> signer_of(const Gate& gate, const Request& request, Remote::Visit& visit,
                        std::string* signature = nullptr);

}  // namespace waypost::activitypub

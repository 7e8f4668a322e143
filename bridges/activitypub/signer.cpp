// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signer.h"

namespace waypost::activitypub {

Result<Actor> signer_of(const Gate& gate, const Request& request, Remote::Visit& visit,
                        std::string* signature) {
    const SignedMessage message{request.method, request.target, "https", request.headers,
                                request.body};
    SignatureRules rules{gate.site.host(), gate.now()};
    rules.clock_doubted = !gate.office.clock().synchronised();
    const auto claim = read_signature(message, rules);
    if (!claim.ok()) return claim.error();
    auto visits = gate.remote.may_visit(claim->key_id);
    if (!visits) return Error{Code::Busy, "too many new servers at once; come again", true};
    visit = std::move(*visits);
    for (const bool fresh : {false, true}) {
        auto owner = gate.remote.owner_of(claim->key_id, fresh);
        if (!owner.ok() && (fresh || !owner.error().retry)) return owner.error();
        if (!owner.ok()) continue;
        const bool eddsa = claim->key_id == owner->ed25519_id;
        if (!verify(*claim, eddsa ? owner->ed25519 : owner->key_pem)) continue;
        gate.remote.heard_flavour(host_of(owner->id), claim->flavour);
        if (signature != nullptr) *signature = claim->signature;
        return owner;
    }
    return Error{Code::Conflict, "the signature does not fit the key", false};
}

}  // namespace waypost::activitypub

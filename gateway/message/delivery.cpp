// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/delivery.h"

#include <utility>

namespace waypost {

const char* to_string(State state) {
    switch (state) {
        case State::Held:
            return "held";
        case State::Deferred:
            return "deferred";
        case State::Queued:
            return "queued";
        case State::Ready:
            return "ready";
        case State::Sending:
            return "sending";
        case State::Sent:
            return "sent";
        case State::Delivered:
            return "delivered";
        case State::Read:
            return "read";
        case State::Failed:
            return "failed";
        case State::Expired:
            return "expired";
        case State::Cancelled:
            return "cancelled";
        case State::Unknown:
            return "unknown";
    }
    return "unknown";
}

bool is_final(State state) { return state >= State::Sent; }

const char* to_string(Privacy privacy) {
    switch (privacy) {
        case Privacy::EndToEnd:
            return "end to end";
        case Privacy::ToGateway:
            return "to the gateway";
        case Privacy::InClear:
            return "in clear";
        case Privacy::Channel:
            return "in clear for the channel";
        case Privacy::Tls:
            return "TLS unverified";
        case Privacy::TlsVerified:
            return "TLS";
        case Privacy::ToRecipient:
            return "to the recipient";
        case Privacy::Here:
            return "on this box";
    }
    return "in clear";  // of a newer release
}

const char* to_string(ProofClass proof) {
    switch (proof) {
        case ProofClass::Reported:
            return "reported";
        case ProofClass::Observed:
            return "observed";
        case ProofClass::Inferred:
            return "inferred";
    }
    return "inferred";
}

Outcome outcome(Outcome::Kind kind, std::string code, std::string detail, ProofClass proof) {
    return {kind, proof, std::move(code), std::move(detail), {}, {}};
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// How a link is opened: LINKREQUEST by the initiator, LRPROOF by the responder, signed with its
// identity. Both derive the same keys from keys used only here. SPEC.md sections 6.1 to 6.3, 6.6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "radio/reticulum/wire/identity.h"
#include "radio/reticulum/wire/link.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

inline constexpr std::uint8_t kAes256Cbc = 1;      // the only mode in use; we refuse others
inline constexpr std::size_t kLeastLinkMtu = 128;  // below it nothing of use fits

// Three bytes behind a request or its proof; older programs send none.
struct LinkSignalling {
    std::uint32_t mtu = kMtu;  // 21 bits
    std::uint8_t mode = kAes256Cbc;
};
std::string signalling_bytes(const LinkSignalling& signalling);
LinkSignalling parse_signalling(std::string_view three_bytes);

struct LinkRequest {
    std::string encryption_key;  // kKey bytes each, of the initiator for this link only
    std::string signing_key;
    std::optional<LinkSignalling> signalling;
};
// BadInput: no whole request; Refused: another mode, or an MTU of no use.
Result<LinkRequest> parse_link_request(const Packet& packet);
std::string link_id_of(const Packet& link_request);  // kHash bytes; the signalling is not in it

// The initiator, until the proof is here. Moves, does not copy.
class LinkInitiation {
  public:
    // `destination`: kHash bytes; `peer`: its identity, from its announce.
    static LinkInitiation begin(std::string_view destination, PublicIdentity peer, Random& random);
    // The same with what is otherwise chance: private keys of kKey bytes.
    static LinkInitiation begin_with(std::string_view destination, PublicIdentity peer,
                                     Secret encryption_key, Secret signing_key);

    const Packet& request() const { return request_; }  // by sent_through() if it is far away
    const std::string& link_id() const { return link_id_; }
    // The link is open for us: send link.rtt() before anything else. BadInput: the proof is not the
    // peer's for this link; the true one may still come, so `this` stays as it is.
    Result<Link> accept(const Packet& proof) const;

  private:
    LinkInitiation(PublicIdentity peer, Secret encryption_key, Secret signing_key);
    PublicIdentity peer_;
    Secret encryption_key_;
    Secret signing_key_;
    Packet request_;
    std::string link_id_;
};

struct AnsweredLink {
    Link link;     // open only when its rtt packet came
    Packet proof;  // to where the request came from
};
// The responder. The link's MTU is what was asked for, but at most kMtu.
Result<AnsweredLink> answer_link_request(const Packet& request, const Identity& own,
                                         Random& random);
// The same with what is otherwise chance: a private X25519 key.
Result<AnsweredLink> answer_with(const Packet& request, const Identity& own, Secret encryption_key);

}  // namespace waypost::reticulum

// SPDX-License-Identifier: Apache-2.0
// SecureJoin's "setup contact" (securejoin.delta.chat, "Setup Contact protocol"), the inviter's
// side, as Delta Chat core 2.57 speaks it with an invitation that does not say "v=3":
//   Bob scans the link            fingerprint, invite number and auth code of Ana
//   Bob -> Ana  vc-request        in clear: invite number, and his key by Autocrypt
//   Ana -> Bob  vc-auth-required  encrypted and signed: Bob compares the fingerprint
//   Bob -> Ana  vc-request-with-auth  encrypted and signed: auth code and his fingerprint
//   Ana -> Bob  vc-contact-confirm
// Pure functions, and Invitations over a durable state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bridges/email/openpgp/header_fields.h"
#include "gateway/transport.h"

namespace waypost::email::openpgp {

constexpr std::size_t kMostInvitations = 8;  // of one address; the oldest ends then
constexpr int kMostUses = 1000;              // of one invitation
constexpr std::chrono::hours kInvitationLasts{90 * 24};

struct Handshake {
    enum class Step { Request, RequestWithAuth, Other };
    Step step = Step::Other;
    std::string invite_number;
    std::string auth;
    std::string fingerprint;  // of the one who joins, upper-case hex
};

// Nullopt: this is no step of a handshake. `encrypted`: the fields were inside; only a request may
// come in clear.
std::optional<Handshake> read_handshake(const SplitMail& fields, bool encrypted);

struct Invitation {
    std::string number;
    std::string auth;
    std::int64_t ends = 0;  // Unix seconds
    int uses = 0;           // left

    std::int64_t made() const { return ends - std::chrono::seconds(kInvitationLasts).count(); }
};

class Invitations {
  public:
    Invitations(TransportState& state, Random& random) : state_(state), random_(random) {}
    Invitation make(const Address& own, std::int64_t now);
    // True if it is good, which costs one of its uses.
    bool use_number(const Address& own, const std::string& number, std::int64_t now);
    // The good invitation with this auth code.
    std::optional<Invitation> find_auth(const Address& own, const std::string& auth,
                                        std::int64_t now) const;

  private:
    std::vector<Invitation> load(const Address& own, std::int64_t now) const;
    void keep(const Address& own, const std::vector<Invitation>& all);
    TransportState& state_;
    Random& random_;
};

// What a phone scans, or opens as a link: "https://i.delta.chat/#...". What follows the # goes to
// no server.
std::string invitation_link(const std::string& fingerprint, const Invitation& invitation,
                            const Address& own, const std::string& name);

}  // namespace waypost::email::openpgp

// SPDX-License-Identifier: Apache-2.0
// Sender Rewriting Scheme: a forwarded mail's envelope sender becomes an address of ours, so that
// SPF (RFC 7208) passes where it arrives, and a bounce to it finds the way back. No RFC says how;
// the form is the one of libsrs2 and postsrsd, which with the same secret reverse ours and we
// theirs:
//
//   SRS0=HHHH=TT=origin.example=ann@ours        for ann@origin.example
//   SRS1=HHHH=first.example==hhhh=tt=...@ours   for an address that is SRS0 or SRS1 already
//
// HHHH: base64 of HMAC-SHA1 over what follows it in lower case, 4 characters. TT: the day since
// 1970, modulo 1024, in base32. Immutable; any thread.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "gateway/message/address.h"

namespace waypost::email {

class Srs {
  public:
    Srs(Secret secret, std::string domain);

    // `sender` must be a mailto address outside our domain. BadInput: the result would be longer
    // than a path may be (RFC 5321 4.5.3.1.3).
    Result<Address> forward(const Address& sender, WallTime now) const;

    // Whether `recipient` has the form of an address that forward() makes; says nothing of its
    // truth.
    bool looks_like_ours(const Address& recipient) const;

    // The sender it stands for. Refused: forged, or older than 21 days; BadInput: not of the form.
    Result<Address> reverse(const Address& recipient, WallTime now) const;

  private:
    std::string hash(std::string_view text) const;
    bool genuine(std::string_view hash, std::string_view text) const;
    Result<Address> reverse_first(std::string_view rest, WallTime now) const;
    Result<Address> reverse_guarded(std::string_view rest) const;

    Secret secret_;
    std::string domain_;
};

}  // namespace waypost::email

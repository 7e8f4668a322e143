// SPDX-License-Identifier: Apache-2.0
// Brings one mail of a mailbox into the office's custody: for whom it is, its bytes piece by piece
// into the store, the verdict. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "bridges/email/mail_intake.h"
#include "bridges/email/mailbox/addressing.h"
#include "gateway/transport.h"

namespace waypost::email {

struct TakerOptions {
    TransportId transport;
    Account account;
    std::string authserv_id;
    std::uint64_t max_message_bytes = 20u << 20;
};

struct TakenMail {
    enum class Kind {
        Kept,  // in custody, durable
        Left,  // it is for nobody here, refused, or too large: it stays where it is. Of one that is
               // too large both ends are told
        Waits,  // not now, but the next ones may be: it stays where it is until it is tried again
        Later,  // the box takes nothing now
    };
    Kind kind = Kind::Kept;
    std::string why;
};

// The mail's bytes from its beginning; an empty piece is its end.
using NextPiece = std::function<Result<std::string>()>;

class MailTaker {
  public:
    // `memory` is shared with the way out, under `mutex`.
    MailTaker(Office& office, TakerOptions options, const SentMemory& memory, std::mutex& mutex);

    // `said_bytes`: what the server says of its size. An error is the connection's.
    // Of one that is too large only the beginning is asked for.
    Result<TakenMail> take(std::uint64_t said_bytes, const NextPiece& next);
    bool too_large(std::uint64_t bytes) const { return bytes > options_.max_message_bytes; }

  private:
    struct Readers {
        std::vector<Address> to;
        TakenMail none;  // if there are none: why
    };
    Readers readers(const std::vector<std::vector<Address>>& ways, const Envelope& envelope,
                    std::uint64_t bytes);
    IntakeOptions intake_options() const;
    Result<TakenMail> tell_too_large(const std::string& begin, std::uint64_t bytes);
    std::vector<std::vector<Address>> ways(const MailHeader& header, const std::string& about);

    Office& office_;
    const TakerOptions options_;
    const SentMemory& memory_;
    std::mutex& mutex_;
};

}  // namespace waypost::email

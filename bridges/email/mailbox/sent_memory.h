// SPDX-License-Identifier: Apache-2.0
// What left by this account and may be answered: so that an answer finds its way by the id that it
// answers or by the token in its subject. The newest thousand, durable in the transport's state;
// the reply token inside has its own end. One thread at a time.
//
// A mark that a conversation keeps stands for its first mail for a week, then for a newer one: the
// reply token stays good, and a mail that is read a second time is found to be for the same.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/transport.h"

namespace waypost::email {

struct SentMail {
    WireId id;              // Message-ID, with <>
    std::string answer_to;  // local part inside: "ana+TOKEN"
    std::string token;      // in its subject; empty: none
    std::int64_t day = 0;   // when it was sent, days since 1970
};

std::string encode(const SentMail& mail);
std::optional<SentMail> parse_sent_mail(std::string_view text);

class SentMemory {
  public:
    static constexpr std::size_t kMost = 1000;
    static constexpr std::int64_t kMarkDays = 7;

    // Reads what was remembered. `state` outlives it.
    void load(TransportState& state);
    // Before the first byte leaves. A repeat under the same id takes no second place.
    void remember(SentMail mail);
    // Valid until the next remember().
    const SentMail* by_id(const WireId& id) const;
    const SentMail* by_token(const std::string& token) const;

  private:
    void place(std::size_t slot, SentMail mail);
    void forget(std::size_t slot);
    void point(const std::string& token, std::size_t slot);
    TransportState* state_ = nullptr;
    std::vector<SentMail> slots_;
    std::size_t next_ = 0;
    std::map<WireId, std::size_t> by_id_;
    std::map<std::string, std::size_t> by_token_;
};

}  // namespace waypost::email

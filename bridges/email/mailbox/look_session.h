// SPDX-License-Identifier: Apache-2.0
// What a look by IMAP and one by POP3 have in common.
#pragma once

#include <utility>

#include "bridges/email/mailbox/look.h"

namespace waypost::email {

// A mail whose reader has no room is fetched again, whole, to see whether there is some now.
inline constexpr std::chrono::minutes kAgainEach{15};

// The line or the server on it is at fault, not the mail.
inline bool of_the_line(Code code) {
    return code == Code::Network || code == Code::Timeout || code == Code::BadInput;
}

template <class Client>
class LookSession : public Look {
  public:
    Result<void> session() final {
        around_.doing("connecting");
        auto wire = around_.call(options_.server);
        if (!wire.ok()) return wire.error();
        Client client(std::move(*wire), options_.server);
        around_.cut_by([&client] { client.cut(); });
        const auto result = talk(client);
        around_.cut_by({});
        return result;
    }

  protected:
    LookSession(const LookOptions& options, Surroundings& around)
        : options_(options), around_(around) {}
    virtual Result<void> talk(Client& client) = 0;
    std::int64_t now() const { return to_ms(around_.office().clock().wall()) / 1000; }

    const LookOptions options_;
    Surroundings& around_;
};

}  // namespace waypost::email

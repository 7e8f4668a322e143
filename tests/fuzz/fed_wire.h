// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>

#include "bridges/email/mailbox/mail_wire.h"

namespace waypost::email {

// Says what it was given, whatever it is asked, and then hangs up.
struct FedWire final : MailWire {
    explicit FedWire(std::string_view bytes) : rest(bytes) {}
    Result<std::size_t> read(char* into, std::size_t most) override {
        if (rest.empty()) return Error{Code::Network, "closed", true};
        const std::size_t n = std::min(most, rest.size());
        std::memcpy(into, rest.data(), n);
        rest.remove_prefix(n);
        return n;
    }
    Result<void> write(std::string_view) override { return {}; }
    Result<void> start_tls() override { return {}; }
    Bell::Heard wait(Bell&, std::chrono::milliseconds) override { return Bell::Heard::Nothing; }
    void cut() noexcept override {}
    std::string_view rest;
};

}  // namespace waypost::email

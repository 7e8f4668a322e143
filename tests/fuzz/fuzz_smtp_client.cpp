// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>

#include "bridges/email/smtp/smtp_client.h"

namespace {

struct Wire final : waypost::email::SmtpWire {
    explicit Wire(std::string_view bytes) : rest(bytes) {}
    waypost::Result<void> write(std::string_view) override { return {}; }
    waypost::Result<std::string> read_line(std::chrono::milliseconds) override {
        if (rest.empty()) return waypost::Error{waypost::Code::Network, "closed", true};
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string line(rest.substr(0, std::min<std::size_t>(end, 4096)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return line;
    }
    waypost::Result<void> start_tls() override { return {}; }
    void cut() noexcept override {}
    std::string_view rest;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    waypost::email::RelayTarget target;
    target.host = "localhost";
    static const waypost::email::Login kNobody;
    waypost::email::SmtpClient client(
        std::make_unique<Wire>(std::string_view(reinterpret_cast<const char*>(data), size)), target,
        "x", kNobody);
    if (client.open().ok()) {
        for (int i = 0; i < 3 && client.healthy(); ++i) client.send({"a@b.c", "d@e.f", "x\r\n"});
    }
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/client_socket.h"

namespace waypost::email {
namespace {

using Poco::Net::Context;

constexpr int kChainDepth = 9;
constexpr std::size_t kPortDigits = 5;
constexpr int kLastPort = 65535;

}  // namespace

Context::Ptr verifying_tls(const std::string& ca_file) {
    return new Context(Context::TLS_CLIENT_USE, "", "", ca_file, Context::VERIFY_STRICT,
                       kChainDepth, ca_file.empty());
}

Context::Ptr opportunistic_tls() {
    return new Context(Context::TLS_CLIENT_USE, "", "", "", Context::VERIFY_NONE, kChainDepth,
                       false);
}

std::optional<int> port_number(const std::string& text) {
    if (text.empty() || text.size() > kPortDigits ||
        text.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    const int port = std::stoi(text);
    return port <= kLastPort ? std::optional<int>(port) : std::nullopt;
}

}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/sign_in.h"

#include <array>

namespace waypost::xmpp {
namespace {

constexpr std::string_view kReceived = "RECV: <";
constexpr std::string_view kSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
constexpr std::array kRefusals{
    "not-authorized",         "account-disabled",  "credentials-expired", "encryption-required",
    "temporary-auth-failure", "invalid-mechanism", "mechanism-too-weak"};

Down of_stream(const std::string& condition, const std::string& server, const Jid& account) {
    const std::string text = server + " ended the stream: " + condition;
    if (condition == "conflict")
        return {DownKind::Conflict,
                "somebody else signed in as " + account.bare_text() +
                    " in our place: is another box running with this account?",
                condition};
    if (condition == "not-authorized") return {DownKind::Secret, text, condition};
    if (condition == "system-shutdown" || condition == "reset")
        return {DownKind::Closed, server + " stops or starts anew", condition};
    if (condition == "connection-timeout") return {DownKind::Silent, text, condition};
    return {DownKind::Protocol, text, condition};
}

}  // namespace

void SignIn::hear(std::string_view line) {
    if (!line.starts_with(kReceived)) return;
    const std::string_view name = line.substr(
        kReceived.size(), line.find_first_of(" />", kReceived.size()) - kReceived.size());
    const auto says = [line](std::string_view what) {
        return line.find(what) != std::string_view::npos;
    };
    if (name == "features" || name == "stream:features") {
        features = true;
        offers_tls = offers_tls || says("<starttls");
        acknowledges = says(kSessions);
    }
    if (name != "failure" || !says(kSasl)) return;
    refused = "not accepted";
    for (const char* const condition : kRefusals)
        if (says(condition)) refused = condition;
}

Down SignIn::why(const std::string& server, const Jid& account) const {
    if (!bad_certificate.empty())
        return {DownKind::Protocol, "the certificate of " + server + " is not one for " +
                                        account.domain() + " (" + bad_certificate +
                                        "); nothing was sent to it. Is the clock right, or "
                                        "ca_file wanted?"};
    if (refused == "temporary-auth-failure")
        return {DownKind::Closed, server + " cannot look up accounts just now"};
    if (!refused.empty())
        return {DownKind::Secret, server + " does not take the password of " + account.bare_text() +
                                      " (" + refused + "): is it the one in the file?"};
    if (!stream_error.empty()) return of_stream(stream_error, server, account);
    if (gave_up) return {DownKind::Silent, server + " does not answer"};
    if (!begun) return {DownKind::Network, "no XMPP server was found for " + server};
    if (!features) return {DownKind::Network, "no XMPP server answers at " + server};
    if (!offers_tls)
        return {DownKind::Protocol,
                server + " offers no TLS (STARTTLS): the password is not sent in clear"};
    return {DownKind::Network, "the connection to " + server + " was lost"};
}

}  // namespace waypost::xmpp

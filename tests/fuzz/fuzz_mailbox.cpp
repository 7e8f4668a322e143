// SPDX-License-Identifier: Apache-2.0
// For whom a mail is, the mail under an account's own address, and what the state remembers.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/email/mailbox/account_mail.h"
#include "bridges/email/mailbox/addressing.h"
#include "bridges/email/mailbox/folder_state.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    using namespace waypost::email;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Account account;
    account.address = mailto("village", "provider.test");
    account.separator = "+";
    account.domain = "hill.test";
    const SentMemory nothing;
    for (const auto& way : recipients(read_mail_header(bytes), account, nothing)) {
        for (const Address& to : way) {
            if (to.domain() != "hill.test") std::abort();
        }
    }
    Delivery delivery;
    delivery.from = account.address;
    delivery.subject = "[#k3f9m2xq]";
    const std::string mail = under_account(bytes, delivery);
    if (mail.rfind("From: ", 0) != 0 || mail.find("\r\n\r\n") == std::string::npos) std::abort();
    if (const auto state = parse_folder_state(bytes)) {
        const auto again = parse_folder_state(encode(*state));
        if (!again || encode(*again) != encode(*state)) std::abort();
    }
    if (const auto sent = parse_sent_mail(bytes)) {
        if (encode(*sent) != bytes) std::abort();
    }
    (void)UidlState::parse(bytes);
    return 0;
}

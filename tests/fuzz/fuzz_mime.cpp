// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "bridges/email/mime/authentication_results.h"
#include "bridges/email/mime/html_text.h"
#include "bridges/email/mime/pass_on.h"
#include "bridges/email/mime/read_mail.h"
#include "gateway/message/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto mail = waypost::email::read_mail(bytes);
    if (mail.ok() && (!waypost::is_utf8(mail->text) || !waypost::is_utf8(mail->subject)))
        std::abort();
    if (mail.ok()) (void)waypost::email::dmarc_passed(mail->authentication_results, "mx");
    const std::string on = waypost::email::pass_on(bytes, {"hill.example", "1", {}, {}});
    if (waypost::email::read_mail(on).ok() &&
        on.find("X-Waypost-Loop: hill.example\r\n") == on.npos)
        std::abort();
    std::istringstream stream{std::string(bytes)};
    const auto streamed = waypost::email::read_mail(stream);
    if (streamed.ok() != mail.ok()) std::abort();
    if (mail.ok() && mail->text != streamed->text) std::abort();
    if (!waypost::is_utf8(waypost::email::html_to_text(bytes, 4096))) std::abort();
    return 0;
}

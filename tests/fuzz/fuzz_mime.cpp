// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <sstream>

#include "bridges/email/mime/attribution.h"
#include "bridges/email/mime/authentication_results.h"
#include "bridges/email/mime/calendar.h"
#include "bridges/email/mime/charset.h"
#include "bridges/email/mime/flowed.h"
#include "bridges/email/mime/own_words.h"
#include "bridges/email/mime/pass_on.h"
#include "bridges/email/mime/read_mail.h"
#include "bridges/html/html_text.h"
#include "gateway/message/text.h"

namespace {

void check(bool good) {
    if (!good) std::abort();
}

// What read_mail does with the text of a part, without the mail around it.
void read_as_text(std::string_view bytes) {
    using namespace waypost;
    static constexpr const char* kLabels[] = {"",       "utf-8",       "iso-8859-1", "koi8-r",
                                              "gb2312", "iso-2022-jp", "shift_jis",  "utf-7",
                                              "utf-16", "x-none",      "tis-620"};
    const char* label = kLabels[bytes.size() % std::size(kLabels)];
    check(email::to_utf8(bytes, label).size() <= 3 * bytes.size() + 64);
    (void)email::charset_of_html(bytes);
    const std::string text = clean_utf8(bytes);
    for (const bool delete_space : {false, true})
        check(is_utf8(clean_utf8(email::unflow(text, delete_space))));
    for (const email::MailKind kind : {email::MailKind::Answer, email::MailKind::Forward}) {
        const email::OwnWords words = email::own_words(text, kind);
        check(is_utf8(words.text) && words.text.size() <= text.size());
    }
    check(is_utf8(email::calendar_line(text)));
    check(is_utf8(html_mail_to_text(bytes, 4096, email::introduces_quote)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto mail = waypost::email::read_mail(bytes);
    check(!mail.ok() || (waypost::is_utf8(mail->text) && waypost::is_utf8(mail->subject)));
    if (mail.ok()) (void)waypost::email::dmarc_passed(mail->authentication_results, "mx");
    const std::string on = waypost::email::pass_on(bytes, {"hill.example", "1", {}, {}});
    check(!waypost::email::read_mail(on).ok() ||
          on.find("X-Waypost-Loop: hill.example\r\n") != on.npos);
    std::istringstream stream{std::string(bytes)};
    const auto streamed = waypost::email::read_mail(stream);
    check(streamed.ok() == mail.ok());
    check(!mail.ok() || mail->text == streamed->text);
    read_as_text(bytes);
    return 0;
}

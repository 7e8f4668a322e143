// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "bridges/email/mime/bounce_text.h"
#include "bridges/email/mime/delivery_status.h"
#include "bridges/email/mime/read_mail.h"
#include "bridges/email/mime/smtp_status.h"
#include "gateway/message/text.h"

using waypost::email::DeliveryReport;

namespace {

constexpr std::size_t kDiagnosticBytes = 120;
constexpr std::size_t kWordsBytes = 40;

void check(const DeliveryReport& report) {
    if (!waypost::is_utf8(report.diagnostic) || report.diagnostic.size() > kDiagnosticBytes)
        std::abort();
    if (!waypost::is_utf8(report.recipient.value)) std::abort();
    if (!report.status.empty() && waypost::email::enhanced_status(report.status) != report.status) {
        std::abort();
    }
    const std::string& id = report.message_id;
    if (!id.empty() && (id.front() != '<' || id.back() != '>')) std::abort();
    const std::string words =
        waypost::email::refusal_in_words(report.status, true, report.diagnostic);
    if (words.empty() || words.size() > kWordsBytes || !waypost::is_utf8(words)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const DeliveryReport& each : waypost::email::read_delivery_status(bytes)) check(each);
    const auto notice = waypost::email::split_notice(bytes);
    const auto said =
        waypost::email::read_notice(notice.said, "failure notice", "ana@hill.example");
    if (said) check(*said);
    (void)waypost::email::returned_message_id(notice.original);
    for (const bool null_sender : {false, true}) {
        const auto mail = waypost::email::read_mail(bytes, {}, {.null_sender = null_sender});
        if (mail.ok() && mail->report) check(*mail->report);
    }
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// A mail (RFC 5322, MIME RFC 2045-2049) as values. GMime parses; everything that comes out is
// bounded and valid UTF-8. Thread-safe.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/email/mime/delivery_report.h"
#include "gateway/base/result.h"
#include "gateway/message/message.h"

namespace waypost::email {

struct MailLimits {
    std::size_t header_bytes = 256 * 1024;
    std::size_t text_bytes = 256 * 1024;  // decoded text looked at
    int parts = 200;                      // more are not looked at
    int boundary_lines = 2000;            // lines that may begin a part; the parser sees no more
    int depth = 20;
    std::size_t references = 50;
};

struct ParsedMail {
    std::string message_id;               // with <>, empty if there is none
    std::int64_t date = 0;                // Date, Unix seconds; 0: none, or none that can be read
    std::vector<std::string> references;  // In-Reply-To first, then References, newest first
    Address from;
    std::string from_name;
    std::string subject;
    std::string text;  // what the person wrote: no quotes, no signature
    bool cut = false;  // something was cut from the text
    std::vector<Attachment> attachments;
    std::optional<DeliveryReport> report;  // it says what became of a mail of ours
    bool automatic = false;                // RFC 3834 and what mailing lists and robots set
    bool program = false;                  // automatic by itself, not only because of a list
    std::optional<ListTrail> lists;        // that it came through
    bool encrypted = false;                // multipart/encrypted or application/pkcs7-mime
    int received = 0;                      // how many hops it has behind it
    std::vector<std::string> loop_tags;    // X-Waypost-Loop
    std::vector<std::string> authentication_results;  // topmost first
};

// What only the envelope says.
struct MailEnvelope {
    bool null_sender = false;  // MAIL FROM:<>: a mail system's own mail (RFC 5321 4.5.5)
};

// `bytes` is the whole mail, with either kind of line end.
Result<ParsedMail> read_mail(std::string_view bytes, const MailLimits& limits = {},
                             const MailEnvelope& envelope = {});
// Of any size, from a stream that can seek, without taking more of it into memory than its text.
Result<ParsedMail> read_mail(std::istream& mail, const MailLimits& limits = {},
                             const MailEnvelope& envelope = {});

}  // namespace waypost::email

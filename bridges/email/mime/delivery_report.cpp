// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/delivery_report.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "bridges/email/mime/bounce_parts.h"
#include "bridges/email/mime/bounce_text.h"
#include "bridges/email/mime/bounce_words.h"
#include "bridges/email/mime/delivery_status.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} * 1024;  // of a part
constexpr std::size_t kHeaderBytes = 1000;                  // of a field looked at
constexpr int kMostParts = 50;
constexpr int kMostDepth = 10;

using Action = DeliveryReport::Action;

// Decoded, and no more of it than counts, whatever its size.
std::string content_of(GMimeObject* object) {
    if (!GMIME_IS_PART(object)) return {};
    GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(object));
    if (content == nullptr) return {};
    GMimeStream* source = g_mime_data_wrapper_get_stream(content);
    g_mime_stream_reset(source);
    const GRef<GMimeStream> stream(g_mime_stream_filter_new(source));
    const GRef<GMimeFilter> decoder(
        g_mime_filter_basic_new(g_mime_data_wrapper_get_encoding(content), FALSE));
    g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream.get()), decoder.get());
    std::string bytes;
    char piece[4096];
    while (bytes.size() < kMostBytes) {
        const auto got = g_mime_stream_read(stream.get(), piece, sizeof piece);
        if (got <= 0) break;
        bytes.append(piece, static_cast<std::size_t>(got));
    }
    return bytes;
}

std::string header(GMimeMessage* message, const char* name) {
    return text_of(g_mime_object_get_header(GMIME_OBJECT(message), name)).substr(0, kHeaderBytes);
}

bool is_report(GMimeObject* object) {
    return GMIME_IS_MULTIPART(object) && is(object, "multipart", "report");
}

bool has_fields(GMimeObject* object) {
    return is(object, "message", "delivery-status") ||
           is(object, "message", "global-delivery-status");
}

// text/rfc822-headers, and as some write it; message/global-headers (RFC 6533).
bool is_returned_header(GMimeObject* object) {
    return is(object, "text", "rfc822-headers") || is(object, "message", "rfc822-headers") ||
           is(object, "message", "global-headers");
}

// What a bounce is made of, wherever it stands in the tree; what is inside of a returned mail is
// not looked at.
class Parts {
  public:
    explicit Parts(GMimeMessage* message) { visit(g_mime_message_get_mime_part(message), 0); }

    std::vector<DeliveryReport> reports;
    bool in_report = false;            // they stand in a multipart/report
    std::string receipt;               // fields of a message/disposition-notification (RFC 8098)
    bool returned = false;             // something came back
    std::string message_id;            // its own
    GMimeMessage* enclosed = nullptr;  // a mail that came with it and is a report itself

  private:
    void visit(GMimeObject* object, int depth, bool inside_report = false) {
        if (object == nullptr || depth > kMostDepth || ++count_ > kMostParts) return;
        if (GMIME_IS_MULTIPART(object)) {
            const bool report = inside_report || is_report(object);
            auto* multipart = GMIME_MULTIPART(object);
            const int parts = std::min(g_mime_multipart_get_count(multipart), kMostParts);
            for (int i = 0; i < parts; ++i)
                visit(g_mime_multipart_get_part(multipart, i), depth + 1, report);
        } else if (GMIME_IS_MESSAGE_PART(object)) {
            visit_message(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)));
        } else {
            visit_leaf(object, inside_report);
        }
    }

    void visit_leaf(GMimeObject* object, bool inside_report) {
        if (has_fields(object)) {
            in_report = in_report || inside_report;
            for (DeliveryReport& each : read_delivery_status(content_of(object)))
                reports.push_back(std::move(each));
        } else if (is(object, "message", "disposition-notification")) {
            receipt = content_of(object);
        } else if (is_returned_header(object)) {
            returned = true;
            if (message_id.empty()) message_id = bare_id(field(content_of(object), "Message-ID"));
        }
    }

    void visit_message(GMimeMessage* message) {
        if (message == nullptr) return;
        returned = true;
        if (enclosed == nullptr && is_report(g_mime_message_get_mime_part(message)))
            enclosed = message;
        const std::string id = text_of(g_mime_message_get_message_id(message));
        if (message_id.empty() && !id.empty()) message_id = bare_id('<' + id + '>');
    }

    int count_ = 0;
};

// By what it says of itself, or by its envelope. Its text must still say what became of the mail.
bool from_mail_system(GMimeMessage* message, const std::string& subject, bool null_sender) {
    const auto has = [&](const char* name) { return !header(message, name).empty(); };
    if (has("X-Autoreply") || has("X-Autorespond")) return false;
    if (is_personal_subject(subject)) {
        // "Re: ..." of a mail system has this at least.
        return subject.find("(delivery failed)") != std::string::npos;
    }
    if (has("X-Failed-Recipients")) return true;
    if (is_report(g_mime_message_get_mime_part(message))) return true;
    if (is_mail_system(lower_ascii(squeeze(header(message, "From"))))) return true;
    // A list sends from <> too; an answer of a person's has the subject, but also what it answers.
    if (has("List-Id") || has("List-Post")) return false;
    return null_sender || (is_bounce_subject(subject) && !has("In-Reply-To"));
}

// The first that failed, else the first.
std::optional<DeliveryReport> most_telling(std::vector<DeliveryReport> reports) {
    if (reports.empty()) return std::nullopt;
    const auto failed = std::find_if(reports.begin(), reports.end(), [](const auto& each) {
        return each.action == Action::Failed;
    });
    return std::move(failed == reports.end() ? reports.front() : *failed);
}

// Sieve's "reject" may come as a receipt (RFC 5429 2.1): read by nobody, and the mail is gone.
std::optional<DeliveryReport> rejection(const Parts& parts, const Notice& notice) {
    const std::string disposition = lower_ascii(field(parts.receipt, "Disposition"));
    const bool deleted = disposition.rfind("automatic-action", 0) == 0 &&
                         disposition.find("deleted") != std::string::npos;
    if (!deleted || lower_ascii(notice.said).find("reject") == std::string::npos)
        return std::nullopt;
    DeliveryReport report;
    report.message_id = bare_id(field(parts.receipt, "Original-Message-ID"));
    if (report.message_id.empty()) report.message_id = parts.message_id;
    if (const auto found = find_address(field(parts.receipt, "Final-Recipient")))
        report.recipient = found->address;
    return report;
}

// What the text says and the fields do not.
void complete(DeliveryReport& report, const std::optional<DeliveryReport>& text) {
    if (!text || text->action != report.action) return;
    const bool same = report.recipient.empty() || text->recipient == report.recipient;
    if (report.recipient.empty()) report.recipient = text->recipient;
    if (!same || !report.diagnostic.empty()) return;
    report.diagnostic = text->diagnostic;
    if (is_vague(report.status) && !text->status.empty()) report.status = text->status;
}

class Bounce {
  public:
    Bounce(GMimeMessage* message, std::string_view text, bool null_sender)
        : message_(message), parts_(message), text_(text) {
        const char* subject = g_mime_message_get_subject(message);
        subject_ = lower_ascii(squeeze(clean_utf8(text_of(subject).substr(0, kHeaderBytes))));
        system_ = from_mail_system(message, subject_, null_sender);
    }

    std::optional<DeliveryReport> read() {
        if (parts_.receipt.empty() && !system_ && !parts_.in_report) return std::nullopt;
        notice_ = split_notice(text_);  // of hardly any mail: it costs more than all before
        if (!parts_.receipt.empty()) return rejection(parts_, notice_);
        auto report = most_telling(parts_.reports);
        if (!report) report = fields_in_text();
        if (report) {
            complete(*report, in_words());
        } else {
            report = in_words();
        }
        if (!report && parts_.enclosed != nullptr) return enclosed();
        if (report) report->message_id = original_id();
        return report;
    }

  private:
    // Fields where text should be: a final word about somebody, not just a line that looks so.
    std::optional<DeliveryReport> fields_in_text() const {
        auto reports = read_delivery_status(notice_.said);
        reports.erase(std::remove_if(reports.begin(), reports.end(),
                                     [](const auto& each) {
                                         return each.recipient.empty() ||
                                                (each.action != Action::Failed &&
                                                 each.action != Action::Delayed);
                                     }),
                      reports.end());
        return most_telling(std::move(reports));
    }

    std::optional<DeliveryReport> in_words() const {
        const std::string own = header(message_, "To");
        auto report = read_notice(notice_.said, subject_, own);
        if (!report) return std::nullopt;
        const auto named = find_address(header(message_, "X-Failed-Recipients"));
        if (named && report->recipient != named->address) report->recipient = named->address;
        // A subject alone may be anybody's.
        const bool nothing_else = report->recipient.empty() && report->status.empty() &&
                                  !parts_.returned && notice_.original.empty();
        if (nothing_else && !is_mail_system(lower_ascii(squeeze(header(message_, "From")))))
            return std::nullopt;
        return report;
    }

    // A gateway wrapped a whole report into a mail of its own.
    std::optional<DeliveryReport> enclosed() const {
        const Parts inner(parts_.enclosed);
        if (!inner.receipt.empty()) return std::nullopt;
        auto report = most_telling(inner.reports);
        if (report) report->message_id = inner.message_id;
        return report;
    }

    std::string original_id() const {
        const std::string id =
            parts_.message_id.empty() ? returned_message_id(notice_.original) : parts_.message_id;
        const std::string own = text_of(g_mime_message_get_message_id(message_));
        return id == '<' + own + '>' ? std::string() : id;
    }

    GMimeMessage* message_;
    Parts parts_;
    std::string_view text_;
    Notice notice_;
    std::string subject_;
    bool system_ = false;
};

}  // namespace

std::optional<DeliveryReport> read_delivery_report(GMimeMessage* message, std::string_view text,
                                                   bool null_sender) {
    return Bounce(message, text, null_sender).read();
}

}  // namespace waypost::email

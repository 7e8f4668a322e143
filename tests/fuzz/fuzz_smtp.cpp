// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "bridges/email/smtp/esmtp_parameters.h"
#include "bridges/email/smtp/smtp_session.h"

namespace {

// Whatever was taken can be said to the next server, and is understood there as it was here.
void asked(const waypost::Wish& wish, const std::string& envelope_id) {
    namespace email = waypost::email;
    const auto mail = email::parse_mail_parameters(email::mail_parameters(wish, envelope_id));
    const auto back = email::parse_recipient_parameters(email::recipient_parameters(wish));
    if (!mail.ok() || !back.ok()) std::abort();
    if (back->delivered != wish.delivered || back->failed != wish.failed || back->late != wish.late)
        std::abort();
    if (!mail->envelope_id.empty() && mail->envelope_id != envelope_id) std::abort();
    if (!back->recipient.empty() && back->recipient != wish.recipient) std::abort();
}

struct Sink final : waypost::email::MailSink {
    waypost::Verdict check(const waypost::email::Envelope&, const waypost::Address&,
                           std::size_t) override {
        return {};
    }
    bool body(std::string_view bytes) override {
        held += bytes.size();
        if (held > 4096) std::abort();  // the session's own limit must hold
        return true;
    }
    std::optional<std::vector<waypost::Verdict>> finish(
        const waypost::email::Envelope& envelope) override {
        held = 0;
        recipients = envelope.to.size();
        if (envelope.wishes.size() != recipients) std::abort();
        for (const waypost::Wish& wish : envelope.wishes) asked(wish, envelope.envelope_id);
        if (later) return std::nullopt;
        return std::vector<waypost::Verdict>(recipients);
    }
    void abandon() override { held = 0; }
    std::size_t held = 0;
    std::size_t recipients = 0;
    bool later = false;
};

}  // namespace

// The first byte says in what pieces the rest arrives, and whether verdicts come at once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    waypost::email::SmtpOptions options;
    options.max_message_bytes = 4096;
    options.lmtp = (data[0] & 0x80) != 0;
    const std::size_t piece = 1 + (data[0] & 0x3f);
    Sink sink;
    sink.later = (data[0] & 0x40) != 0;
    waypost::email::SmtpSession session(options, sink);
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    while (!rest.empty() && !session.close()) {
        session.feed(rest.substr(0, piece));
        while (session.waits()) session.answer(std::vector<waypost::Verdict>(sink.recipients));
        rest.remove_prefix(std::min(piece, rest.size()));
    }
    session.gone();
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "bridges/email/mime/delivery_report.h"
#include "bridges/email/mime/read_mail.h"
#include "bridges/email/openpgp/encryption.h"
#include "bridges/email/smtp/smtp_session.h"
#include "bridges/email/srs.h"

namespace waypost::email {

struct IntakeOptions {
    TransportId transport;
    std::string authserv_id;
    bool trusted = false;    // may send to the outside
    bool submitted = false;  // a villager's own program: an address of ours in From is believed
    std::string peer;        // IP address of the client; empty: it is no other machine's
    std::shared_ptr<const Srs> srs;  // leads bounces of forwarded mail back; may be null
    // The size of a mail of which only the beginning is handed over: it is too large, and stays
    // where it is. Its recipient and its sender are told. 0: it is handed over whole.
    std::uint64_t too_large = 0;
    openpgp::Encryption* encryption = nullptr;  // outlives the sink; null: nothing is opened
};

// The sink of one session: gathers a mail (in memory up to 64 KiB, then in the store's folder),
// reads it once it is whole and hands it to the office. One thread, but for `on_verdicts`, which
// any thread may call, once per mail handed over, perhaps when the sink is gone.
class MailIntake final : public MailSink {
  public:
    MailIntake(Office& office, IntakeOptions options, OnVerdicts on_verdicts);
    Verdict check(const Envelope& so_far, const Address& recipient, std::size_t size) override;
    bool body(std::string_view bytes) override;
    std::optional<std::vector<Verdict>> finish(const Envelope& envelope) override;
    void abandon() override;

  private:
    bool rewritten(const Address& recipient) const;
    Verdict check_rewritten(const Envelope& so_far, const Address& recipient, std::size_t size);
    void lead_back(Message& message) const;
    bool names_another(const ParsedMail& mail, const Envelope& envelope) const;
    Result<openpgp::Received> open(ParsedMail& mail, const Envelope& envelope, bool vouched);
    std::string first_bytes(std::size_t most);
    bool came_sealed(const ParsedMail& mail);
    std::optional<std::string> whole();
    Result<void> keep(std::string opened);
    std::optional<std::vector<Verdict>> answer_step(openpgp::Received step, std::size_t recipients);
    Office& office_;
    IntakeOptions options_;
    OnVerdicts on_verdicts_;
    std::size_t size_ = 0;  // of the mail so far
    std::string bytes_;
    std::unique_ptr<BodyWriter> file_;
};

}  // namespace waypost::email

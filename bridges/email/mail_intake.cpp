// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mail_intake.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "bridges/email/mime/authentication_results.h"
#include "bridges/email/mime/mail_message.h"
#include "bridges/email/mime/read_mail.h"
#include "bridges/email/openpgp/pgp_mime.h"
#include "gateway/message/text.h"
#include "gateway/message/unreadable.h"

namespace waypost::email {
namespace {

constexpr std::size_t kInline = 64 * 1024;
constexpr std::size_t kHeaderBytes = MailLimits{}.header_bytes + 4;  // with the blank line
constexpr char kNamesAnother[] = "From names somebody else than who sends it";

void say_it_is_too_large(Message& message, std::uint64_t bytes) {
    message.text = text_of(Unreadable::TooLarge, short_size(bytes));
    message.attachments.clear();
    message.unreadable = Unreadable::TooLarge;
}

// Large mails are taken apart one at a time, and so are those that may grow when they are opened: a
// hostile one costs many times its size.
std::unique_lock<std::mutex> take_turn() {
    static std::mutex one_at_a_time;
    return std::unique_lock(one_at_a_time);
}

Result<ParsedMail> read_in_turn(BodyWriter& file, const MailEnvelope& envelope) {
    const auto turn = take_turn();
    const auto written = file.written();
    if (!*written) return Error{Code::Internal, "cannot read what was written", true};
    return read_mail(*written, {}, envelope);
}

std::string bare_name(const Address& address) {
    const std::string_view local = address.local_part();
    return lower_ascii(local.substr(0, local.find('+')));
}

}  // namespace

// Where people sign in, it is the envelope's sender that the server in front holds them to; what
// everybody reads, and what we believe of a submitted mail, is From. So where either is of ours,
// the other must be the same; between two of others (a trusted server hands over mail of other
// places) nothing is said.
bool MailIntake::names_another(const ParsedMail& mail, const Envelope& envelope) const {
    if (!envelope.from || mail.from.empty()) return false;
    const std::string ours = office_.domain();
    if (mail.from.domain() != ours && envelope.from->domain() != ours) return false;
    return envelope.from->domain() != mail.from.domain() ||
           bare_name(*envelope.from) != bare_name(mail.from);
}

MailIntake::MailIntake(Office& office, IntakeOptions options, OnVerdicts on_verdicts)
    : office_(office), options_(std::move(options)), on_verdicts_(std::move(on_verdicts)) {}

Verdict MailIntake::check(const Envelope& so_far, const Address& recipient, std::size_t size) {
    if (rewritten(recipient)) return check_rewritten(so_far, recipient, size);
    Sender sender;
    if (so_far.from) sender.address = *so_far.from;
    sender.trusted = options_.trusted;
    return office_.check(sender, recipient, size);
}

bool MailIntake::rewritten(const Address& recipient) const {
    return options_.srs && options_.srs->looks_like_ours(recipient);
}

// A bounce of a mail that we forwarded, to the sender's address as we had rewritten it (SRS). Only
// bounces: anything else would make this box a relay for whoever saw such an address.
Verdict MailIntake::check_rewritten(const Envelope& so_far, const Address& recipient,
                                    std::size_t size) {
    using Kind = Verdict::Kind;
    using Reason = Verdict::Reason;
    const auto to = options_.srs->reverse(recipient, office_.clock().wall());
    if (!to.ok()) return {Kind::Refused, Reason::UnknownRecipient, to.error().text, 0};
    if (so_far.from)
        return {Kind::Refused, Reason::NotAllowed, "only reports of delivery go this way", 0};
    return office_.check({{}, true}, *to, size);
}

// Each such recipient was looked at when it was named: one in the envelope makes the mail trusted,
// since every other recipient in it was admitted by itself. The report is the sender's to read:
// that he gets it is what he is told, so nothing else is made of it here.
void MailIntake::lead_back(Message& message) const {
    for (Address& to : message.to) {
        if (!rewritten(to)) continue;
        const auto sender = options_.srs->reverse(to, office_.clock().wall());
        if (!sender.ok()) continue;  // grown too old meanwhile: nobody here has that name
        to = *sender;
        message.trusted = true;
        message.fate.reset();
    }
}

bool MailIntake::body(std::string_view bytes) {
    size_ += bytes.size();
    if (!file_ && size_ <= kInline) {
        bytes_.append(bytes);
        return true;
    }
    if (!file_) {
        file_ = office_.new_body();
        if (!file_->write(std::exchange(bytes_, {})).ok()) return false;
    }
    return file_->write(bytes).ok();
}

void MailIntake::abandon() {
    bytes_.clear();
    file_.reset();
    size_ = 0;
}

std::optional<std::vector<Verdict>> MailIntake::finish(const Envelope& envelope) {
    const auto all = [&](Verdict::Kind kind, Verdict::Reason reason, std::string text) {
        abandon();
        return std::vector<Verdict>(envelope.to.size(), Verdict{kind, reason, std::move(text), 0});
    };
    const MailEnvelope facts{.null_sender = !envelope.from};
    auto mail = file_ ? read_in_turn(*file_, facts) : read_mail(bytes_, {}, facts);
    if (!mail.ok() && mail.error().retry)
        return all(Verdict::Kind::Later, Verdict::Reason::Busy, mail.error().text);
    if (!mail.ok())
        return all(Verdict::Kind::Refused, Verdict::Reason::BadInput, mail.error().text);
    if (goes_round(*mail, office_.domain())) {
        return all(Verdict::Kind::Refused, Verdict::Reason::Loop,
                   "this mail goes round in a circle");
    }
    if (options_.submitted && names_another(*mail, envelope)) {
        return all(Verdict::Kind::Refused, Verdict::Reason::NotAllowed, kNamesAnother);
    }
    const bool vouched = dmarc_passed(mail->authentication_results, options_.authserv_id);
    auto sealed = open(*mail, envelope, vouched);
    if (!sealed.ok()) {
        const Code code = sealed.error().code;
        return all(sealed.error().retry ? Verdict::Kind::Later : Verdict::Kind::Refused,
                   code == Code::Full      ? Verdict::Reason::StorageFull
                   : code == Code::Refused ? Verdict::Reason::NotAllowed
                                           : Verdict::Reason::BadInput,
                   sealed.error().text);
    }
    if (sealed->handshake) return answer_step(std::move(*sealed), envelope.to.size());
    Message message = message_of(*mail, envelope.from);
    message.transport = options_.transport;
    message.to = envelope.to;
    message.wishes = envelope.wishes;
    message.envelope_id = envelope.envelope_id;
    message.peer = options_.peer;
    message.trusted = options_.trusted;
    // For the null sender nobody has signed in: it may be anybody's.
    message.submitted = options_.submitted && envelope.from.has_value();
    message.verified_sender = sealed->proven || vouched;
    message.privacy = sealed->opened       ? Privacy::ToGateway
                      : came_sealed(*mail) ? Privacy::EndToEnd
                                           : Privacy::InClear;
    lead_back(message);
    if (options_.too_large > 0) {
        say_it_is_too_large(message, options_.too_large);
    } else if (file_) {
        auto stored = file_->finish();
        if (!stored.ok())
            return all(Verdict::Kind::Later, Verdict::Reason::StorageFull, stored.error().text);
        message.body = std::move(*stored);
    } else {
        message.body.size = bytes_.size();
        message.body.bytes = std::move(bytes_);
    }
    abandon();
    office_.accept(std::move(message), on_verdicts_);
    return std::nullopt;
}

// No more than there is: most mails are far smaller than what they may be.
std::string MailIntake::first_bytes(std::size_t most) {
    std::string bytes(std::min(size_, most), '\0');
    const auto written = file_->written();
    written->read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(written->gcount()));
    return bytes;
}

// To a key that is not here. `mail` may have found as much in a part of it only.
bool MailIntake::came_sealed(const ParsedMail& mail) {
    return mail.encrypted && openpgp::is_sealed(file_ ? first_bytes(kHeaderBytes) : bytes_);
}

// The whole mail, where it is small enough to be decrypted in memory.
std::optional<std::string> MailIntake::whole() {
    if (!file_) return bytes_;
    constexpr std::size_t kMost = 2 * openpgp::OpenLimits{}.sealed_bytes;
    if (size_ > kMost) return std::nullopt;
    return first_bytes(kMost);
}

// Opens it if it can be, and puts what was inside in its place: in `mail` and in what is kept.
Result<openpgp::Received> MailIntake::open(ParsedMail& mail, const Envelope& envelope,
                                           bool vouched) {
    if (options_.encryption == nullptr) return openpgp::Received{};
    // A small one, too, may be large inside.
    std::unique_lock<std::mutex> turn;
    if (mail.encrypted) turn = take_turn();
    const std::string head = file_ ? first_bytes(kHeaderBytes) : std::string();
    openpgp::Received received = options_.encryption->receive(
        {mail, envelope.to, file_ ? head : bytes_, [this] { return whole(); },
         options_.authserv_id.empty() ? std::nullopt : std::optional(vouched)});
    if (!received.opened) return received;
    auto inside = read_mail(*received.opened, {}, {.null_sender = !envelope.from});
    if (!inside.ok()) return inside.error();
    // It is the outer From that somebody vouches for, or that we have compared.
    if (inside->from != mail.from || (options_.submitted && names_another(*inside, envelope)))
        return Error{Code::Refused, kNamesAnother, false};
    mail = std::move(*inside);
    const auto kept = keep(std::move(*received.opened));
    if (!kept.ok()) return kept.error();
    return received;
}

// In place of what came: what was inside is what is read, kept and passed on.
Result<void> MailIntake::keep(std::string opened) {
    abandon();
    if (body(opened)) return {};
    return Error{Code::Full, "no room on this box", true};
}

// The next step is a mail of ours; once the office has it, the step before is done.
std::optional<std::vector<Verdict>> MailIntake::answer_step(openpgp::Received step,
                                                            std::size_t recipients) {
    abandon();
    if (!step.reply) return std::vector<Verdict>(recipients, step.verdict);
    office_.accept(std::move(*step.reply),
                   [on_verdicts = on_verdicts_, recipients](const std::vector<Verdict>& verdicts) {
                       on_verdicts(std::vector<Verdict>(recipients, verdicts.front()));
                   });
    return std::nullopt;
}

}  // namespace waypost::email

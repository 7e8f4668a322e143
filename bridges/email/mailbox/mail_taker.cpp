// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/mail_taker.h"

#include <algorithm>
#include <future>
#include <memory>

#include "bridges/email/mail_intake.h"
#include "bridges/email/mime/read_mail.h"

namespace waypost::email {
namespace {

using Kind = TakenMail::Kind;

// Reports are small; of a larger one this much is looked at.
constexpr std::size_t kReportBytes = 256 * 1024;

// Until the blank line is there, or so much that it must be enough.
constexpr std::size_t kHeaderBytes = 256 * 1024;

bool has_header(const std::string& bytes) {
    return bytes.size() >= kHeaderBytes || bytes.find("\r\n\r\n") != std::string::npos ||
           bytes.find("\n\n") != std::string::npos;
}

Result<std::string> gather(std::string bytes, std::size_t most, const NextPiece& next,
                           const std::function<bool(const std::string&)>& enough) {
    while (!enough(bytes) && bytes.size() < most) {
        auto piece = next();
        if (!piece.ok()) return piece;
        if (piece->empty()) break;
        bytes += *piece;
    }
    return bytes;
}

std::string reported_id(const std::string& bytes, bool null_sender) {
    const auto mail = read_mail(bytes, {}, {.null_sender = null_sender});
    return mail.ok() && mail->report ? mail->report->message_id : std::string();
}

// What one person has no room for now says nothing about the mail of others.
bool takes_nothing(const Verdict& verdict) {
    return verdict.kind == Verdict::Kind::Later && (verdict.reason == Verdict::Reason::Busy ||
                                                    verdict.reason == Verdict::Reason::StorageFull);
}

TakenMail as_one(const std::vector<Verdict>& verdicts) {
    for (const Verdict& verdict : verdicts) {
        if (takes_nothing(verdict)) return {Kind::Later, verdict.text};
    }
    // Those who have it already are known again when it is tried once more.
    for (const Verdict& verdict : verdicts) {
        if (verdict.kind == Verdict::Kind::Later) return {Kind::Waits, verdict.text};
    }
    for (const Verdict& verdict : verdicts) {
        if (verdict.kept()) return {};
    }
    return {Kind::Left, verdicts.empty() ? std::string("for nobody") : verdicts.front().text};
}

std::vector<Verdict> hand_over(MailIntake& intake, const Envelope& envelope,
                               std::future<std::vector<Verdict>> answer) {
    auto at_once = intake.finish(envelope);
    return at_once ? std::move(*at_once) : answer.get();
}

}  // namespace

MailTaker::MailTaker(Office& office, TakerOptions options, const SentMemory& memory,
                     std::mutex& mutex)
    : office_(office), options_(std::move(options)), memory_(memory), mutex_(mutex) {}

IntakeOptions MailTaker::intake_options() const {
    IntakeOptions as;
    as.transport = options_.transport;
    as.authserv_id = options_.authserv_id;
    return as;
}

std::vector<std::vector<Address>> MailTaker::ways(const MailHeader& header,
                                                  const std::string& about) {
    const std::lock_guard lock(mutex_);
    return recipients_of_report(header, about, options_.account, memory_);
}

// The first way that leads to anybody; of it, all whom the office takes mail for.
MailTaker::Readers MailTaker::readers(const std::vector<std::vector<Address>>& all,
                                      const Envelope& envelope, std::uint64_t bytes) {
    Readers readers;
    readers.none = {Kind::Left, "it says nobody who lives here, and [box] has no operators"};
    Sender sender;
    if (envelope.from) sender.address = *envelope.from;
    for (const auto& way : all) {
        for (const Address& to : way) {
            const Verdict verdict = office_.check(sender, to, bytes);
            if (verdict.kind == Verdict::Kind::Later) {
                readers.none = {takes_nothing(verdict) ? Kind::Later : Kind::Waits, verdict.text};
                readers.to.clear();
                return readers;
            }
            if (verdict.kept()) readers.to.push_back(to);
            if (verdict.reason == Verdict::Reason::TooLarge)
                readers.none = {Kind::Left, verdict.text};
        }
        if (!readers.to.empty()) return readers;
    }
    return readers;
}

// Handed over without what is too large, so that the one does not wait for a mail that never comes,
// and the other hears of it once. Seen again, it is known by its Message-ID.
Result<TakenMail> MailTaker::tell_too_large(const std::string& begin, std::uint64_t bytes) {
    const TakenMail left{Kind::Left, "larger than " + std::to_string(options_.max_message_bytes) +
                                         " bytes (max_message)"};
    const MailHeader header = read_mail_header(begin);
    if (header.report || !header.envelope_from) return left;
    Envelope envelope;
    envelope.from = header.envelope_from;
    const Readers found = readers(ways(header, {}), envelope, begin.size());
    if (found.to.empty()) return found.none.kind == Kind::Left ? left : found.none;
    envelope.to = found.to;
    auto promise = std::make_shared<std::promise<std::vector<Verdict>>>();
    IntakeOptions as = intake_options();
    as.too_large = bytes;
    MailIntake intake(office_, std::move(as),
                      [promise](std::vector<Verdict> v) { promise->set_value(std::move(v)); });
    if (!intake.body(begin)) return TakenMail{Kind::Later, "the mail cannot be written down"};
    const TakenMail told = as_one(hand_over(intake, envelope, promise->get_future()));
    return told.kind == Kind::Kept ? left : told;
}

Result<TakenMail> MailTaker::take(std::uint64_t said_bytes, const NextPiece& next) {
    auto begin = gather({}, kHeaderBytes, next, has_header);
    if (!begin.ok()) return begin.error();
    if (too_large(said_bytes)) return tell_too_large(*begin, said_bytes);
    const MailHeader header = read_mail_header(*begin);
    std::string about;
    if (header.report || !header.envelope_from) {
        begin = gather(std::move(*begin), kReportBytes, next, [](const auto&) { return false; });
        if (!begin.ok()) return begin.error();
        about = reported_id(*begin, !header.envelope_from);
    }
    Envelope envelope;
    envelope.from = header.envelope_from;
    const Readers found = readers(ways(header, about), envelope, said_bytes);
    if (found.to.empty()) return found.none;
    envelope.to = found.to;

    auto promise = std::make_shared<std::promise<std::vector<Verdict>>>();
    MailIntake intake(office_, intake_options(),
                      [promise](std::vector<Verdict> v) { promise->set_value(std::move(v)); });
    std::uint64_t bytes = 0;
    for (std::string piece = *begin; !piece.empty();) {
        bytes += piece.size();
        if (too_large(bytes)) return tell_too_large(*begin, bytes);  // it is more than was said
        if (!intake.body(piece)) return TakenMail{Kind::Later, "the mail cannot be written down"};
        auto more = next();
        if (!more.ok()) return more.error();
        piece = std::move(*more);
    }
    return as_one(hand_over(intake, envelope, promise->get_future()));
}

}  // namespace waypost::email

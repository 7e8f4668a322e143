// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/mail_in.h"

#include <condition_variable>
#include <mutex>

#include "bridges/email/mime/header_lines.h"
#include "bridges/email/mime/mail_message.h"
#include "bridges/email/mime/status_report.h"
#include "bridges/post/letters.h"
#include "gateway/message/text.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kInline = 64 * 1024;
constexpr std::size_t kMostHeader = 32 * 1024;
constexpr std::size_t kItself = 1024;  // a message and its addresses, about
constexpr std::string_view kReturnPath = "return-path:";

// The envelope's sender as who hands a mail to a program writes it: first line of the header.
// nullopt: it has none.
std::optional<std::string> return_path_of(std::string_view beginning) {
    std::size_t from = 0;
    while (from < beginning.size()) {
        const std::size_t end = beginning.find('\n', from);
        std::string_view line = beginning.substr(from, end - from);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty()) return std::nullopt;
        if (lower_ascii(line.substr(0, kReturnPath.size())) == kReturnPath) {
            line.remove_prefix(kReturnPath.size());
            while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
            if (line.size() < 2 || line.front() != '<' || line.back() != '>') return std::nullopt;
            return std::string(line.substr(1, line.size() - 2));
        }
        if (end == std::string_view::npos) break;
        from = end + 1;
    }
    return std::nullopt;
}

// Unix mailboxes begin with "From ", and some programs hand that on.
std::string_view without_mbox_line(std::string_view bytes) {
    if (bytes.substr(0, 5) != "From ") return bytes;
    const std::size_t end = bytes.find('\n');
    return end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
}

}  // namespace

struct Handing::State {
    std::mutex mutex;
    std::condition_variable said;
    std::optional<std::vector<Verdict>> verdicts;
};

void Handing::add(Message message, std::string header) {
    bytes_ += kItself + header.size() + message.text.size() + message.body.bytes.size();
    Handed handed{message.origin_id,        std::move(header), message.envelope_id,
                  message.return_path,      message.to,        message.wishes,
                  std::make_shared<State>()};
    auto state = handed.state;
    handed_.push_back(std::move(handed));
    office_.accept(std::move(message), [state](std::vector<Verdict> verdicts) {
        {
            const std::lock_guard lock(state->mutex);
            state->verdicts = std::move(verdicts);
        }
        state->said.notify_one();
    });
}

Result<Handing::Said> Handing::wait() {
    Said said{std::move(refused_), 0, 0};
    std::optional<std::string> later;
    for (Handed& each : handed_) {
        std::unique_lock lock(each.state->mutex);
        each.state->said.wait(lock, [&] { return each.state->verdicts.has_value(); });
        const auto& verdicts = *each.state->verdicts;
        for (std::size_t i = 0; i < each.to.size() && i < verdicts.size(); ++i) {
            const Verdict& verdict = verdicts[i];
            if (verdict.kept()) ++said.taken;
            if (verdict.kind == Verdict::Kind::Duplicate) ++said.had;
            if (verdict.kind == Verdict::Kind::Later) later = verdict.text;
            if (verdict.kind != Verdict::Kind::Refused) continue;
            said.refused.push_back(
                {each.id, each.return_path, each.to[i], post::status_of(verdict.reason),
                 verdict.text, each.header, each.envelope_id,
                 i < each.wishes.size() ? each.wishes[i].recipient : std::string()});
        }
    }
    handed_.clear();
    if (later) return Error{Code::Busy, "put off: " + *later, true};
    return said;
}

Result<ReadMail> read_whole(Office& office, const MailOrigin& origin, Source& input,
                            std::uint64_t bytes, const Address* envelope_from) {
    if (bytes > origin.most_bytes) return Error{Code::TooLarge, "the mail is too large", false};
    std::string held;
    std::unique_ptr<BodyWriter> file;
    std::string buffer(kInline, '\0');
    ReadMail out;
    for (bool first = true;; first = false) {
        const auto got = input.read({reinterpret_cast<std::uint8_t*>(buffer.data()), kInline});
        if (!got.ok()) return got.error();
        std::string_view piece(buffer.data(), *got);
        if (first) {
            piece = without_mbox_line(piece);
            out.header = email::header_of(piece, kMostHeader);
        }
        if (!file && held.size() + piece.size() <= kInline) {
            held += piece;
        } else {
            if (!file) {
                file = office.new_body();
                if (const auto kept = file->write(std::exchange(held, {})); !kept.ok())
                    return kept.error();
            }
            if (const auto kept = file->write(piece); !kept.ok()) return kept.error();
        }
        if (*got < kInline) break;
    }
    std::optional<Address> from;
    if (envelope_from != nullptr && !envelope_from->empty()) from = *envelope_from;
    bool null_sender = envelope_from != nullptr && envelope_from->empty();
    if (envelope_from == nullptr) {
        const auto path = return_path_of(out.header);
        null_sender = path && path->empty();
        if (const auto parsed = parse_address("mailto:" + path.value_or("")); parsed.ok())
            from = *parsed;
    }
    const auto mail = file ? email::read_mail(*file->written(), {}, {.null_sender = null_sender})
                           : email::read_mail(held, {}, {.null_sender = null_sender});
    if (!mail.ok()) return mail.error();
    if (email::goes_round(*mail, origin.own_domain))
        return Error{Code::Conflict, "this mail goes round in a circle", false};
    // Without a word of the envelope its author is who hears of it.
    if (!from && !null_sender && !mail->from.empty()) from = mail->from;
    out.message = email::message_of(*mail, from);
    if (file) {
        auto stored = file->finish();
        if (!stored.ok()) return stored.error();
        out.message.body = std::move(*stored);
    } else {
        out.message.body.size = held.size();
        out.message.body.bytes = std::move(held);
    }
    out.message.transport = origin.transport;
    out.message.peer = origin.peer;
    out.message.trusted = origin.trusted;
    const bool sealed = out.message.unreadable == Unreadable::Encrypted;
    out.message.privacy = sealed ? Privacy::EndToEnd : Privacy::ToGateway;
    return out;
}

Result<Beginning> beginning_of(Source& input) {
    std::string buffer(kInline, '\0');
    const auto got = input.read({reinterpret_cast<std::uint8_t*>(buffer.data()), kInline});
    if (!got.ok()) return got.error();
    Beginning out;
    const std::string_view piece(buffer.data(), *got);
    out.header = email::header_of(without_mbox_line(piece), kMostHeader);
    const auto path = return_path_of(out.header);
    const bool null_sender = path && path->empty();
    const auto mail = email::read_mail(out.header, {}, {.null_sender = null_sender});
    if (null_sender || (mail.ok() && mail->automatic)) return out;
    if (auto parsed = parse_address("mailto:" + path.value_or("")); parsed.ok())
        out.return_path = std::move(*parsed);
    else if (mail.ok())
        out.return_path = mail->from;
    return out;
}

Result<void> add_mail(Handing& handing, Office& office, const MailOrigin& origin,
                      const std::vector<Address>& to, Source& input, std::uint64_t bytes) {
    auto read = read_whole(office, origin, input, bytes, nullptr);
    if (!read.ok()) return read.error();
    read->message.to = to;
    handing.add(std::move(read->message), std::move(read->header));
    return {};
}

Result<void> add_mail(Handing& handing, Office& office, const MailOrigin& origin,
                      const OutMail& mail) {
    MemorySource input(mail.bytes);
    auto read = read_whole(office, origin, input, mail.bytes.size(), &mail.return_path);
    if (!read.ok()) return read.error();
    read->message.to = mail.recipients;
    handing.add(std::move(read->message), std::move(read->header));
    return {};
}

}  // namespace waypost::nncp

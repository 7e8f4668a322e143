// SPDX-License-Identifier: Apache-2.0
// Files: a person's become attachments, of all others the operator is told.
#include "bridges/nncp/arrivals.h"
#include "bridges/nncp/file_mail.h"
#include "bridges/post/letters.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kMostSubject = 200;  // bytes

std::string sender_of(const Arrival& arrival) {
    return arrival.sender != nullptr ? arrival.sender->name : to_base32(arrival.sender_id);
}

}  // namespace

// What becomes an attachment never gets to the incoming folder, which need not be there.
std::filesystem::path Arrivals::folder_for(const Arrival& arrival) const {
    const bool mail = arrival.plain.type == PacketType::File &&
                      file_recipient(arrival, home_.routes, office_).has_value();
    return mail ? std::filesystem::path() : LocalHandlers::folder_for(arrival);
}

// What is a person's never lies in a folder that others read: it waits, or goes to him or nobody.
Result<std::optional<Address>> Arrivals::person_of(const Arrival& arrival) {
    auto named = file_recipient(arrival, home_.routes, office_);
    if (!named) return std::optional<Address>();
    const Verdict& verdict = named->verdict;
    if (verdict.kept()) return std::optional<Address>(std::move(named->to));
    if (verdict.kind == Verdict::Kind::Later)
        return Error{Code::Busy, "put off: " + verdict.text, true};
    Refusal refusal;
    refusal.return_path = mailto("postmaster", home_.routes.domain_of(*arrival.sender));
    refusal.recipient = named->to;
    refusal.status = post::status_of(verdict.reason);
    refusal.text = verdict.text;
    refusal.header = "Subject: " + one_line(arrival.plain.path, kMostSubject) + "\r\n";
    if (const auto told = tell_once(arrival, {refusal}); !told.ok()) return told.error();
    return Error{Code::Refused, "a file that is not taken: " + verdict.text, false};
}

Result<void> Arrivals::file(const Arrival& arrival, Content& content) {
    const auto to = person_of(arrival);
    if (!to.ok()) return to.error();
    if (!*to) return LocalHandlers::file(arrival, content);
    auto message = file_message(arrival, **to, content, home_.routes, office_);
    if (!message.ok()) return message.error();
    message->transport = home_.transport;
    message->peer = "nncp:" + arrival.sender->name;
    Handing handing(office_);
    handing.add(std::move(*message));
    return finish({arrival, std::move(handing)});
}

// A release for the box itself, of a node that may bring one, goes on to where the administrator
// sees it; whether it is any good is not ours to say. True: it is there, and no longer here.
bool Arrivals::offer_update(const Arrival& arrival, const std::filesystem::path& file) {
    if (home_.updates == nullptr || arrival.sender == nullptr) return false;
    const std::string from = "nncp:" + arrival.sender->name;
    if (!home_.updates->wants(from, file.filename().string())) return false;
    const auto brought = home_.updates->bring(file, from);
    if (!brought.ok()) {
        log(Level::Warning, "nncp", "update-not-offered",
            {{"file", file.string()}, {"why", brought.error().text}});
        return false;
    }
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return true;
}

// Where nncp's own configuration names somebody to be told, he is.
void Arrivals::file_came(const Arrival& arrival, const std::string& what,
                         const std::filesystem::path& file) {
    LocalHandlers::file_came(arrival, what, file);
    if (offer_update(arrival, file))
        return notes_.tell(arrival.packet.name, what + ": an update, on the page Update");
    if (config().notify_file) return;
    notes_.tell(arrival.packet.name, what + ", in " + LocalHandlers::folder_for(arrival).string());
}

// By another name than the packet's, under which he is told of the whole file.
void Arrivals::join_waits(const Arrival& arrival, const std::string& what) {
    if (config().notify_file) return;
    const Mth name = blake2b(to_base32(arrival.packet.name) + " to be joined");
    notes_.tell(name, what + ", in " + LocalHandlers::folder_for(arrival).string());
    notes_.ended(name);
}

Result<void> Arrivals::admit_for_nobody(const Arrival& arrival) {
    auto admitted = LocalHandlers::admit(arrival);
    if (admitted.ok() || !admitted.error().retry) return admitted;
    notes_.tell(arrival.packet.name, "file " + arrival.plain.path + " from " + sender_of(arrival) +
                                         " waits in " + spool().path(arrival.packet).string() +
                                         ": " + admitted.error().text);
    return admitted;
}

}  // namespace waypost::nncp

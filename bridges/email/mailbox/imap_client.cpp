// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/imap_client.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>

#include "bridges/email/mailbox/imap_session.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::array<std::string_view, 7> kSentNames = {
    "sent", "sent items", "sent messages", "sent mail", "inbox.sent", "inbox/sent", "gesendet"};

Error gone() { return {Code::NotFound, "the mail is gone from the mailbox", false}; }

char* copy(const std::string& text) { return ::strdup(text.c_str()); }

SearchKey search_key(int type, mailimap_date* since, mailimap_set* uids) {
    return SearchKey(mailimap_search_key_new(
        type, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, since, nullptr,
        nullptr, nullptr, nullptr, nullptr, nullptr, 0, nullptr, nullptr, nullptr, nullptr, nullptr,
        nullptr, 0, uids, nullptr, nullptr));
}

// The one attribute of this type in an answer to FETCH for this mail.
const mailimap_msg_att_static* find_att(clist* answer, int type) {
    const mailimap_msg_att_static* found = nullptr;
    for_each_in<mailimap_msg_att>(answer, [&](mailimap_msg_att& mail) {
        for_each_in<mailimap_msg_att_item>(mail.att_list, [&](mailimap_msg_att_item& item) {
            if (item.att_type != MAILIMAP_MSG_ATT_ITEM_STATIC) return;
            const auto* att = item.att_data.att_static;
            if (att != nullptr && att->att_type == type) found = att;
        });
    });
    return found;
}

bool is_for_sent(const mailimap_mailbox_list& folder) {
    bool is = false;
    if (folder.mb_flag == nullptr) return false;
    for_each_in<mailimap_mbx_list_oflag>(folder.mb_flag->mbf_oflags,
                                         [&](const mailimap_mbx_list_oflag& flag) {
                                             if (flag.of_flag_ext == nullptr) return;
                                             const std::string name = lower_ascii(flag.of_flag_ext);
                                             is = is || name == "sent" || name == "\\sent";
                                         });
    return is;
}

}  // namespace

class ImapClient::Session : public ImapSession {
  public:
    Session(std::unique_ptr<MailWire> wire, MailServer server)
        : ImapSession(std::move(wire)), server_(std::move(server)) {}

    Result<void> start_tls() {
        const auto said = outcome(mailimap_starttls(command()));
        // What was said in clear behind the yes is not the server's.
        if (unread()) return Error{Code::BadInput, "the provider spoke before TLS began", true};
        if (!said.ok()) {
            if (said.error().code != Code::Conflict) return said;
            return Error{Code::Conflict,
                         "the provider offers no TLS; set security = \"plain\" if that is meant",
                         true};
        }
        return wire().start_tls();
    }

    Result<void> log_in(const MailboxLogin& login) {
        const bool clear = server_.security == MailServer::Security::Plain;
        if (clear && !on_this_machine(server_))
            return Error{Code::Refused, "no password is sent without TLS: set server", true};
        auto secret = read_secret_file(login.secret_file);
        if (!secret.ok()) return Error{Code::Refused, secret.error().text, true};
        Secret zero_ended(std::string(secret->reveal()) + '\0');
        const char* password = zero_ended.reveal().data();
        const int code = login.oauth
                             ? mailimap_oauth2_authenticate(command(), login.user.c_str(), password)
                             : mailimap_login(command(), login.user.c_str(), password);
        return outcome(code, true);
    }

    Result<void> learn_capabilities() {
        mailimap_capability_data* data = nullptr;
        const auto said = outcome(mailimap_capability(command(), &data));
        if (said.ok() && data != nullptr) mailimap_capability_data_free(data);
        return said;
    }

    Result<FetchList> fetch(std::uint32_t uid, mailimap_fetch_att* what) {
        const ImapSet set(mailimap_set_new_single(uid));
        const FetchType type(mailimap_fetch_type_new_fetch_att(what));
        clist* answer = nullptr;
        const auto said = outcome(mailimap_uid_fetch(command(), set.get(), type.get(), &answer));
        if (!said.ok()) return said.error();  // then `answer` is freed, or never was
        return FetchList(answer);
    }

    Result<void> add_flag(std::uint32_t uid, mailimap_flag* flag) {
        const ImapSet set(mailimap_set_new_single(uid));
        mailimap_flag_list* flags = mailimap_flag_list_new_empty();
        mailimap_flag_list_add(flags, flag);
        const StoreFlags change(mailimap_store_att_flags_new_add_flags_silent(flags));
        return outcome(mailimap_uid_store(command(), set.get(), change.get()));
    }

    Result<std::vector<std::uint32_t>> search(const SearchKey& key) {
        clist* answer = nullptr;
        const auto said = outcome(mailimap_uid_search(command(), nullptr, key.get(), &answer));
        if (!said.ok()) return said.error();
        const SearchResult list(answer);
        std::vector<std::uint32_t> uids;
        for_each_in<std::uint32_t>(answer, [&](std::uint32_t uid) { uids.push_back(uid); });
        std::sort(uids.begin(), uids.end());
        return uids;
    }

    const MailServer& server() const { return server_; }

  private:
    const MailServer server_;
};

ImapClient::ImapClient(std::unique_ptr<MailWire> wire, const MailServer& server)
    : session_(std::make_unique<Session>(std::move(wire), server)) {}
ImapClient::~ImapClient() = default;

Result<void> ImapClient::open(const MailboxLogin& login) {
    if (auto said = session_->greeting(); !said.ok()) return said;
    if (session_->server().security == MailServer::Security::StartTls) {
        if (auto said = session_->start_tls(); !said.ok()) return said;
    }
    if (auto said = session_->log_in(login); !said.ok()) return said;
    return session_->learn_capabilities();
}

Result<FolderNow> ImapClient::select(const std::string& folder) {
    const auto said = session_->outcome(mailimap_select(session_->command(), folder.c_str()));
    if (!said.ok()) return said.error();
    const auto* info = session_->get()->imap_selection_info;
    if (info == nullptr || info->sel_uidvalidity == 0)
        return Error{Code::BadInput, "the provider gives no UIDVALIDITY", true};
    return FolderNow{info->sel_uidvalidity, info->sel_uidnext};
}

bool ImapClient::has_idle() const { return mailimap_has_idle(session_->get()) != 0; }

std::uint32_t ImapClient::exists() const {
    const auto* info = session_->get()->imap_selection_info;
    return info == nullptr ? 0 : info->sel_exists;
}

Result<std::vector<std::uint32_t>> ImapClient::search_after(std::uint32_t after) {
    if (after == std::numeric_limits<std::uint32_t>::max()) return std::vector<std::uint32_t>{};
    // To libetpan 0 stands for "*".
    auto uids = session_->search(
        search_key(MAILIMAP_SEARCH_KEY_UID, nullptr, mailimap_set_new_interval(after + 1, 0)));
    // "n:*" names the last mail even where its UID is below n (RFC 3501 6.4.8).
    if (uids.ok()) std::erase_if(*uids, [after](std::uint32_t uid) { return uid <= after; });
    return uids;
}

Result<std::vector<std::uint32_t>> ImapClient::search_since(std::int64_t since) {
    const std::time_t time = since;
    std::tm day{};
    ::gmtime_r(&time, &day);
    return session_->search(
        search_key(MAILIMAP_SEARCH_KEY_SINCE,
                   mailimap_date_new(day.tm_mday, day.tm_mon + 1, day.tm_year + 1900), nullptr));
}

Result<std::uint64_t> ImapClient::size(std::uint32_t uid) {
    auto answer = session_->fetch(uid, mailimap_fetch_att_new_rfc822_size());
    if (!answer.ok()) return answer.error();
    const auto* att = find_att(answer->get(), MAILIMAP_MSG_ATT_RFC822_SIZE);
    if (att == nullptr) return gone();
    return std::uint64_t{att->att_data.att_rfc822_size};
}

Result<std::string> ImapClient::piece(std::uint32_t uid, std::uint32_t offset,
                                      std::uint32_t bytes) {
    auto answer = session_->fetch(uid, mailimap_fetch_att_new_body_peek_section_partial(
                                           mailimap_section_new(nullptr), offset, bytes));
    if (!answer.ok()) return answer.error();
    const auto* att = find_att(answer->get(), MAILIMAP_MSG_ATT_BODY_SECTION);
    const auto* body = att == nullptr ? nullptr : att->att_data.att_body_section;
    if (body == nullptr) return gone();
    if (body->sec_body_part == nullptr) return std::string();
    if (body->sec_length > bytes)
        return Error{Code::BadInput, "the provider sends more than was asked for", true};
    return std::string(body->sec_body_part, body->sec_length);
}

Result<void> ImapClient::mark(std::uint32_t uid, const std::string& flag) {
    return session_->add_flag(uid, flag == "\\Seen" ? mailimap_flag_new_seen()
                                                    : mailimap_flag_new_flag_keyword(copy(flag)));
}

Result<void> ImapClient::erase(std::uint32_t uid) {
    if (auto said = session_->add_flag(uid, mailimap_flag_new_deleted()); !said.ok()) return said;
    if (mailimap_has_uidplus(session_->get()) == 0) return {};
    const ImapSet set(mailimap_set_new_single(uid));
    return session_->outcome(mailimap_uid_expunge(session_->command(), set.get()));
}

Result<std::string> ImapClient::sent_folder() {
    clist* answer = nullptr;
    const auto said = session_->outcome(mailimap_list(session_->command(), "", "*", &answer));
    if (!said.ok()) return said.error();
    const FolderList list(answer);
    std::string marked;
    std::string named;
    for_each_in<mailimap_mailbox_list>(answer, [&](const mailimap_mailbox_list& folder) {
        if (folder.mb_name == nullptr) return;
        if (marked.empty() && is_for_sent(folder)) marked = folder.mb_name;
        const std::string name = lower_ascii(folder.mb_name);
        const bool usual =
            std::find(kSentNames.begin(), kSentNames.end(), name) != kSentNames.end();
        if (named.empty() && usual) named = folder.mb_name;
    });
    return marked.empty() ? named : marked;
}

Result<void> ImapClient::append(const std::string& folder, const std::string& mail) {
    const FlagList flags(mailimap_flag_list_new_empty());
    mailimap_flag_list_add(flags.get(), mailimap_flag_new_seen());
    return session_->outcome(mailimap_append(session_->command(), folder.c_str(), flags.get(),
                                             nullptr, mail.data(), mail.size()));
}

Result<Bell::Heard> ImapClient::idle(Bell& bell, std::chrono::milliseconds time) {
    if (auto said = session_->outcome(mailimap_idle(session_->command())); !said.ok())
        return said.error();
    Bell::Heard heard = Bell::Heard::Socket;
    if (!session_->unread()) heard = session_->wire().wait(bell, time);
    const auto done = session_->outcome(mailimap_idle_done(session_->command()));
    if (!done.ok()) return done.error();
    return heard;
}

Result<void> ImapClient::noop() { return session_->outcome(mailimap_noop(session_->command())); }

void ImapClient::logout() { (void)mailimap_logout(session_->command()); }

void ImapClient::cut() noexcept { session_->wire().cut(); }

}  // namespace waypost::email

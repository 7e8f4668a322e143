// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "bridges/email/mailbox/look_session.h"
#include "gateway/base/log.h"

namespace waypost::email {
namespace {

constexpr char kState[] = "folder";
constexpr std::uint32_t kPieceBytes = 128 * 1024;
// So often a mail may break the session before it is left where it is, or a copy before there is
// none of it.
constexpr int kMostBreaks = 3;

class ImapLook final : public LookSession<ImapClient> {
  public:
    ImapLook(const LookOptions& options, Surroundings& around) : LookSession(options, around) {}

  private:
    Result<void> talk(ImapClient& client) override {
        if (auto said = client.open(options_.login); !said.ok()) return said;
        around_.let_in();
        if (auto said = find_sent_folder(client); !said.ok()) return said;
        if (auto said = begin(client); !said.ok()) return said;
        while (!around_.stopping()) {
            const std::uint32_t exists = client.exists();
            if (auto said = look(client); !said.ok()) return said;
            if (auto said = look_at_waiting(client); !said.ok()) return said;
            if (auto said = append_copies(client); !said.ok()) return said;
            // What came meanwhile was told with an answer, and will not be told again.
            if (client.exists() != exists) continue;
            around_.went_well();
            if (auto said = wait(client); !said.ok()) return said;
        }
        client.logout();
        return {};
    }

    void remember() {
        around_.state().put(kState, encode(state_));
        around_.lying_there(state_.left.size());
    }

    Result<void> find_sent_folder(ImapClient& client) {
        if (!options_.keep_copies || !sent_folder_.empty()) return {};
        sent_folder_ = options_.sent_folder;
        if (!sent_folder_.empty()) return {};
        auto found = client.sent_folder();
        if (!found.ok() && of_the_line(found.error().code)) return found.error();
        if (found.ok()) sent_folder_ = *found;
        if (sent_folder_.empty() && !told_)
            log(Level::Warning, "mailbox", "no-sent-folder",
                {{"server", options_.server.host}, {"set", "sent_folder"}});
        told_ = true;
        return {};
    }

    Result<void> begin(ImapClient& client) {
        auto folder = client.select(options_.folder);
        if (!folder.ok()) return folder.error();
        const auto stored = around_.state().get(kState);
        const auto before = parse_folder_state(stored.value_or("")).value_or(FolderState{});
        state_ = opened(before, *folder, now(), options_.look_back);
        next_ = folder->next;
        if (before.validity != folder->validity) waiting_.clear();
        if (before.validity != 0 && before.validity != folder->validity)
            log(Level::Warning, "mailbox", "uidvalidity-changed",
                {{"server", options_.server.host}, {"folder", options_.folder}});
        remember();
        return first_session_ ? look_at_left(client) : Result<void>();
    }

    // Once after each start: perhaps whom they are for lives here now.
    Result<void> look_at_left(ImapClient& client) {
        const auto left = state_.left;
        for (const std::uint32_t uid : left) {
            if (around_.stopping()) return {};
            if (auto said = take(client, uid); !said.ok()) return said;
        }
        first_session_ = false;
        return {};
    }

    // Its reader had no room: from time to time, perhaps there is some now.
    Result<void> look_at_waiting(ImapClient& client) {
        if (waiting_.empty() || around_.office().clock().box() < again_at_) return {};
        again_at_ = around_.office().clock().box() + kAgainEach;
        const auto waiting = waiting_;
        for (const std::uint32_t uid : waiting) {
            if (around_.stopping()) return {};
            if (auto said = take(client, uid); !said.ok()) return said;
        }
        return {};
    }

    Result<void> look(ImapClient& client) {
        around_.doing("reading " + options_.folder);
        auto uids = state_.since != 0 ? client.search_since(state_.since)
                                      : client.search_after(state_.taken);
        if (!uids.ok()) return uids.error();
        for (const std::uint32_t uid : *uids) {
            if (around_.stopping()) return {};
            if (uid <= state_.taken) continue;
            if (auto said = take(client, uid); !said.ok()) return said;
        }
        const bool first = state_.since != 0;
        looked_to_the_end(state_, first ? next_ : 0, now());
        // The time of the look is worth a write only where nothing else is written.
        if (first || !uids->empty() || now() - written_ > kLookedEach) {
            written_ = now();
            remember();
        }
        return {};
    }

    Result<void> take(ImapClient& client, std::uint32_t uid) {
        auto taken = fetch(client, uid);
        if (!taken.ok() && of_the_line(taken.error().code)) {
            if (taken.error().code != Code::BadInput || !breaks_again(uid)) return taken.error();
            taken = TakenMail{TakenMail::Kind::Left, taken.error().text};
            settle_left(uid, *taken);
            return Error{Code::Network, taken->why, true};  // this session is of no more use
        }
        if (!taken.ok() && taken.error().code == Code::NotFound) {
            settle_one(uid, false);
            return {};
        }
        // Of this mail alone it says no: the others need not wait.
        if (!taken.ok() && taken.error().code == Code::Conflict)
            taken = TakenMail{TakenMail::Kind::Left, taken.error().text};
        if (!taken.ok()) return taken.error();
        if (taken->kind == TakenMail::Kind::Later)
            return Error{Code::Full, "this box takes no mail now: " + taken->why, true};
        if (taken->kind == TakenMail::Kind::Waits) return let_wait(uid, *taken);
        if (taken->kind == TakenMail::Kind::Left) {
            settle_left(uid, *taken);
            return {};
        }
        settle_one(uid, false);
        remember();
        around_.settled(*taken, "uid " + std::to_string(uid));
        return mark(client, uid);
    }

    bool breaks_again(std::uint32_t uid) {
        breaks_ = uid == breaking_ ? breaks_ + 1 : 1;
        breaking_ = uid;
        return breaks_ >= kMostBreaks;
    }

    void settle_one(std::uint32_t uid, bool left) {
        settle(state_, uid, left);
        waiting_.erase(uid);
    }

    // Among those that are left it is durable, and looked at after each start at the latest.
    Result<void> let_wait(std::uint32_t uid, const TakenMail& mail) {
        if (waiting_.count(uid) > 0) return {};
        if (waiting_.empty()) again_at_ = around_.office().clock().box() + kAgainEach;
        FolderState with = state_;
        settle(with, uid, true);
        if (with.left.count(uid) == 0)  // nothing would remember it
            return Error{Code::Full, "too many mails lie in the mailbox: " + mail.why, true};
        state_ = std::move(with);
        waiting_.insert(uid);
        remember();
        around_.settled(mail, "uid " + std::to_string(uid));
        return {};
    }

    void settle_left(std::uint32_t uid, const TakenMail& mail) {
        settle_one(uid, true);
        remember();
        around_.settled(mail, "uid " + std::to_string(uid));
    }

    Result<TakenMail> fetch(ImapClient& client, std::uint32_t uid) {
        const auto bytes = client.size(uid);
        if (!bytes.ok()) return bytes.error();
        std::uint32_t offset = 0;
        bool ended = false;
        return around_.taker().take(*bytes, [&]() -> Result<std::string> {
            if (ended) return std::string();
            auto piece = client.piece(uid, offset, kPieceBytes);
            // Gone under our hands, or no more of it is given: what there is is not the mail.
            if (!piece.ok() && piece.error().code == Code::NotFound && offset > 0)
                return Error{Code::Conflict, "the provider gives a part of this mail only", true};
            if (!piece.ok()) return piece;
            offset += static_cast<std::uint32_t>(piece->size());
            // Some servers cut pieces, some say a size that is not right: less than was asked for
            // is the end only where the size agrees.
            ended = piece->empty() || (piece->size() < kPieceBytes && offset >= *bytes);
            return piece;
        });
    }

    // The mail is ours already; that it cannot be marked is no reason to stop.
    Result<void> mark(ImapClient& client, std::uint32_t uid) {
        const auto marked = options_.erase_taken     ? client.erase(uid)
                            : !options_.mark.empty() ? client.mark(uid, options_.mark)
                                                     : Result<void>();
        if (marked.ok()) return {};
        if (of_the_line(marked.error().code)) return marked;
        log(Level::Warning, "mailbox", "not-marked",
            {{"uid", std::to_string(uid)}, {"why", marked.error().text}});
        return {};
    }

    // Sent is sent: a copy that the provider refuses, or over which it hangs up again and again, is
    // gone, and the log says so.
    Result<void> append_copies(ImapClient& client) {
        while (const auto mail = around_.copies().front()) {
            if (sent_folder_.empty() || mail->empty()) {
                around_.copies().pop();
                continue;
            }
            const auto appended = client.append(sent_folder_, *mail);
            if (!appended.ok()) {
                const Code code = appended.error().code;
                const bool later = of_the_line(code) || code == Code::Busy;
                if (around_.stopping() || (later && ++copy_breaks_ < kMostBreaks)) return appended;
                log(Level::Warning, "mailbox", "no-copy",
                    {{"folder", sent_folder_}, {"why", appended.error().text}});
                around_.without_copy();
            }
            copy_breaks_ = 0;
            around_.copies().pop();
            if (!appended.ok() && of_the_line(appended.error().code)) return appended;
        }
        return {};
    }

    Result<void> wait(ImapClient& client) {
        if (client.has_idle() && idle_works_) {
            around_.doing("told of new mail at once (IDLE)");
            const auto heard = client.idle(around_.bell(), options_.idle_renew);
            if (heard.ok()) return {};
            if (heard.error().code != Code::Conflict) return heard.error();
            idle_works_ = false;  // promised, and refused
        }
        around_.doing("looking from time to time (the server has no IDLE)");
        around_.bell().wait(-1, options_.poll);
        return around_.stopping() ? Result<void>() : client.noop();
    }

    static constexpr std::int64_t kLookedEach = 3600;  // seconds
    FolderState state_;
    std::uint32_t next_ = 0;  // UIDNEXT when the folder was opened
    std::int64_t written_ = 0;
    std::string sent_folder_;
    bool told_ = false;
    bool idle_works_ = true;
    bool first_session_ = true;
    std::uint32_t breaking_ = 0;  // the mail that broke a session last
    int breaks_ = 0;
    int copy_breaks_ = 0;              // sessions that ended with the copy that is next
    std::set<std::uint32_t> waiting_;  // those of state_.left whose reader has no room
    BoxTime again_at_{};               // then these are tried
};

}  // namespace

std::unique_ptr<Look> imap_look(const LookOptions& options, Surroundings& around) {
    return std::make_unique<ImapLook>(options, around);
}

}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <map>

#include "bridges/email/mailbox/look_session.h"

namespace waypost::email {
namespace {

constexpr char kState[] = "uidl";
// While a first look is not finished: only what came since then is wanted (Unix seconds).
constexpr char kFirst[] = "uidl-first";
// In custody, and to go from the mailbox: a deletion counts from QUIT on only (RFC 1939 6).
constexpr char kErase[] = "uidl-erase";
constexpr int kRememberEach = 20;  // mails

class Pop3Look final : public LookSession<Pop3Client> {
  public:
    Pop3Look(const LookOptions& options, Surroundings& around) : LookSession(options, around) {}

  private:
    Result<void> talk(Pop3Client& client) override {
        if (auto said = client.open(options_.login); !said.ok()) return said;
        around_.let_in();
        around_.doing("reading the mailbox");
        auto listed = client.list();
        if (!listed.ok()) return listed.error();
        recall(*listed);
        const auto looked = look(client, *listed);
        remember();
        if (!looked.ok()) return looked;
        if (auto said = client.quit(); !said.ok()) return said;
        forget_erased();
        around_.went_well();
        around_.doing("looking from time to time (POP3)");
        return {};
    }

    UidlState stored_uidls(const char* key) const {
        return UidlState::parse(around_.state().get(key).value_or("")).value_or(UidlState{});
    }

    void recall(const std::vector<Pop3Client::Listed>& listed) {
        begin_first_look();
        state_ = stored_uidls(kState);
        to_erase_ = stored_uidls(kErase);
        erased_.clear();
        std::vector<std::string> uidls;
        std::map<std::string, BoxTime> still_wait;
        for (const auto& each : listed) {
            uidls.push_back(each.uidl);
            if (const auto found = waiting_.find(each.uidl); found != waiting_.end())
                still_wait.insert(*found);
        }
        waiting_ = std::move(still_wait);
        changed_ = state_.keep_only(uidls);
        erase_changed_ = to_erase_.keep_only(uidls);
    }

    // A look that was cut off goes on from the same day, however much is settled by then.
    void begin_first_look() {
        since_ = 0;
        if (const auto stored = around_.state().get(kFirst)) {
            std::from_chars(stored->data(), stored->data() + stored->size(), since_);
        } else if (!around_.state().get(kState)) {
            since_ = std::max<std::int64_t>(now() - options_.look_back.count(), 1);
            around_.state().put(kFirst, std::to_string(since_));
        }
    }

    void end_first_look() {
        if (since_ == 0) return;
        since_ = 0;
        changed_ = true;  // an empty mailbox was looked at too
        remember();
        around_.state().erase(kFirst);
    }

    // What is to go first: what is settled is not taken again, and would lie there for ever.
    void remember() {
        if (erase_changed_) around_.state().put(kErase, to_erase_.encode());
        if (changed_) around_.state().put(kState, state_.encode());
        erase_changed_ = false;
        changed_ = false;
    }

    Result<void> look(Pop3Client& client, const std::vector<Pop3Client::Listed>& listed) {
        int taken = 0;
        for (const auto& each : listed) {
            if (around_.stopping()) return {};
            if (state_.settled(each.uidl)) {
                if (auto said = erase_if_due(client, each); !said.ok()) return said;
                continue;
            }
            const auto waits = waiting_.find(each.uidl);
            if (waits != waiting_.end() && around_.office().clock().box() < waits->second) continue;
            if (auto said = take(client, each); !said.ok()) return said;
            if (++taken % kRememberEach == 0) remember();
        }
        around_.lying_there(left_ + waiting_.size());
        end_first_look();
        return {};
    }

    Result<void> erase_if_due(Pop3Client& client, const Pop3Client::Listed& mail) {
        if (!options_.erase_taken || !to_erase_.settled(mail.uidl)) return {};
        const auto erased = client.erase(mail.number);
        if (erased.ok()) erased_.push_back(mail.uidl);
        return !erased.ok() && of_the_line(erased.error().code) ? erased : Result<void>();
    }

    // The server said yes to QUIT: these are gone, and a new mail of the same UIDL is another.
    void forget_erased() {
        erase_changed_ = !erased_.empty();
        for (const std::string& uidl : erased_) to_erase_.forget(uidl);
        erased_.clear();
        remember();
    }

    // Of what lay there before this box knew the account, only what is new enough.
    Result<bool> too_old(Pop3Client& client, int number) {
        if (since_ == 0) return false;
        const auto header = client.top(number);
        if (!header.ok()) {
            if (of_the_line(header.error().code)) return header.error();
            return false;
        }
        const std::int64_t received = read_mail_header(*header).received;
        return received != 0 && received < since_;
    }

    Result<void> settle(const std::string& uidl) {
        changed_ = true;
        if (state_.settle(uidl)) return {};
        return Error{
            Code::Conflict,
            "the mailbox has more mails than are remembered: set delete_taken, or use IMAP", true};
    }

    Result<void> take(Pop3Client& client, const Pop3Client::Listed& mail) {
        const auto old = too_old(client, mail.number);
        if (!old.ok()) return old.error();
        if (*old) return settle(mail.uidl);
        bool begun = false;
        bool headed = false;
        const auto next = [&]() -> Result<std::string> {
            if (around_.taker().too_large(mail.bytes)) {  // TOP, RFC 1939 7: not all of it
                return std::exchange(headed, true) ? Result<std::string>(std::string())
                                                   : client.top(mail.number);
            }
            if (!begun) {
                if (auto said = client.retrieve(mail.number); !said.ok()) return said.error();
                begun = true;
            }
            return client.more();
        };
        auto taken = around_.taker().take(mail.bytes, next);
        // Of this mail alone it says no: the others need not wait.
        if (!taken.ok() && taken.error().code == Code::Conflict)
            taken = TakenMail{TakenMail::Kind::Left, taken.error().text};
        if (!taken.ok()) return taken.error();
        if (taken->kind == TakenMail::Kind::Later)
            return Error{Code::Full, "this box takes no mail now: " + taken->why, true};
        if (begun) {
            if (auto rest = read_to_the_end(client); !rest.ok()) return rest;
        }
        if (taken->kind == TakenMail::Kind::Waits) {
            let_wait(mail, *taken);
            return {};
        }
        waiting_.erase(mail.uidl);
        around_.settled(*taken, "number " + std::to_string(mail.number));
        if (taken->kind == TakenMail::Kind::Left) ++left_;
        if (options_.erase_taken && taken->kind == TakenMail::Kind::Kept)
            erase_changed_ = to_erase_.settle(mail.uidl) || erase_changed_;
        if (auto said = settle(mail.uidl); !said.ok()) return said;
        return erase_if_due(client, mail);
    }

    // Not settled, so it is found again; told of once.
    void let_wait(const Pop3Client::Listed& mail, const TakenMail& why) {
        if (waiting_.count(mail.uidl) == 0)
            around_.settled(why, "number " + std::to_string(mail.number));
        waiting_[mail.uidl] = around_.office().clock().box() + kAgainEach;
    }

    Result<void> read_to_the_end(Pop3Client& client) {
        for (;;) {
            const auto piece = client.more();
            if (!piece.ok()) return piece.error();
            if (piece->empty()) return {};
        }
    }

    UidlState state_;
    UidlState to_erase_;
    std::vector<std::string> erased_;         // in this session, which is not yet at its end
    std::map<std::string, BoxTime> waiting_;  // whose reader has no room; tried again then
    std::int64_t since_ = 0;                  // of a first look; 0: it is behind us
    bool changed_ = false;
    bool erase_changed_ = false;
    std::size_t left_ = 0;  // since the start
};

}  // namespace

std::unique_ptr<Look> pop3_look(const LookOptions& options, Surroundings& around) {
    return std::make_unique<Pop3Look>(options, around);
}

}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
// How far a mailbox has been read. Pure values and their text in the transport's state.
//
// IMAP (RFC 3501 2.3.1.1): a UID means something only under its UIDVALIDITY. While that stands, all
// up to `taken` is settled. When it changes, what came since the mailbox was last read is looked at
// once more, and the office knows again what it has. POP3 (RFC 1939 7): the UIDLs that were
// settled, as hashes, as long as they are listed.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::email {

struct FolderState {
    std::uint32_t validity = 0;    // 0: never read
    std::uint32_t taken = 0;       // the last UID that is settled
    std::int64_t since = 0;        // a look back is under way: only what came since (Unix seconds)
    std::int64_t looked = 0;       // when the mailbox was last read to its end (Unix seconds)
    std::set<std::uint32_t> left;  // settled by being left where they are: see MailTaker
};

std::string encode(const FolderState& state);
std::optional<FolderState> parse_folder_state(std::string_view text);

struct FolderNow {
    std::uint32_t validity = 0;
    std::uint32_t next = 0;  // UIDNEXT; 0: not said
};

// The state to go on with, now that the folder was opened.
FolderState opened(const FolderState& before, const FolderNow& folder, std::int64_t now,
                   std::chrono::seconds look_back);
// One mail is settled, in ascending order of UIDs.
void settle(FolderState& state, std::uint32_t uid, bool left);
// All was settled that a look found; the folder's `next` as it was before that look.
void looked_to_the_end(FolderState& state, std::uint32_t next, std::int64_t now);

class UidlState {
  public:
    static constexpr std::size_t kMost = 20'000;

    UidlState() = default;
    static std::optional<UidlState> parse(std::string_view bytes);
    std::string encode() const;

    bool settled(std::string_view uidl) const { return known_.count(hash(uidl)) > 0; }
    // False: too many are remembered.
    bool settle(std::string_view uidl);
    void forget(std::string_view uidl) { known_.erase(hash(uidl)); }
    // What is no longer listed need not be remembered. True: something was forgotten.
    bool keep_only(const std::vector<std::string>& listed);
    std::size_t size() const { return known_.size(); }

  private:
    static std::uint64_t hash(std::string_view uidl);
    std::set<std::uint64_t> known_;
};

}  // namespace waypost::email

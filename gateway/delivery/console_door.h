// SPDX-License-Identifier: Apache-2.0
// Who may open the console: the claim of a new box, passwords and one-time codes, and the browsers
// that are signed in. There is no default password: the first administrator is whoever has the
// claim code, which the box shows to who stands beside it. Thread-safe; the callers' threads wait
// for the disk, and sign-ins also for a password's hash (64 MiB, a tenth of a second or more).
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/secret.h"
#include "gateway/base/token_bucket.h"
#include "gateway/delivery/office.h"

namespace waypost {

// Each may do what those before it may.
enum class Role { Anyone, Villager, Operator, Admin };
const char* to_string(Role role);

// Who asks. On the box's own Unix socket that is whoever the file system lets in: an
// administrator without a name and without a session.
struct Visitor {
    std::string handle;
    Role role = Role::Anyone;
    std::string session;  // its id
    std::string csrf;     // what a request that changes something has to say
};
Visitor on_the_box();
std::string name_of(const Visitor& visitor);  // his handle, or "the operator", for records

// From where, for the limit of tries and for the list of sessions.
struct Caller {
    std::string from;        // network address
    std::string agent;       // what the browser calls itself
    bool encrypted = false;  // nobody on the way reads it
};

struct SignedIn {
    Secret token;  // for the cookie; the store has only its hash
    Visitor visitor;
};

struct Claim {
    std::string code, handle, name, language;
    Secret password;
};

class ConsoleDoor {
  public:
    static constexpr std::chrono::hours kUnused{24 * 30};  // of box time; then a session ends
    static constexpr std::size_t kMostSessions = 20;       // of one person; the oldest goes

    explicit ConsoleDoor(GatewayOffice& office) : office_(office) {}

    // Somebody is administrator.
    Result<bool> claimed();
    // A new code, in place of an older one, good until the box is claimed. Conflict: it is.
    Result<std::string> claim_code();
    // Refused: a wrong code. Conflict: claimed already, or the name is somebody else's. Busy: too
    // many tries, as below.
    Result<SignedIn> claim(const Claim& claim, const Caller& caller);

    // Refused, whatever of it is wrong. Busy: so many tries from there or for that name that the
    // next has to wait; `retry_after` says how long.
    Result<SignedIn> by_password(const std::string& handle, const Secret& password,
                                 const Caller& caller);
    // As a radio is bound by it (custody/codes.h); then it is spent.
    Result<SignedIn> by_code(const std::string& handle, const std::string& code,
                             const Caller& caller);
    static constexpr std::chrono::minutes kRetryAfter{2};

    // nullopt: no such session, or it has ended. One that began in clear is none where nobody reads
    // along, nor the other way round: who read the cookie on the way in gets no further by it.
    std::optional<Visitor> visitor(const Secret& token, bool encrypted);
    // His session goes on, and he is still what he was; so is whoever asks on the box.
    bool still(const Visitor& visitor);
    Result<bool> is_admin(const std::string& handle);
    // Of his own; of everybody for an administrator.
    Result<std::vector<store::ConsoleSessionRow>> sessions(const Visitor& visitor);
    Result<void> end_session(const Visitor& visitor, const std::string& id);
    // His own. Refused: `old` is not his password. Who has none needs none.
    Result<void> set_password(const Visitor& visitor, const Secret& old, const Secret& password);

    // Of programs, in console_tokens.cpp. A token may what its role says, and never more than who
    // made it may at that time; his new password ends it.
    struct Token {
        std::string id;
        Secret token;  // shown once: the store has only its hash
    };
    static constexpr std::size_t kMostTokens = 50;
    // Refused: nobody is signed in, or it would be more than he is. BadInput: no such role, no
    // name.
    Result<Token> make_token(const Visitor& visitor, const std::string& name,
                             const std::string& role);
    Result<std::vector<store::ConsoleTokenRow>> tokens();
    Result<void> end_token(const std::string& id);
    std::optional<Visitor> by_token(const Secret& token);

    // On record, with who did it.
    void note(const Visitor& visitor, const std::string& what, const std::string& about);
    Result<std::vector<store::AuditRow>> audit(std::int64_t before, int most);

  private:
    static constexpr BucketSize kTries{6, 30};       // from one place, for one name or for all
    static constexpr BucketSize kNameTries{30, 60};  // for one name, from wherever
    static constexpr std::size_t kMostBuckets = 4096;

    Result<void> count_try(const std::string& who, const Caller& caller);
    void give_back_try(const std::string& who, const Caller& caller);
    bool take_try(const std::string& key, const BucketSize& size);
    bool right_password(const std::string& hash, const Secret& password);
    Role role_of(store::Tables& tables, const std::string& handle) const;
    Result<SignedIn> came_in(Ledger& ledger, const std::string& handle, const Caller& caller);
    SignedIn open_session(Ledger& ledger, const std::string& handle, const Caller& caller);

    GatewayOffice& office_;
    std::mutex tries_mutex_;
    std::map<std::string, TokenBucket> tries_;  // by name and by network address
    std::mutex hashing_;                        // one hash at a time: each takes 64 MiB
};

}  // namespace waypost

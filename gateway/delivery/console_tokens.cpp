// SPDX-License-Identifier: Apache-2.0
// Programs that come in by a token: ConsoleDoor's second half.
#include <algorithm>

#include "gateway/base/encoding.h"
#include "gateway/delivery/console_door.h"
#include "gateway/delivery/console_keys.h"

namespace waypost {
namespace {

constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kMostName = 60;  // bytes

// The most that one of this role may; Anyone: there is no such role.
Role role_named(const std::string& name) {
    for (const Role role : {Role::Operator, Role::Admin})
        if (name == to_string(role)) return role;
    return Role::Anyone;
}

}  // namespace

Result<ConsoleDoor::Token> ConsoleDoor::make_token(const Visitor& visitor, const std::string& name,
                                                   const std::string& role) {
    const Role most = role_named(role);
    if (most == Role::Anyone)
        return Error{Code::BadInput, "a token's role is operator or admin", false};
    if (name.empty() || name.size() > kMostName)
        return Error{Code::BadInput, "a token has a name of at most 60 bytes", false};
    if (visitor.handle.empty())
        return Error{Code::Refused,
                     "a token belongs to whoever is signed in; on the box itself "
                     "none is needed",
                     false};
    if (most > visitor.role) return Error{Code::Refused, "that is more than you are", false};
    Token made{office_.box().random.hex(kIdBytes), Secret(office_.box().random.hex(kTokenBytes))};
    const auto kept = office_.decide<void>([&](Ledger& ledger) -> Result<void> {
        auto& console = ledger.tables().console;
        if (console.tokens().size() >= kMostTokens)
            return Error{Code::Full, "there are 50 tokens: delete one first", false};
        console.put_token({short_hash(made.token.reveal()), made.id, name, role, visitor.handle,
                           ledger.now(), 0});
        return {};
    });
    if (!kept.ok()) return kept.error();
    return made;
}

Result<std::vector<store::ConsoleTokenRow>> ConsoleDoor::tokens() {
    return office_.box().store.read([](store::Tables& t) { return t.console.tokens(); });
}

Result<void> ConsoleDoor::end_token(const std::string& id) {
    return office_.decide<void>([&](Ledger& ledger) -> Result<void> {
        if (ledger.tables().console.end_token(id)) return {};
        return Error{Code::NotFound, "there is no such token", false};
    });
}

std::optional<Visitor> ConsoleDoor::by_token(const Secret& token) {
    struct Found {
        std::optional<store::ConsoleTokenRow> row;
        Role role = Role::Anyone;
    };
    const std::string hash = short_hash(token.reveal());
    const auto found = office_.box().store.read([&](store::Tables& t) {
        Found all{t.console.token(hash), Role::Anyone};
        if (all.row) all.role = std::min(role_of(t, all.row->handle), role_named(all.row->role));
        return all;
    });
    // Whoever made it may have become a villager: then it opens nothing.
    if (!found.ok() || !found->row || found->role < Role::Operator) return std::nullopt;
    const std::int64_t now = office_.box().wall_ms();
    if (now - found->row->used_ms > kTouchMs || now < found->row->used_ms) {
        (void)office_.change([&](Ledger& ledger) {
            auto used = ledger.tables().console.token(hash);
            if (!used) return;
            used->used_ms = ledger.now();
            ledger.tables().console.put_token(*used);
        });
    }
    return Visitor{found->row->handle, found->role, found->row->id, {}};
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/console_door.h"

#include <sodium.h>

#include <algorithm>

#include "gateway/base/encoding.h"
#include "gateway/commands/catalogue.h"
#include "gateway/commands/handle.h"
#include "gateway/custody/codes.h"
#include "gateway/custody/matters.h"
#include "gateway/delivery/console_keys.h"
#include "gateway/message/text.h"
#include "gateway/people/mail_accounts.h"

namespace waypost {
namespace {

constexpr char kState[] = "console";
constexpr char kClaim[] = "claim";
constexpr std::size_t kMostAgent = 120;
constexpr int kIdBytes = 6;

Error refused(const std::string& why) { return {Code::Refused, why, false}; }
Error wrong() { return refused("the name or what proves it is wrong"); }

// How it began is part of it (ConsoleDoor::visitor).
std::string session_hash(std::string_view token, bool encrypted) {
    return short_hash((encrypted ? "encrypted " : "") + std::string(token));
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

// Letters in either case, with or without the strokes between.
std::string plain_code(const std::string& code) {
    std::string plain;
    for (const char c : lower_ascii(code)) {
        if (c != '-' && c != ' ') plain += c;
    }
    return plain;
}

// Of buckets that are full again nothing is lost. If they were too few, the fullest half goes:
// whoever has none left still has to wait.
template <class SizeOf>
void forget_fullest(std::map<std::string, TokenBucket>& tries, const SizeOf& size_of,
                    std::int64_t now) {
    const auto share = [&](const auto& each) {
        const BucketSize size = size_of(each.first);
        return each.second.level(size, now) / size.most;
    };
    const std::size_t before = tries.size();
    std::erase_if(tries, [&](const auto& each) { return share(each) >= 1; });
    if (tries.size() <= before / 2) return;
    std::vector<double> shares;
    for (const auto& each : tries) shares.push_back(share(each));
    const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
    std::nth_element(shares.begin(), middle, shares.end());
    std::erase_if(tries, [&, half = *middle](const auto& each) { return share(each) >= half; });
}

}  // namespace

const char* to_string(Role role) {
    switch (role) {
        case Role::Admin:
            return "admin";
        case Role::Operator:
            return "operator";
        case Role::Villager:
            return "villager";
        case Role::Anyone:
            break;
    }
    return "anyone";
}

Visitor on_the_box() { return {{}, Role::Admin, {}, {}}; }

std::string name_of(const Visitor& visitor) {
    return visitor.handle.empty() ? "the operator" : visitor.handle;
}

Result<bool> ConsoleDoor::claimed() {
    return office_.box().store.read([](store::Tables& t) { return t.console.has_admin(); });
}

Result<std::string> ConsoleDoor::claim_code() {
    const Secret made = make_password(office_.box().random);
    const std::string code(made.reveal());
    return office_.decide<std::string>([&](Ledger& ledger) -> Result<std::string> {
        auto& tables = ledger.tables();
        if (tables.console.has_admin())
            return Error{Code::Conflict, "this box has an administrator already", false};
        tables.state.put(kState, kClaim, short_hash("claim " + plain_code(code)));
        return code;
    });
}

Result<SignedIn> ConsoleDoor::claim(const Claim& claim, const Caller& caller) {
    if (const auto counted = count_try(kClaim, caller); !counted.ok()) return counted.error();
    const auto handle = parse_handle(claim.handle);
    if (!handle.ok()) return handle.error();
    if (!claim.language.empty() && !is_language(claim.language))
        return bad_input("there is no language " + claim.language + " here");
    const std::lock_guard one(hashing_);
    const auto hash = hash_password(claim.password);
    if (!hash.ok()) return hash.error();
    return office_.decide<SignedIn>([&](Ledger& ledger) -> Result<SignedIn> {
        auto& tables = ledger.tables();
        if (tables.console.has_admin())
            return Error{Code::Conflict, "this box has an administrator already", false};
        const auto code = tables.state.get(kState, kClaim);
        if (!code || !same(*code, short_hash("claim " + plain_code(claim.code))))
            return refused("this is not the code that the box shows");
        auto person = tables.people.person(*handle);
        if (!person) {
            const std::string other = looks_like(tables, *handle);
            if (!other.empty())
                return Error{Code::Conflict, *handle + " looks like " + other + ": choose another",
                             false};
            person = store::PersonRow{};
            person->handle = *handle;
            person->created_ms = ledger.now();
        }
        if (person->name.empty()) person->name = clean_name(claim.name);
        if (!claim.language.empty()) person->language = claim.language;
        person->approved = true;
        tables.people.put_person(*person);
        tables.console.put_account({*handle, true, *hash});
        tables.state.erase(kState, kClaim);
        ledger.effects().people_changed = true;
        tables.console.add_audit({0, ledger.now(), *handle, "claim", caller.from});
        return open_session(ledger, *handle, caller);
    });
}

bool ConsoleDoor::take_try(const std::string& key, const BucketSize& size) {
    const std::int64_t now = office_.box().box_ms();
    return tries_.try_emplace(key, size.most, now).first->second.take(size, 1, now);
}

// A try costs its place and its name one each. Whoever has none left for his place uses up no
// name's.
Result<void> ConsoleDoor::count_try(const std::string& who, const Caller& caller) {
    const std::lock_guard lock(tries_mutex_);
    if (tries_.size() + 3 > kMostBuckets) {
        const auto size = [](const std::string& key) {
            return key.rfind("from ", 0) == 0 ? kTries : kNameTries;
        };
        forget_fullest(tries_, size, office_.box().box_ms());
    }
    if (take_try("from " + caller.from, kTries) && take_try("name " + who, kNameTries)) return {};
    return Error{Code::Busy, "too many tries: wait some minutes", true};
}

// It was the right one.
void ConsoleDoor::give_back_try(const std::string& who, const Caller& caller) {
    const std::int64_t now = office_.box().box_ms();
    const std::lock_guard lock(tries_mutex_);
    const auto back = [&](const std::string& key, const BucketSize& size) {
        const auto found = tries_.find(key);
        if (found != tries_.end()) found->second.spend(size, -1, 0, now);
    };
    back("from " + caller.from, kTries);
    back("name " + who, kNameTries);
}

bool ConsoleDoor::right_password(const std::string& hash, const Secret& password) {
    const std::lock_guard one(hashing_);
    return crypto_pwhash_str_verify(hash.c_str(), password.reveal().data(),
                                    password.reveal().size()) == 0;
}

Role ConsoleDoor::role_of(store::Tables& tables, const std::string& handle) const {
    const auto person = tables.people.person(handle);
    if (!person || !person->approved) return Role::Anyone;
    const auto account = tables.console.account(handle);
    if (account && account->admin) return Role::Admin;
    const auto& operators = office_.box().settings->operators;
    const bool looks_after =
        std::find(operators.begin(), operators.end(), handle) != operators.end() ||
        person->role.find("operator") != std::string::npos;
    return looks_after ? Role::Operator : Role::Villager;
}

SignedIn ConsoleDoor::open_session(Ledger& ledger, const std::string& handle,
                                   const Caller& caller) {
    auto& tables = ledger.tables();
    Random& random = office_.box().random;
    tables.console.end_unused(office_.box().box_ms() - milliseconds(kUnused).count());
    std::vector<std::string> his;
    for (const auto& row : tables.console.sessions()) {
        if (row.handle == handle) his.push_back(row.id);
    }
    for (std::size_t i = kMostSessions - 1; i < his.size(); ++i) tables.console.end_session(his[i]);
    std::string token = random.hex(kTokenBytes);
    store::ConsoleSessionRow row;
    row.token_hash = session_hash(token, caller.encrypted);
    row.id = random.hex(kIdBytes);
    row.handle = handle;
    row.csrf = random.hex(kTokenBytes);
    row.created_ms = row.used_ms = ledger.now();
    row.used_box_ms = office_.box().box_ms();
    row.agent = std::string(cut_bytes(caller.agent, kMostAgent));
    tables.console.put_session(row);
    return {Secret(std::move(token)), {handle, role_of(tables, handle), row.id, row.csrf}};
}

// He has proved who he is: that cost no try.
Result<SignedIn> ConsoleDoor::came_in(Ledger& ledger, const std::string& handle,
                                      const Caller& caller) {
    if (role_of(ledger.tables(), handle) == Role::Anyone) return wrong();
    give_back_try(handle, caller);
    ledger.tables().console.add_audit({0, ledger.now(), handle, "sign-in", caller.from});
    return open_session(ledger, handle, caller);
}

Result<SignedIn> ConsoleDoor::by_password(const std::string& name, const Secret& password,
                                          const Caller& caller) {
    const auto good = parse_handle(lower_ascii(name));
    const std::string handle = good.ok() ? *good : std::string();
    if (const auto counted = count_try(handle, caller); !counted.ok()) return counted.error();
    const auto account =
        office_.box().store.read([&](store::Tables& t) { return t.console.account(handle); });
    if (!account.ok()) return account.error();
    // Whoever asks cannot tell by the time it takes which names have a password.
    static const std::string kNobody = [] {
        const auto hash = hash_password(Secret("nobody has this one"));
        return hash.ok() ? *hash : std::string();
    }();
    const bool right = right_password(*account ? (*account)->hash : kNobody, password);
    if (!*account || !right) return wrong();
    return office_.decide<SignedIn>([&](Ledger& ledger) -> Result<SignedIn> {
        // It may have changed meanwhile.
        const auto still = ledger.tables().console.account(handle);
        if (!still || still->hash != (*account)->hash) return wrong();
        return came_in(ledger, handle, caller);
    });
}

Result<SignedIn> ConsoleDoor::by_code(const std::string& name, const std::string& code,
                                      const Caller& caller) {
    const auto good = parse_handle(lower_ascii(name));
    const std::string handle = good.ok() ? *good : std::string();
    if (const auto counted = count_try(handle, caller); !counted.ok()) return counted.error();
    if (handle.empty()) return wrong();
    return office_.decide<SignedIn>([&](Ledger& ledger) -> Result<SignedIn> {
        // Operators make codes: one of them must not become administrator by it.
        const auto account = ledger.tables().console.account(handle);
        if (account && account->admin) return wrong();
        // Many sign in from one place, so tries count by name alone.
        switch (check_code(ledger, Address{"console", handle}, handle, code)) {
            case CodeCheck::TooManyTries:
                return Error{Code::Busy, "too many codes were tried for " + handle + " today",
                             true};
            case CodeCheck::Wrong:
                return wrong();
            case CodeCheck::Right:
                break;
        }
        return came_in(ledger, handle, caller);
    });
}

bool ConsoleDoor::still(const Visitor& visitor) {
    if (visitor.session.empty()) return visitor.role == Role::Admin;
    const auto found = office_.box().store.read([&](store::Tables& t) {
        const std::string handle = t.console.handle_of(visitor.session);
        return !handle.empty() && role_of(t, handle) >= visitor.role;
    });
    return found.ok() && *found;
}

Result<bool> ConsoleDoor::is_admin(const std::string& handle) {
    return office_.box().store.read([&](store::Tables& t) {
        const auto account = t.console.account(handle);
        return account && account->admin;
    });
}

std::optional<Visitor> ConsoleDoor::visitor(const Secret& token, bool encrypted) {
    struct Found {
        std::optional<store::ConsoleSessionRow> row;
        Role role = Role::Anyone;
    };
    const std::string hash = session_hash(token.reveal(), encrypted);
    const auto found = office_.box().store.read([&](store::Tables& t) {
        Found all{t.console.session(hash), Role::Anyone};
        if (all.row) all.role = role_of(t, all.row->handle);
        return all;
    });
    if (!found.ok() || !found->row || found->role == Role::Anyone) return std::nullopt;
    const store::ConsoleSessionRow& row = *found->row;
    const std::int64_t now = office_.box().box_ms();
    if (now - row.used_box_ms > milliseconds(kUnused).count()) return std::nullopt;
    if (now - row.used_box_ms > kTouchMs) {
        (void)office_.change([&](Ledger& ledger) {
            auto used = ledger.tables().console.session(hash);
            if (!used) return;
            used->used_box_ms = now;
            used->used_ms = ledger.now();
            ledger.tables().console.put_session(*used);
        });
    }
    return Visitor{row.handle, found->role, row.id, row.csrf};
}

Result<std::vector<store::ConsoleSessionRow>> ConsoleDoor::sessions(const Visitor& visitor) {
    auto all = office_.box().store.read([](store::Tables& t) { return t.console.sessions(); });
    if (!all.ok() || visitor.role == Role::Admin) return all;
    std::erase_if(*all, [&](const auto& row) { return row.handle != visitor.handle; });
    return all;
}

Result<void> ConsoleDoor::end_session(const Visitor& visitor, const std::string& id) {
    return office_.decide<void>([&](Ledger& ledger) -> Result<void> {
        auto& console = ledger.tables().console;
        for (const auto& row : console.sessions()) {
            if (row.id != id || (row.handle != visitor.handle && visitor.role != Role::Admin))
                continue;
            console.end_session(id);
            console.add_audit({0, ledger.now(), visitor.handle, "sign-out", row.handle});
            return {};
        }
        return Error{Code::NotFound, "there is no such session", false};
    });
}

Result<void> ConsoleDoor::set_password(const Visitor& visitor, const Secret& old,
                                       const Secret& password) {
    const auto account = office_.box().store.read(
        [&](store::Tables& t) { return t.console.account(visitor.handle); });
    if (!account.ok()) return account.error();
    if (const auto counted = count_try(visitor.handle, {}); !counted.ok()) return counted.error();
    if (*account && !right_password((*account)->hash, old))
        return refused("the old password is wrong");
    std::unique_lock one(hashing_);
    const auto hash = hash_password(password);
    one.unlock();
    if (!hash.ok()) return hash.error();
    return office_.change([&](Ledger& ledger) {
        auto& console = ledger.tables().console;
        const auto now = console.account(visitor.handle);
        console.put_account({visitor.handle, now && now->admin, *hash});
        for (const auto& row : console.sessions()) {
            if (row.handle == visitor.handle && row.id != visitor.session)
                console.end_session(row.id);
        }
        console.end_tokens_of(visitor.handle);
        console.add_audit({0, ledger.now(), visitor.handle, "password", visitor.handle});
    });
}

void ConsoleDoor::note(const Visitor& visitor, const std::string& what, const std::string& about) {
    (void)office_.change([&](Ledger& ledger) {
        ledger.tables().console.add_audit({0, ledger.now(), visitor.handle, what, about});
    });
}

Result<std::vector<store::AuditRow>> ConsoleDoor::audit(std::int64_t before, int most) {
    return office_.box().store.read(
        [&](store::Tables& t) { return t.console.audit(before, most); });
}

}  // namespace waypost

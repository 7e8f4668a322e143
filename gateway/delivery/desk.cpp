// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk.h"

#include <sys/stat.h>

#include <filesystem>

#include "gateway/commands/catalogue.h"
#include "gateway/commands/grammar.h"
#include "gateway/commands/handle.h"
#include "gateway/commands/plain.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/held.h"
#include "gateway/custody/imitation.h"
#include "gateway/custody/matters.h"
#include "gateway/custody/profile.h"
#include "gateway/custody/radios.h"
#include "gateway/delivery/health_watch.h"
#include "gateway/message/text.h"
#include "gateway/message/why.h"
#include "gateway/people/mail_accounts.h"

namespace waypost {
namespace {

Error not_found(const std::string& what) { return {Code::NotFound, what, false}; }

// Of the file system that it is on, or would be.
std::optional<dev_t> file_system_of(std::filesystem::path path) {
    struct stat about {};
    while (::stat(path.c_str(), &about) != 0) {
        if (!path.has_relative_path()) return std::nullopt;
        path = path.parent_path();
    }
    return about.st_dev;
}

// A copy in clear stays on the disk on which all of it lies anyway. What leaves the box is
// encrypted.
Result<void> stays_here(const std::string& folder, const std::string& store) {
    const auto there = file_system_of(folder), here = file_system_of(store);
    if (there && there == here) return {};
    return Error{Code::Refused,
                 folder +
                     " is on another disk than the store: a copy that leaves the box has to be "
                     "encrypted. Name public keys as `recipients` of [backup] and where it goes "
                     "as `to`",
                 false};
}

// A folder with a consistent copy of the database and every body that it names: bodies are only
// ever added before the row that names them, so copying the database first misses none. One that
// is retired meanwhile is needed by nobody.
Result<void> copy_whole(store::Store& store, const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{Code::Full, "cannot make " + folder + ": " + failed.message(), false};
    fs::permissions(folder, fs::perms::owner_all, failed);
    auto copied = store.copy_database(folder + "/waypost.db");
    if (!copied.ok()) return copied;
    return store.bodies().copy_to(folder + "/waypost.db.bodies");
}

}  // namespace

BoxReport Desk::status() {
    BoxReport report;
    const Box& box = office_.box();
    report.domain = box.settings->domain;
    report.village = box.settings->village;
    report.wall_ms = box.wall_ms();
    report.time_doubt = office_.time_doubt();
    report.disk_free = store().bodies().free_bytes();
    report.disk_full = office_.disk_full();
    report.store_problem = office_.store_problem();
    report.responders = responders_of(box);
    for (const auto& [address, row] : box.directory.get()->endpoints()) {
        if (!row.new_key.empty()) report.changed_keys.push_back(row);
    }
    for (const auto& transport : office_.transports().all()) {
        report.transports.push_back({transport->id(), transport->network(), transport->status(),
                                     last_heard(transport->id())});
    }
    auto counts = store().read([](store::Tables& t) { return t.deliveries.counts(); });
    if (counts.ok()) report.counts = std::move(*counts);
    return report;
}

// Of a radio also what was for others, or could not be read.
std::int64_t Desk::last_heard(const TransportId& id) {
    const std::int64_t packet = tools_.live ? tools_.live->packets().heard_ms(id) : 0;
    return std::max(packet, office_.last_heard(id));
}

Result<std::vector<store::DeliveryRow>> Desk::queue(const QueueView& view, DeliveryId after,
                                                    int most) {
    return store().read([&](store::Tables& t) {
        return view.state || view.ended_too
                   ? t.deliveries.list(view.state, after, most, view.network)
                   : t.deliveries.unfinished(after, most, view.network);
    });
}

Result<void> Desk::act(QueueAct act, DeliveryId id) {
    return office_.decide<void>([&](Ledger& ledger) { return act_on_queue(ledger, act, id); });
}

Result<Trace> Desk::trace(MessageId id) {
    auto found = store().read([&](store::Tables& t) -> std::optional<Trace> {
        auto message = t.messages.find(id);
        if (!message) return std::nullopt;
        return Trace{std::move(*message), t.deliveries.of_message(id), t.events.of_message(id)};
    });
    if (!found.ok()) return found.error();
    if (!found.value()) return not_found("no message " + std::to_string(id));
    return std::move(**found);
}

Result<std::vector<Verdict>> Desk::send(const std::string& from, const std::vector<std::string>& to,
                                        const std::string& subject, const std::string& text,
                                        Priority priority) {
    const Box& box = office_.box();
    const auto people = box.directory.get();
    Message message;
    if (people->find(from) != nullptr) {
        message.from = person(from);
    } else {
        auto address = parse_address(from);
        if (!address.ok())
            return Error{Code::BadInput, from + " is no person here and no address", false};
        message.from = std::move(*address);
    }
    for (const std::string& each : to) {
        const bool handle = people->find(each) != nullptr;
        auto address = handle ? Result<Address>(person(each)) : parse_address(each);
        if (!address.ok()) return Error{Code::BadInput, each + ": " + address.error().text, false};
        message.to.push_back(std::move(*address));
    }
    if (message.to.empty()) return bad_input("nobody to send to");
    message.network = "local";
    message.transport = "console";
    message.origin_id = box.random.hex(8);
    message.subject = subject;
    message.text = text;
    message.priority = priority;
    message.trusted = true;
    return office_.accept_and_wait(std::move(message));
}

std::vector<Person> Desk::people() {
    std::vector<Person> all;
    const auto snapshot = office_.box().directory.get();
    for (const auto& [handle, person] : snapshot->persons()) all.push_back(person);
    return all;
}

Result<void> Desk::put_person(const std::string& handle, const std::string& name,
                              const std::string& language, const std::string& role,
                              std::optional<bool> minor, std::optional<Profile> profile) {
    const auto good = parse_handle(handle);
    if (!good.ok()) return good.error();
    const auto other = store().read([&](store::Tables& t) { return looks_like(t, *good); });
    if (other.ok() && !other->empty())
        return Error{Code::Conflict, *good + " looks like " + *other + ": choose another", false};
    if (!language.empty() && !is_language(language)) {
        return bad_input("there is no language " + language + " here, only " + language_codes());
    }
    if (office_.box().directory.get()->group(*good) != nullptr)
        return Error{Code::Conflict, *good + " is a group here", false};
    return office_.change([&](Ledger& ledger) {
        auto row = ledger.tables().people.person(*good).value_or(store::PersonRow{});
        row.handle = *good;
        if (!name.empty() || row.name.empty()) row.name = clean_name(name);
        if (minor) row.minor = *minor;
        if (!language.empty()) row.language = language;
        if (!role.empty()) row.role = role;
        if (row.created_ms == 0) row.created_ms = ledger.now();
        ledger.tables().people.put_person(row);
        if (profile) set_profile(ledger, *good, *profile);
        ledger.effects().people_changed = true;
    });
}

Result<void> Desk::remove_person(const std::string& handle) {
    bool there = false;
    const auto stored = office_.change(
        [&](Ledger& ledger) {
            leave(ledger, handle);
            there = ledger.tables().people.remove_person(handle);
            ledger.tables().console.forget(handle);
            ledger.effects().people_changed = true;
        },
        [&there] { return there; });
    if (!stored.ok()) return stored;
    return there ? told_mail_server() : Result<void>(not_found("nobody here is called " + handle));
}

Result<std::string> Desk::invite(const std::string& handle) {
    const auto people = office_.box().directory.get();
    const Person* person = people->find(handle);
    if (person == nullptr) return not_found("nobody here is called " + handle);
    const Address own = outside_address(office_.box(), handle);
    Error why = not_found("no transport here has invitations");
    for (const auto& transport : office_.transports().all()) {
        if (transport->scheme() != own.scheme) continue;
        auto link = transport->invite(own, person->row.name);
        if (link.ok()) {
            // What the link stands for is on disk before anybody scans it.
            const auto stored = office_.change([](Ledger&) {});
            return stored.ok() ? link : Result<std::string>(stored.error());
        }
        why = link.error();
    }
    return why;
}

Result<void> Desk::bind(const std::string& name, const std::string& address) {
    const auto good = parse_handle(name);
    if (!good.ok()) return good.error();
    const std::string& handle = *good;
    if (office_.box().directory.get()->find(handle) == nullptr) {
        return not_found("nobody here is called " + handle);
    }
    auto parsed = parse_address(address);
    if (!parsed.ok()) return parsed.error();
    if (is_mailbox(*parsed)) {
        return bad_input("a password opens a mailbox: waypost people password " + handle);
    }
    if (office_.box().router.network_of(*parsed).empty()) {
        return bad_input("no transport here carries " + parsed->scheme + ": addresses");
    }
    return office_.change([&](Ledger& ledger) {
        withdraw(ledger, *parsed);
        bind_radio(ledger, *parsed, handle);
    });
}

Result<void> Desk::set_password(const std::string& name, const Secret& password) {
    const auto handle = parse_handle(name);
    if (!handle.ok()) return handle.error();
    const Address end = mailbox(*handle);
    if (office_.box().router.network_of(end).empty()) {
        return bad_input("this box has no mail server: its settings have no [mailserver.NAME]");
    }
    const auto hash = hash_password(password);
    if (!hash.ok()) return hash.error();
    bool there = false;
    const auto stored = office_.change(
        [&](Ledger& ledger) {
            auto& tables = ledger.tables();
            there = tables.people.has_person(*handle);
            if (!there) return;
            put_mail_account(tables, *handle, *hash, ledger.box().random);
            tables.people.put_endpoint({end, *handle, {}, {}, {}, 0, {}});
            ledger.effects().people_changed = true;
            // With a radio too, it waits for the radio; without one, a mailbox is reason to go.
            const Person* before = ledger.box().directory.get()->find(*handle);
            if (before == nullptr || before->endpoints.empty()) {
                release_held(ledger, *handle, "its owner has a mailbox",
                             [](const store::MessageRow&) { return true; });
            }
        },
        [&there] { return there; });
    if (!stored.ok()) return stored;
    if (!there) return not_found("nobody here is called " + *handle);
    return told_mail_server();
}

Result<void> Desk::close_mailbox(const std::string& handle) {
    bool there = false;
    const auto stored = office_.change(
        [&](Ledger& ledger) {
            there = ledger.box().directory.get()->endpoint(mailbox(handle)) != nullptr;
            waypost::close_mailbox(ledger, handle);
        },
        [&there] { return there; });
    if (!stored.ok()) return stored;
    return there ? told_mail_server() : Result<void>(not_found(handle + " has no mailbox here"));
}

Result<void> Desk::told_mail_server() {
    const std::string problem = office_.people_problem();
    return problem.empty() ? Result<void>()
                           : Result<void>(Error{
                                 Code::Internal,
                                 "on record, but the mail server was not told: " + problem, true});
}

std::vector<Address> Desk::changed_keys_of(const std::string& who) {
    const auto people = office_.box().directory.get();
    std::vector<Address> changed;
    for (const auto& [address, row] : people->endpoints()) {
        const bool meant = who == address.uri() || (!row.person.empty() && who == row.person);
        if (meant && !row.new_key.empty()) changed.push_back(address);
    }
    return changed;
}

Result<void> Desk::decide_key(const std::string& who,
                              const std::function<void(store::EndpointRow&)>& decide) {
    const auto changed = changed_keys_of(who);
    if (changed.empty()) return not_found("no changed key at " + who);
    return office_.change([&](Ledger& ledger) {
        for (const Address& address : changed) {
            auto row = ledger.tables().people.endpoint(address);
            if (!row || row->new_key.empty()) continue;
            decide(*row);
            ledger.tables().people.put_endpoint(*row);
            key_settled(ledger, address, "by the operator");
            ledger.effects().networks.insert(ledger.box().router.network_of(address));
        }
        ledger.effects().people_changed = true;
    });
}

Result<void> Desk::confirm_key(const std::string& who) {
    return decide_key(
        who, [](store::EndpointRow& row) { row.public_key = std::exchange(row.new_key, {}); });
}

Result<void> Desk::reject_key(const std::string& who) {
    return decide_key(who, [](store::EndpointRow& row) { row.new_key.clear(); });
}

Result<std::vector<store::ContactRow>> Desk::contacts(const std::string& owner) {
    return store().read([&](store::Tables& t) { return t.people.contacts(owner); });
}

Result<void> Desk::put_contact(const std::string& owner, const std::string& address,
                               const std::string& nick, store::ContactState state) {
    auto parsed = parse_address(address);
    if (!parsed.ok()) return parsed.error();
    const std::string plain = fold(make_plain(nick));
    if (!plain.empty() && !is_nickname(plain))
        return bad_input("a nickname has 1 to 40 bytes without @ = : / # * ? + and quotes");
    const std::string handle = plain.empty() ? plain : handle_like(office_.box(), plain);
    if (!handle.empty())
        return Error{Code::Conflict,
                     handle == plain ? plain + " is a person here"
                                     : plain + " looks like " + handle + ", a person here",
                     false};
    return office_.change([&](Ledger& ledger) {
        auto row = ledger.tables()
                       .people.contact(owner, *parsed)
                       .value_or(store::ContactRow{owner, *parsed, {}, state, ledger.now()});
        if (!plain.empty()) row.nick = plain;
        row.state = state;
        ledger.tables().people.put_contact(row);
    });
}

Result<void> Desk::remove_contact(const std::string& owner, const std::string& address) {
    auto parsed = parse_address(address);
    if (!parsed.ok()) return parsed.error();
    return office_.decide<void>([&](Ledger& ledger) -> Result<void> {
        if (ledger.tables().people.remove_contact(owner, parsed->uri())) return {};
        return not_found("no such contact");
    });
}

// On record of the clock too, so that a restart of the gateway does not ask again.
void Desk::confirm_time() {
    if (tools_.tell_time) (void)tools_.tell_time(office_.box().clock.wall(), "operator");
    office_.confirm_time();
}

Result<void> Desk::set_time(WallTime now) {
    if (!tools_.tell_time)
        return Error{Code::NotFound, "the clock of this gateway cannot be told the time", false};
    const auto told = tools_.tell_time(now, "operator");
    if (!told.ok()) return told.error();
    if (!*told) return Error{Code::Conflict, "the network tells the time already", false};
    office_.confirm_time();
    return {};
}

BackupFacts Desk::own_backups() const {
    return tools_.own_backups ? tools_.own_backups() : BackupFacts{};
}

std::vector<WorkerFacts> Desk::workers() const {
    return tools_.workers ? tools_.workers() : std::vector<WorkerFacts>{};
}

Result<void> Desk::backup(const std::string& folder) {
    std::error_code failed;
    if (std::filesystem::exists(folder, failed))
        return Error{Code::Conflict, folder + " exists already", false};
    const std::string bodies = store().bodies().folder();
    if (bodies.empty())
        return Error{Code::Refused, "the store of a hub is backed up by pg_dump", false};
    auto made = stays_here(folder, bodies);
    if (made.ok()) made = copy_whole(store(), folder);
    note_backup(office_, made);
    return made;
}

}  // namespace waypost

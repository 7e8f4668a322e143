// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/office_people.h"

#include <algorithm>

#include "gateway/custody/radios.h"
#include "gateway/delivery/office.h"
#include "gateway/groups/feeds.h"
#include "gateway/groups/members.h"
#include "gateway/groups/moved_account.h"

namespace waypost {
namespace {

constexpr int kBatch = 200;

Error no_such_group(const std::string& name) {
    return {Code::NotFound, "there is no group " + name + " here", false};
}

Result<void> count_change(Ledger& ledger, const Address& who) {
    if (may_change_today(ledger, who.scheme == "person" ? who.value : who.uri())) return {};
    return Error{Code::Refused, "that was often enough for today: try tomorrow", false};
}

GroupView view_of(const store::GroupRow& row) {
    return {row.name, row.title, row.mode == store::GroupMode::Moderated,
            row.mode == store::GroupMode::Closed};
}

}  // namespace

// The record is some minutes behind what was heard since the gateway runs.
std::int64_t OfficePeople::heard_at(const Address& radio, std::int64_t on_record_ms) const {
    const Box& box = office_.box();
    std::int64_t last = on_record_ms;
    if (const auto heard = office_.heard_of(radio)) {
        const auto ago = std::chrono::duration_cast<milliseconds>(box.clock.box() - heard->at);
        last = std::max<std::int64_t>(last, box.wall_ms() - ago.count());
    }
    return last / 1000;
}

Resident OfficePeople::resident_of(const Person& person) const {
    const Box& box = office_.box();
    const auto people = box.directory.get();
    Resident found;
    found.handle = person.row.handle;
    found.name = person.row.name;
    found.language = person.row.language;
    found.minor = person.row.minor;
    found.profile = person.profile;
    for (const Address& end : person.endpoints) {
        if (!box.router.ordered(box.router.network_of(end))) continue;
        const store::EndpointRow* row = people->endpoint(end);
        found.has_radio = true;
        found.heard_at = std::max(found.heard_at, heard_at(end, row ? row->heard_ms : 0));
    }
    return found;
}

std::optional<Resident> OfficePeople::resident(const std::string& handle) const {
    const auto people = office_.box().directory.get();
    if (const Person* person = people->find(handle)) {
        if (!person->row.approved) return std::nullopt;
        return resident_of(*person);
    }
    const store::EndpointRow* radio = people->stranger(handle);
    if (radio == nullptr) return std::nullopt;
    if (const Person* named = people->person_of(radio->address)) return resident_of(*named);
    Resident found;
    found.handle = handle;
    found.name = radio->name;
    found.has_radio = true;
    found.heard_at = heard_at(radio->address, radio->heard_ms);
    return found;
}

std::vector<Resident> OfficePeople::persons() const {
    const auto people = office_.box().directory.get();
    std::vector<Resident> all;
    for (const auto& [handle, person] : people->persons()) {
        if (person.row.approved) all.push_back(resident_of(person));
    }
    return all;
}

std::string OfficePeople::language() const { return office_.box().settings->language; }

std::string OfficePeople::handle_of(const Address& address) const {
    const auto people = office_.box().directory.get();
    const Person* person = people->person_of(address);
    return person == nullptr ? std::string() : person->row.handle;
}

bool OfficePeople::on_record(const Address& address) const {
    const auto people = office_.box().directory.get();
    const store::EndpointRow* row = people->endpoint(address);
    return row != nullptr && !row->person.empty();
}

bool OfficePeople::is_operator(const std::string& handle) const {
    const std::vector<std::string>& all = office_.box().settings->operators;
    return std::find(all.begin(), all.end(), handle) != all.end();
}

std::optional<GroupView> OfficePeople::group(const std::string& name) const {
    const auto people = office_.box().directory.get();
    const store::GroupRow* row = people->group(name);
    if (row == nullptr || is_feed(row->name)) return std::nullopt;
    return view_of(*row);
}

std::vector<GroupView> OfficePeople::groups() const {
    const auto rows = office_.box().store.read([](store::Tables& t) { return t.groups.all(); });
    std::vector<GroupView> all;
    if (!rows.ok()) return all;
    for (const store::GroupRow& row : *rows)
        if (!is_feed(row.name)) all.push_back(view_of(row));
    return all;
}

std::vector<Address> OfficePeople::feeds() const {
    auto followed = office_.box().store.read([](store::Tables& t) {
        std::vector<Address> all;
        for (const store::GroupRow& row : t.groups.all()) {
            // Its author is a member; nobody else may be, where who followed was forgotten.
            if (is_feed(row.name) && t.groups.member_count(row.name) > 1)
                all.push_back(account_of_feed(row.name));
        }
        return all;
    });
    return followed.ok() ? std::move(*followed) : std::vector<Address>{};
}

Result<std::vector<GroupMember>> OfficePeople::members(const std::string& group) const {
    const auto people = office_.box().directory.get();
    return office_.box().store.read([&](store::Tables& tables) {
        std::vector<GroupMember> all;
        for (std::string after;;) {
            const auto rows = tables.groups.members(group, after, kBatch);
            for (const store::MemberRow& row : rows) {
                const Person* person = people->person_of(row.address);
                all.push_back(
                    {row.address, person ? person->row.name : std::string(), row.moderator});
            }
            if (rows.size() < kBatch) return all;
            after = rows.back().address.uri();
        }
    });
}

Result<Consent> OfficePeople::consent(const std::string& handle, const Address& outsider) const {
    return office_.box().store.read([&](store::Tables& tables) {
        const auto contact = tables.people.contact(handle, outsider);
        if (!contact) return Consent::NotAsked;
        return contact->state == store::ContactState::Known     ? Consent::Given
               : contact->state == store::ContactState::Blocked ? Consent::Refused
                                                                : Consent::Pending;
    });
}

Address OfficePeople::member_of(const Address& who) const {
    const std::string handle = handle_of(who);
    return handle.empty() ? who : person(handle);
}

void OfficePeople::change(std::function<Result<void>(Ledger&)> work, OnDone done) {
    auto answer = std::make_shared<Result<void>>();
    office_.submit_change(
        [work = std::move(work), answer](Ledger& ledger) { *answer = work(ledger); },
        [answer, done = std::move(done)](bool on_disk) {
            if (!done) return;
            done(on_disk ? *answer : Error{Code::Internal, "the store failed", true});
        });
}

void OfficePeople::join(const std::string& group, const Address& who, OnDone done) {
    change(
        [group, member = member_of(who)](Ledger& ledger) -> Result<void> {
            if (!ledger.tables().groups.find(group)) return no_such_group(group);
            if (ledger.tables().groups.member(group, member)) return {};
            if (const auto counted = count_change(ledger, member); !counted.ok()) return counted;
            if (join_group(ledger, group, member, false) == Joined::Full)
                return Error{Code::Refused, "this group is full", false};
            return {};
        },
        std::move(done));
}

void OfficePeople::leave(const std::string& group, const Address& who, OnDone done) {
    change(
        [group, member = member_of(who)](Ledger& ledger) -> Result<void> {
            if (!leave_group(ledger, group, member)) return no_such_group(group);
            return {};
        },
        std::move(done));
}

void OfficePeople::attach(const std::string& handle, const Address& account, OnDone done) {
    change(
        [handle, account](Ledger& ledger) -> Result<void> {
            auto& people = ledger.tables().people;
            const auto person = people.person(handle);
            if (!person || !person->approved)
                return Error{Code::NotFound, "nobody here is called " + handle, false};
            const auto known = people.endpoint(account);
            if (known && !known->person.empty()) {
                if (known->person == handle && !known->suspended) return {};
                return Error{Code::Refused, "this account is another's, or suspended", false};
            }
            bind_radio(ledger, account, handle);
            return {};
        },
        std::move(done));
}

void OfficePeople::moved(const Address& from, const Address& to, OnDone done) {
    change(
        [from, to](Ledger& ledger) -> Result<void> {
            account_moved(ledger, from, to);
            return {};
        },
        std::move(done));
}

}  // namespace waypost

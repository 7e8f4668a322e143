// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"
#include "gateway/store/tables.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;
using ContactColumns = Row<Text, Text, Text, int, I64>;

using PersonColumns = Row<Text, Text, Text, Text, int, int, I64, int, Text>;
using EndpointColumns = Row<Text, Text, Text, Text, Text, I64, Text, int, I64>;

PersonRow row_of(PersonColumns& c) {
    auto& [handle, name, language, role, approved, paused, created, minor, quiet] = c;
    return {handle, name, language, role, approved != 0, paused != 0, created, minor != 0, quiet};
}

ContactRow row_of(ContactColumns& c) {
    return {std::get<0>(c), address_of(std::get<1>(c)), std::get<2>(c),
            static_cast<ContactState>(std::get<3>(c)), std::get<4>(c)};
}

EndpointRow row_of(EndpointColumns& c) {
    return {address_of(std::get<0>(c)),
            std::get<1>(c),
            std::get<2>(c),
            std::get<3>(c),
            std::get<4>(c),
            std::get<5>(c),
            std::get<6>(c),
            std::get<7>(c) != 0,
            std::get<8>(c)};
}

Text select_person(const char* rest) {
    return Text(
               "SELECT handle, name, language, role, approved, paused, created, minor, quiet"
               " FROM persons") +
           rest;
}

Text select_endpoint(const char* rest) {
    return Text(
               "SELECT address, person, name, public_key, new_key, heard, transport,"
               " suspended, bound FROM endpoints") +
           rest;
}

Text select_contact(const char* rest) {
    return Text("SELECT owner, address, nick, state, since FROM contacts WHERE ") + rest;
}

}  // namespace

struct PeopleTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : persons(s, select_person(" ORDER BY handle")),
          person(s, select_person(" WHERE handle = ?")),
          drop_person(s, "DELETE FROM persons WHERE handle = ?"),
          put_person(s,
                     "INSERT INTO persons (handle, name, language, role, approved, paused, created,"
                     " minor, quiet) VALUES (?,?,?,?,?,?,?,?,?)"),
          endpoints(s, select_endpoint("")),
          endpoint(s, select_endpoint(" WHERE address = ?")),
          drop_endpoint(s, "DELETE FROM endpoints WHERE address = ?"),
          put_endpoint(s,
                       "INSERT INTO endpoints (address, person, name, public_key, new_key, heard,"
                       " transport, suspended, bound) VALUES (?,?,?,?,?,?,?,?,?)"),
          unbind(s, "UPDATE endpoints SET person = '', suspended = 0, bound = 0 WHERE person = ?"),
          contacts(s, select_contact("owner = ? ORDER BY nick, address")),
          contact(s, select_contact("owner = ? AND address = ?")),
          by_nick(s, select_contact("owner = ? AND nick = ? AND nick <> ''")),
          with_address(s, select_contact("address = ? ORDER BY owner")),
          nicks(s, select_contact("owner = ? AND nick <> '' AND nick > ? ORDER BY nick LIMIT ?")),
          count_nicks(s,
                      "SELECT COUNT(*) FROM contacts WHERE owner = ? AND nick <> '' AND nick > ?"),
          drop_contact(s, "DELETE FROM contacts WHERE owner = ? AND address = ?"),
          forget_contact(s, "DELETE FROM contacts WHERE address = ? AND state <> 2"),
          forget_nick(s, "UPDATE contacts SET nick = '' WHERE address = ? AND nick <> ''"),
          drop_contacts(s, "DELETE FROM contacts WHERE owner = ?"),
          put_contact(s,
                      "INSERT INTO contacts (owner, address, nick, state, since)"
                      " VALUES (?,?,?,?,?)"),
          move_contacts(s,
                        "UPDATE contacts SET owner = ? WHERE owner = ? AND address NOT IN"
                        " (SELECT address FROM contacts WHERE owner = ?)"),
          drop_items(s, "DELETE FROM items WHERE owner = ?"),
          move_items(s, "UPDATE items SET owner = ? WHERE owner = ?"),
          move_deliveries(s, "UPDATE deliveries SET owner = ? WHERE owner = ? AND state < 5"),
          drop_kept(s, "DELETE FROM kept WHERE owner = ?"),
          drop_kept_total(s, "DELETE FROM kept_totals WHERE owner = ?"),
          move_kept(s, "UPDATE kept SET owner = ? WHERE owner = ?"),
          move_kept_total(s, "UPDATE kept_totals SET owner = ? WHERE owner = ?"),
          drop_owed(s, "DELETE FROM owed WHERE owner = ?"),
          move_owed(s, "UPDATE owed SET owner = ? WHERE owner = ?"),
          join_kept(s,
                    "UPDATE kept SET owner = ? WHERE owner = ? AND message NOT IN"
                    " (SELECT message FROM kept WHERE owner = ?)"),
          sum_kept(s,
                   "INSERT INTO kept_totals (owner, bytes)"
                   " SELECT owner, CAST(SUM(bytes) AS BIGINT) FROM kept WHERE owner = ?"
                   " GROUP BY owner") {}
    Prepared<Params<>, PersonColumns> persons;
    Prepared<Params<Text>, PersonColumns> person;
    Prepared<Params<Text>> drop_person;
    Prepared<Params<Text, Text, Text, Text, int, int, I64, int, Text>> put_person;
    Prepared<Params<>, EndpointColumns> endpoints;
    Prepared<Params<Text>, EndpointColumns> endpoint;
    Prepared<Params<Text>> drop_endpoint;
    Prepared<Params<Text, Text, Text, Text, Text, I64, Text, int, I64>> put_endpoint;
    Prepared<Params<Text>> unbind;
    Prepared<Params<Text>, ContactColumns> contacts;
    Prepared<Params<Text, Text>, ContactColumns> contact;
    Prepared<Params<Text, Text>, ContactColumns> by_nick;
    Prepared<Params<Text>, ContactColumns> with_address;
    Prepared<Params<Text, Text, int>, ContactColumns> nicks;
    Prepared<Params<Text, Text>, Row<I64>> count_nicks;
    Prepared<Params<Text, Text>> drop_contact;
    Prepared<Params<Text>> forget_contact;
    Prepared<Params<Text>> forget_nick;
    Prepared<Params<Text>> drop_contacts;
    Prepared<Params<Text, Text, Text, int, I64>> put_contact;
    Prepared<Params<Text, Text, Text>> move_contacts;
    Prepared<Params<Text>> drop_items;
    Prepared<Params<Text, Text>> move_items;
    Prepared<Params<Text, Text>> move_deliveries;
    Prepared<Params<Text>> drop_kept;
    Prepared<Params<Text>> drop_kept_total;
    Prepared<Params<Text, Text>> move_kept;
    Prepared<Params<Text, Text>> move_kept_total;
    Prepared<Params<Text>> drop_owed;
    Prepared<Params<Text, Text>> move_owed;
    Prepared<Params<Text, Text, Text>> join_kept;
    Prepared<Params<Text>> sum_kept;
};

PeopleTable::PeopleTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
PeopleTable::~PeopleTable() = default;

std::vector<PersonRow> PeopleTable::persons() {
    std::vector<PersonRow> rows;
    for (auto& columns : s_->persons.all()) rows.push_back(row_of(columns));
    return rows;
}

std::optional<PersonRow> PeopleTable::person(const std::string& handle) {
    auto found = s_->person.one(handle);
    if (!found) return std::nullopt;
    return row_of(*found);
}

bool PeopleTable::has_person(const std::string& handle) {
    return s_->person.one(handle).has_value();
}

void PeopleTable::put_person(const PersonRow& row) {
    s_->drop_person.run(row.handle);
    s_->put_person.run(row.handle, row.name, row.language, row.role, row.approved ? 1 : 0,
                       row.paused ? 1 : 0, row.created_ms, row.minor ? 1 : 0, row.quiet);
}

bool PeopleTable::remove_person(const std::string& handle) {
    s_->unbind.run(handle);
    s_->drop_contacts.run(handle);
    s_->drop_items.run(handle);
    s_->drop_kept.run(handle);
    s_->drop_kept_total.run(handle);
    s_->drop_owed.run(handle);
    return s_->drop_person.run(handle) > 0;
}

std::vector<EndpointRow> PeopleTable::endpoints() {
    std::vector<EndpointRow> rows;
    for (EndpointColumns& columns : s_->endpoints.all()) rows.push_back(row_of(columns));
    return rows;
}

std::optional<EndpointRow> PeopleTable::endpoint(const Address& address) {
    auto columns = s_->endpoint.one(address.uri());
    if (!columns) return std::nullopt;
    return row_of(*columns);
}

void PeopleTable::put_endpoint(const EndpointRow& row) {
    s_->drop_endpoint.run(row.address.uri());
    s_->put_endpoint.run(row.address.uri(), row.person, row.name, row.public_key, row.new_key,
                         row.heard_ms, row.transport, row.suspended ? 1 : 0, row.bound_ms);
}

bool PeopleTable::remove_endpoint(const std::string& address_uri) {
    return s_->drop_endpoint.run(address_uri) > 0;
}

std::vector<ContactRow> PeopleTable::contacts(const std::string& owner) {
    std::vector<ContactRow> rows;
    for (auto& columns : s_->contacts.all(owner)) rows.push_back(row_of(columns));
    return rows;
}

std::optional<ContactRow> PeopleTable::contact(const std::string& owner, const Address& address) {
    auto found = s_->contact.one(owner, address.uri());
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::optional<ContactRow> PeopleTable::by_nick(const std::string& owner, const std::string& nick) {
    auto found = s_->by_nick.one(owner, nick);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::vector<ContactRow> PeopleTable::with_address(const Address& address) {
    std::vector<ContactRow> rows;
    for (auto& columns : s_->with_address.all(address.uri())) rows.push_back(row_of(columns));
    return rows;
}

std::vector<ContactRow> PeopleTable::nicks(const std::string& owner, const std::string& after,
                                           int most) {
    std::vector<ContactRow> rows;
    for (auto& columns : s_->nicks.all(owner, after, most)) rows.push_back(row_of(columns));
    return rows;
}

std::int64_t PeopleTable::count_nicks(const std::string& owner, const std::string& after) {
    return value_of(s_->count_nicks.one(owner, after)).value_or(0);
}

void PeopleTable::put_contact(const ContactRow& row) {
    s_->drop_contact.run(row.owner, row.address.uri());
    s_->put_contact.run(row.owner, row.address.uri(), row.nick, static_cast<int>(row.state),
                        row.since_ms);
}

bool PeopleTable::remove_contact(const std::string& owner, const std::string& address_uri) {
    return s_->drop_contact.run(owner, address_uri) > 0;
}

std::size_t PeopleTable::forget_contact(const std::string& address_uri) {
    return s_->forget_contact.run(address_uri) + s_->forget_nick.run(address_uri);
}

void PeopleTable::move_owner(const std::string& from, const std::string& to) {
    s_->move_contacts.run(to, from, to);
    s_->drop_contacts.run(from);
    s_->drop_items.run(to);
    s_->move_items.run(to, from);
    s_->move_deliveries.run(to, from);
    s_->drop_kept.run(to);  // nobody has that name, as with the items
    s_->drop_kept_total.run(to);
    s_->move_kept.run(to, from);
    s_->move_kept_total.run(to, from);
    s_->drop_owed.run(to);
    s_->move_owed.run(to, from);
}

void PeopleTable::join_owner(const std::string& from, const std::string& to) {
    s_->move_contacts.run(to, from, to);
    s_->drop_contacts.run(from);
    s_->move_deliveries.run(to, from);
    s_->join_kept.run(to, from, to);
    s_->drop_kept.run(from);
    s_->drop_kept_total.run(from);
    s_->drop_kept_total.run(to);
    s_->sum_kept.run(to);
}

}  // namespace waypost::store

// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_persons.h"

#include "gateway/custody/codes.h"
#include "gateway/custody/held.h"
#include "gateway/custody/matters.h"
#include "gateway/custody/radios.h"

namespace waypost {
namespace {

Error not_found(std::string what) { return {Code::NotFound, std::move(what), false}; }
Error nobody(const std::string& handle) { return not_found("nobody here is called " + handle); }

struct Radios {
    std::string handle;
    std::vector<Address> radios;
};

// Those of `who`, a handle or the address of one, that are in use, or suspended.
Result<Radios> radios_meant(Ledger& ledger, const std::string& who, bool suspended) {
    auto& tables = ledger.tables();
    const char* which = suspended ? "no suspended radio of " : "no radio in use of ";
    if (tables.people.has_person(who)) {
        Radios found{who, radios_of(tables, who, suspended)};
        if (found.radios.empty()) return not_found(which + who);
        return found;
    }
    const auto address = parse_address(who);
    const auto row =
        address.ok() ? tables.people.endpoint(*address) : std::optional<store::EndpointRow>();
    if (!row || row->person.empty() || is_mailbox(row->address) || row->suspended != suspended)
        return not_found(which + who);
    return Radios{row->person, {row->address}};
}

Result<std::size_t> set_radios(GatewayOffice& office, const std::string& who, bool suspend) {
    return office.decide<std::size_t>([&](Ledger& ledger) -> Result<std::size_t> {
        const auto meant = radios_meant(ledger, who, !suspend);
        if (!meant.ok()) return meant.error();
        (suspend ? suspend_radios : lift_radios)(ledger, meant->handle, meant->radios);
        return meant->radios.size();
    });
}

// What is asked for in this name, else whether a radio of that person, or of that address, has
// another key.
std::optional<store::MatterRow> matter_of(store::Tables& tables, const std::string& who) {
    if (auto named = tables.matters.of_handle(who)) return named;
    for (store::MatterRow& row : tables.matters.all()) {
        if (row.handle == who) return std::move(row);
    }
    return std::nullopt;
}

}  // namespace

Result<std::vector<store::MatterRow>> open_matters(GatewayOffice& office) {
    return office.box().store.read([](store::Tables& t) { return t.matters.all(); });
}

Result<void> decide_matter(GatewayOffice& office, const std::string& handle, bool yes) {
    return office.decide<void>([&](Ledger& ledger) -> Result<void> {
        const auto matter = matter_of(ledger.tables(), handle);
        if (!matter) return not_found("nothing is asked for " + handle);
        if (!yes) {
            refuse(ledger, *matter, "by the operator");
            return {};
        }
        if (carry_out(ledger, *matter, "by the operator", false)) return {};
        return Error{Code::Conflict, "it cannot be done any more", false};
    });
}

Result<std::string> code_for(GatewayOffice& office, const std::string& handle) {
    return office.decide<std::string>([&](Ledger& ledger) -> Result<std::string> {
        const auto person = ledger.tables().people.person(handle);
        if (!person) return nobody(handle);
        if (!person->approved) return Error{Code::Conflict, handle + " is not approved yet", false};
        return make_code(ledger, handle);
    });
}

Result<std::size_t> suspend_lost(GatewayOffice& office, const std::string& who) {
    return set_radios(office, who, true);
}

Result<std::size_t> lift_found(GatewayOffice& office, const std::string& who) {
    return set_radios(office, who, false);
}

Result<Forgot> forget_at_desk(GatewayOffice& office, const std::string& handle) {
    return office.decide<Forgot>([&](Ledger& ledger) -> Result<Forgot> {
        if (!ledger.tables().people.has_person(handle)) return nobody(handle);
        return forget_person(ledger, handle);
    });
}

}  // namespace waypost

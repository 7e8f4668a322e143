// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/radios.h"

#include "gateway/custody/held.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kNameBytes = 12;

void set_suspended(Ledger& ledger, const std::string& handle, const Address& radio, bool yes) {
    auto row = ledger.tables().people.endpoint(radio);
    if (!row || row->person != handle) return;
    row->suspended = yes;
    ledger.tables().people.put_endpoint(*row);
    ledger.effects().people_changed = true;
}

// The numbers of both are in use: his stay, the stranger's follow in their order.
void join_items(Ledger& ledger, const std::string& from, const std::string& handle) {
    auto& tables = ledger.tables();
    for (store::ItemRow item : tables.items.all(from)) {
        const int old = item.number;
        item.owner = handle;
        const int number = tables.items.add(item, ledger.reuse_before());
        for (const store::DeliveryRow& row : tables.deliveries.of_message(item.message)) {
            const bool his = row.owner == handle || row.owner == from;
            if (his && row.item == old) tables.deliveries.set_item(row.id, number);
        }
    }
    tables.items.clear(from);
}

}  // namespace

void forget_talk(store::Tables& tables, const std::string& radio_uri) {
    tables.state.erase(kTalkState, radio_uri);
    tables.state.erase(kTalkState, radio_uri + '?');
}

std::string radio_label(store::Tables& tables, const Address& radio) {
    const auto row = tables.people.endpoint(radio);
    const std::string name = row ? one_line(clean_name(row->name), kNameBytes) : std::string();
    return name.empty() ? radio.value : radio.value + ' ' + name;
}

void bind_radio(Ledger& ledger, const Address& radio, const std::string& handle) {
    auto& tables = ledger.tables();
    store::EndpointRow row = tables.people.endpoint(radio).value_or(store::EndpointRow{});
    row.address = radio;
    if (row.person != handle) row.bound_ms = ledger.now();
    row.person = handle;
    row.suspended = false;
    tables.people.put_endpoint(row);
    tables.people.join_owner(radio.uri(), handle);
    join_items(ledger, radio.uri(), handle);
    ledger.effects().people_changed = true;
    release_consented(ledger, handle, "its owner has a radio or account");
}

std::vector<Address> radios_of(store::Tables& tables, const std::string& handle, bool suspended) {
    std::vector<Address> radios;
    for (const store::EndpointRow& row : tables.people.endpoints()) {
        const bool his = row.person == handle && !is_mailbox(row.address);
        if (his && row.suspended == suspended) radios.push_back(row.address);
    }
    return radios;
}

void suspend_radios(Ledger& ledger, const std::string& handle, const std::vector<Address>& radios) {
    auto& tables = ledger.tables();
    for (const Address& radio : radios) {
        set_suspended(ledger, handle, radio, true);
        forget_talk(tables, radio.uri());
        for (store::DeliveryRow& row : tables.deliveries.unfinished_to(radio.uri())) {
            if (row.owner != handle || row.state == State::Sending) continue;
            ledger.move(row, State::Cancelled, ProofClass::Observed, {}, "its radio is suspended");
        }
    }
}

void lift_radios(Ledger& ledger, const std::string& handle, const std::vector<Address>& radios) {
    for (const Address& radio : radios) {
        set_suspended(ledger, handle, radio, false);
        ledger.effects().networks.insert(ledger.box().router.network_of(radio));
    }
    release_consented(ledger, handle, "its owner has a radio or account");
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/accounts.h"

#include <utility>

namespace waypost::xmpp {
namespace {

constexpr std::chrono::minutes kHeardEvery{1};
// Where the store failed.
constexpr std::chrono::minutes kAttachEvery{10};

}  // namespace

Accounts::Accounts(const Gate& gate) : gate_(gate) {}

// The addresses are those of people here, so there are not many.
bool Accounts::due(const Address& address, std::chrono::milliseconds every) {
    const BoxTime now = gate_.office.clock().box();
    const std::lock_guard lock(known_->mutex);
    BoxTime& again = known_->again.try_emplace(address).first->second;
    if (now < again) return false;
    again = now + every;
    return true;
}

void Accounts::seen(const Jid& account) {
    const std::string handle = gate_.names.handle_of_account(account);
    if (handle.empty()) return;
    const Address address = Names::address_of_foreign(account);
    if (gate_.people.on_record(address)) return;  // his already, or not his to have
    const auto resident = gate_.people.resident(handle);
    if (!resident || resident->handle != handle || !due(address, kAttachEvery)) return;
    gate_.people.attach(handle, address, [known = known_, address](const Result<void>& done) {
        if (!done.ok()) return;
        const std::lock_guard lock(known->mutex);
        known->again.erase(address);
        known->fresh.push_back(address);
    });
}

void Accounts::available(const Jid& account) {
    seen(account);
    const Address address = Names::address_of_foreign(account);
    if (gate_.people.handle_of(address).empty() || !due(address, kHeardEvery)) return;
    gate_.office.heard(gate_.transport, address, {});
}

void Accounts::tick() {
    std::vector<Address> fresh;
    {
        const std::lock_guard lock(known_->mutex);
        fresh.swap(known_->fresh);
    }
    for (const Address& address : fresh) {
        if (due(address, kHeardEvery)) gate_.office.heard(gate_.transport, address, {});
    }
}

}  // namespace waypost::xmpp

// SPDX-License-Identifier: Apache-2.0
#include "gateway/routing/router.h"

#include <algorithm>

#include "gateway/message/text.h"
#include "gateway/people/reply_token.h"
#include "gateway/routing/neighbours.h"

namespace waypost {
namespace {

// RFC 5321 4.5.1 and RFC 2142: these reach a person in every domain.
bool role_address(const std::string& local) { return local == "postmaster" || local == "abuse"; }

Route with_token(Route route, const std::string& token, const std::string& token_of) {
    route.token = token;
    route.token_of = token_of;
    return route;
}

}  // namespace

Route to_group(const std::string& name, const std::string& token) {
    const Address recipient = group(token.empty() ? name : name + '+' + token);
    return {Route::Kind::Group, '#' + name, recipient, {}, token, name};
}

std::string Router::network_of(const Address& endpoint) const {
    const auto found = networks_.find(endpoint.scheme);
    return found == networks_.end() ? std::string() : found->second;
}

Address Router::public_address() const {
    const Address all = waypost::public_address(domain_);
    return network_of(all).empty() ? Address{} : all;
}

Route Router::to_person(const Person& person) const {
    Route route{
        Route::Kind::Person, person.row.handle, waypost::person(person.row.handle), {}, {}, {}};
    for (const Address& endpoint : person.endpoints) {
        const std::string network = network_of(endpoint);
        if (network.empty()) continue;
        if (is_mailbox(endpoint)) {
            route.mailbox = endpoint;
            route.mailbox_network = network;
        } else if (route.network.empty()) {
            route.network = network;
        }
    }
    route.mailbox_only = route.network.empty() && !route.mailbox.empty();
    if (route.mailbox_only) route.network = route.mailbox_network;
    return route;
}

Route Router::local(const Address& to, const Directory& directory) const {
    const auto [name, token] = split_plus(to.local_part());
    std::string handle = lower_ascii(name);
    if (handle == kReportName) {
        return with_token({Route::Kind::Report, {}, {}, {}, {}, {}}, token, handle);
    }
    if (is_public(to)) return {Route::Kind::Outside, {}, to, network_of(to), {}, {}};
    if (handle == kAlarmName) return {Route::Kind::Alarm, {}, to, {}, {}, {}};
    if (handle == kForgetName) return {Route::Kind::Forget, {}, to, {}, {}, {}};
    if (role_address(handle) && !operators_.empty()) handle = operators_.front();
    if (const Person* found = directory.find(handle)) {
        return with_token(to_person(*found), token, handle);
    }
    if (directory.group(handle) != nullptr) return to_group(handle, lower_ascii(token));
    if (const auto* row = directory.stranger(handle)) {
        // Addresses of before he had a name still reach him.
        if (const Person* named = directory.person_of(row->address))
            return with_token(to_person(*named), token, handle);
        return with_token({Route::Kind::Stranger,
                           row->address.uri(),
                           row->address,
                           network_of(row->address),
                           {},
                           {}},
                          token, handle);
    }
    return {};
}

Route Router::route(const Address& to, const Directory& directory) const {
    if (ours(to)) return local(to, directory);
    if (to.scheme == "person") {
        const Person* found = directory.find(to.value);
        return found ? to_person(*found) : Route{};
    }
    if (is_group(to)) return directory.group(to.value) ? to_group(to.value, {}) : Route{};
    if (const Person* named = directory.person_of(to)) return to_person(*named);
    const std::string network = network_of(to);
    if (network.empty()) return {};
    if (directory.endpoint(to) != nullptr) {
        return {Route::Kind::Stranger, to.uri(), to, network, {}, {}};
    }
    return {Route::Kind::Outside, {}, to, network, {}, {}};
}

}  // namespace waypost

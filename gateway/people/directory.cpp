// SPDX-License-Identifier: Apache-2.0
#include "gateway/people/directory.h"

#include <algorithm>

namespace waypost {

Directory::Directory(std::vector<store::PersonRow> persons,
                     std::vector<store::EndpointRow> endpoints, std::vector<store::GroupRow> groups,
                     const std::map<std::string, Profile>& profiles) {
    for (auto& row : groups) {
        const std::string name = row.name;
        groups_.emplace(name, std::move(row));
    }
    for (auto& row : persons) {
        const std::string handle = row.handle;
        persons_[handle].row = std::move(row);
    }
    for (const auto& [handle, profile] : profiles) {
        if (const auto found = persons_.find(handle); found != persons_.end())
            found->second.profile = profile;
    }
    std::sort(endpoints.begin(), endpoints.end(), [](const auto& a, const auto& b) {
        const bool a_waits = is_mailbox(a.address);
        return a_waits == is_mailbox(b.address) ? a.heard_ms > b.heard_ms : !a_waits;
    });
    for (auto& row : endpoints) {
        const auto owner = persons_.find(row.person);
        if (owner != persons_.end() && row.suspended) {
            owner->second.suspended.push_back(row.address);
        } else if (owner != persons_.end() && owner->second.row.approved) {
            owner->second.endpoints.push_back(row.address);
        }
        const Address address = row.address;
        endpoints_.emplace(address, std::move(row));
    }
}

const Person* Directory::find(const std::string& handle) const {
    const auto found = persons_.find(handle);
    return found == persons_.end() ? nullptr : &found->second;
}

const store::GroupRow* Directory::group(const std::string& name) const {
    const auto found = groups_.find(name);
    return found == groups_.end() ? nullptr : &found->second;
}

const store::EndpointRow* Directory::endpoint(const Address& address) const {
    const auto found = endpoints_.find(address);
    return found == endpoints_.end() ? nullptr : &found->second;
}

const Person* Directory::person_of(const Address& address) const {
    if (address.scheme == "person") return find(address.value);
    const auto* row = endpoint(address);
    const Person* person = row == nullptr || row->suspended ? nullptr : find(row->person);
    return person != nullptr && person->row.approved ? person : nullptr;
}

std::string Directory::owner_of(const Address& address) const {
    const Person* person = person_of(address);
    return person == nullptr ? address.uri() : person->row.handle;
}

const store::EndpointRow* Directory::stranger(const std::string& eight_hex) const {
    for (const auto& [address, row] : endpoints_) {
        if (address.value == '!' + eight_hex) return &row;
    }
    return nullptr;
}

DirectorySnapshot DirectoryHolder::get() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
}

void DirectoryHolder::set(DirectorySnapshot snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// Who is who: an immutable snapshot of persons, the endpoints bound to them, and groups, read
// without a lock by every thread that must decide something.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/people_view.h"
#include "gateway/store/group_records.h"

namespace waypost {

struct Person {
    store::PersonRow row;
    // That reach him: the one heard last comes first, a mailbox last. None until he is approved.
    std::vector<Address> endpoints;
    std::vector<Address> suspended;  // his, but a stranger's until he lifts it
    Profile profile = Profile::Unlisted;
};

class Directory {
  public:
    Directory(std::vector<store::PersonRow> persons, std::vector<store::EndpointRow> endpoints,
              std::vector<store::GroupRow> groups = {},
              const std::map<std::string, Profile>& profiles = {});

    const Person* find(const std::string& handle) const;
    const store::EndpointRow* endpoint(const Address& address) const;
    // Whose items, contacts and quotas an address uses: a handle, or its own URI for a stranger,
    // as which counts who is not approved yet and a radio that is suspended.
    std::string owner_of(const Address& address) const;
    const Person* person_of(const Address& address) const;
    // The endpoint whose value is "!" + these eight hex digits, on whatever network.
    const store::EndpointRow* stranger(const std::string& eight_hex) const;
    const store::GroupRow* group(const std::string& name) const;
    const std::map<std::string, Person>& persons() const { return persons_; }
    const std::map<Address, store::EndpointRow>& endpoints() const { return endpoints_; }

  private:
    std::map<std::string, Person> persons_;
    std::map<Address, store::EndpointRow> endpoints_;
    std::map<std::string, store::GroupRow> groups_;
};

using DirectorySnapshot = std::shared_ptr<const Directory>;

// Holds the newest snapshot. Thread-safe.
class DirectoryHolder {
  public:
    DirectorySnapshot get() const;
    void set(DirectorySnapshot snapshot);

  private:
    mutable std::mutex mutex_;
    DirectorySnapshot snapshot_ = std::make_shared<const Directory>(
        std::vector<store::PersonRow>{}, std::vector<store::EndpointRow>{});
};

}  // namespace waypost

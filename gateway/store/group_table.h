// SPDX-License-Identifier: Apache-2.0
// Groups and who is in them. See tables.h for threads and errors.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/group_records.h"
#include "gateway/store/session.h"

namespace waypost::store {

class GroupTable {
  public:
    explicit GroupTable(Poco::Data::Session& session);
    ~GroupTable();
    std::vector<GroupRow> all();  // by name
    std::optional<GroupRow> find(const std::string& name);
    void put(const GroupRow& row);
    bool remove(const std::string& name);  // its members too

    std::optional<MemberRow> member(const std::string& group, const Address& address);
    // Those whose URI is above `after`, in order of it.
    std::vector<MemberRow> members(const std::string& group, const std::string& after, int most);
    std::vector<MemberRow> moderators(const std::string& group);
    std::vector<std::string> groups_of(const Address& address);
    std::int64_t member_count(const std::string& group);
    void put_member(const MemberRow& row);
    bool remove_member(const std::string& group, const Address& address);
    void forget_member(const Address& address);  // of all groups

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store

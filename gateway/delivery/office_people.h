// SPDX-License-Identifier: Apache-2.0
// The people and groups of the box, as a network that shows them to one another may see them.
#pragma once

#include "gateway/people_view.h"
#include "gateway/store/group_records.h"

namespace waypost {

class GatewayOffice;
class Ledger;
struct Person;

class OfficePeople final : public PeopleView {
  public:
    explicit OfficePeople(GatewayOffice& office) : office_(office) {}

    std::optional<Resident> resident(const std::string& handle) const override;
    std::vector<Resident> persons() const override;
    std::string language() const override;
    std::string handle_of(const Address& address) const override;
    bool on_record(const Address& address) const override;
    bool is_operator(const std::string& handle) const override;
    std::optional<GroupView> group(const std::string& name) const override;
    std::vector<GroupView> groups() const override;
    std::vector<Address> feeds() const override;
    Result<std::vector<GroupMember>> members(const std::string& group) const override;
    Result<Consent> consent(const std::string& handle, const Address& outsider) const override;
    void join(const std::string& group, const Address& who, OnDone done) override;
    void leave(const std::string& group, const Address& who, OnDone done) override;
    void attach(const std::string& handle, const Address& account, OnDone done) override;
    void moved(const Address& from, const Address& to, OnDone done) override;

  private:
    std::int64_t heard_at(const Address& radio, std::int64_t on_record_ms) const;
    Resident resident_of(const Person& person) const;
    // As a member: person:ana where it is an address of hers.
    Address member_of(const Address& who) const;
    void change(std::function<Result<void>(Ledger&)> work, OnDone done);

    GatewayOffice& office_;
};

}  // namespace waypost

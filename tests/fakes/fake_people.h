// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateway/people_view.h"

namespace waypost {

// A village that a test writes down. What is asked for happens at once, unless `later` is set.
class FakePeople final : public PeopleView {
  public:
    Resident& add(const std::string& handle, const std::string& name = {}) {
        Resident& one = residents[handle];
        one.handle = handle;
        one.name = name;
        return one;
    }
    GroupView& add_group(const std::string& name, const std::string& title = {}) {
        GroupView& one = all_groups[name];
        one.name = name;
        one.title = title;
        return one;
    }

    std::optional<Resident> resident(const std::string& handle) const override {
        const auto found = residents.find(handle);
        return found == residents.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<Resident> persons() const override {
        std::vector<Resident> all;
        for (const auto& [handle, one] : residents) all.push_back(one);
        return all;
    }
    std::string language() const override { return village_language; }
    std::string handle_of(const Address& address) const override {
        const auto found = addresses.find(address);
        return found == addresses.end() ? std::string() : found->second;
    }
    bool on_record(const Address& address) const override {
        return addresses.count(address) > 0 || suspended.count(address) > 0;
    }
    bool is_operator(const std::string& handle) const override { return handle == operator_; }
    std::optional<GroupView> group(const std::string& name) const override {
        const auto found = all_groups.find(name);
        return found == all_groups.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<GroupView> groups() const override {
        std::vector<GroupView> all;
        for (const auto& [name, one] : all_groups) all.push_back(one);
        return all;
    }
    Result<std::vector<GroupMember>> members(const std::string& group) const override {
        if (disk_fails) return Error{Code::Internal, "the store failed", true};
        const auto found = group_members.find(group);
        return found == group_members.end() ? std::vector<GroupMember>() : found->second;
    }
    Result<Consent> consent(const std::string& handle, const Address& outsider) const override {
        if (disk_fails) return Error{Code::Internal, "the store failed", true};
        const auto found = consents.find({handle, outsider});
        return found == consents.end() ? Consent::NotAsked : found->second;
    }
    void join(const std::string& group, const Address& who, OnDone done) override {
        joined.emplace_back(group, who);
        finish(refusal ? Result<void>(*refusal) : Result<void>(), std::move(done));
    }
    void leave(const std::string& group, const Address& who, OnDone done) override {
        left.emplace_back(group, who);
        finish(refusal ? Result<void>(*refusal) : Result<void>(), std::move(done));
    }
    void attach(const std::string& handle, const Address& account, OnDone done) override {
        attached.emplace_back(handle, account);
        if (refusal) return finish(*refusal, std::move(done));
        if (suspended.count(account) > 0)
            return finish(Error{Code::Refused, "this account is suspended", false},
                          std::move(done));
        addresses[account] = handle;
        finish({}, std::move(done));
    }
    void moved(const Address& from, const Address& to, OnDone done) override {
        moves.emplace_back(from, to);
        finish(refusal ? Result<void>(*refusal) : Result<void>(), std::move(done));
    }

    std::map<std::string, Resident> residents;
    std::string village_language = "en";
    std::map<Address, std::string> addresses;  // of whatever network, to a handle
    std::set<Address> suspended;               // on record, and nobody's just now
    std::string operator_;                     // the one there is; empty: none
    std::map<std::string, GroupView> all_groups;
    std::map<std::string, std::vector<GroupMember>> group_members;
    std::map<std::pair<std::string, Address>, Consent> consents;
    bool disk_fails = false;
    std::optional<Error> refusal;  // of what is asked for
    // What was asked for, in order: group or handle, and who.
    std::vector<std::pair<std::string, Address>> joined, left, attached;
    std::vector<std::pair<Address, Address>> moves;
    // Set: answers are not said at once, but when what this gets is called, on any thread.
    std::function<void(std::function<void()>)> later;

  private:
    void finish(Result<void> result, OnDone done) {
        if (!done) return;
        auto say = [result = std::move(result), done = std::move(done)] { done(result); };
        later ? later(std::move(say)) : say();
    }
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// What an operator does with groups. Thread-safe; each change is on disk when it returns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/delivery/office.h"

namespace waypost {

struct GroupReport {
    store::GroupRow row;
    std::vector<std::string> moderators;  // handles
    std::int64_t members = 0;
};

// What is to be changed of a group.
struct GroupWish {
    std::optional<std::string> title;  // one line, at most 60 bytes
    std::optional<store::GroupMode> mode;
    std::optional<store::Posters> posters;
    std::optional<std::vector<std::string>> moderators;  // all of them; they are members by it
};

struct WaitingPost {
    MessageId message = 0;
    std::string author;
    std::string text;  // its beginning
    store::Ms at_ms = 0;
};

class GroupDesk {
  public:
    explicit GroupDesk(GatewayOffice& office) : office_(office) {}

    Result<std::vector<GroupReport>> list();
    // Conflict: it is there, or a person is called so, or there are as many as there may be.
    Result<void> add(const std::string& name, const GroupWish& wish);
    Result<void> set(const std::string& name, const GroupWish& wish);
    Result<void> remove(const std::string& name);
    // In order of address, those above `after`.
    Result<std::vector<store::MemberRow>> members(const std::string& name, const std::string& after,
                                                  int most);
    // `who`: a handle, or the mail address of somebody outside.
    Result<void> join(const std::string& name, const std::string& who, bool digest);
    Result<void> leave(const std::string& name, const std::string& who);
    Result<std::vector<WaitingPost>> waiting(const std::string& name);
    Result<void> decide(const std::string& name, MessageId post, bool passes);

  private:
    Result<void> moderators_live_here(const GroupWish& wish);
    Result<void> in_group(const std::string& name,
                          const std::function<Result<void>(Ledger&, store::GroupRow&)>& work);
    GatewayOffice& office_;
};

}  // namespace waypost

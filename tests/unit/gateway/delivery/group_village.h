// SPDX-License-Identifier: Apache-2.0
// A village with groups: what an operator, radios and mail programs do with them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "village.h"

namespace waypost {

inline constexpr char kNobody[] = "!0000000e";

class GroupVillage : public Village {
  protected:
    GroupVillage() {
        name("ana", kAna);
        name("ben", kBen);
        name("carl", kCarl);
    }

    Result<void> add(const std::string& group, const GroupWish& wish = {}) {
        return ask([&](Desk& d) { return d.groups().add(group, wish); });
    }
    static GroupWish of_mode(store::GroupMode mode,
                             std::vector<std::string> moderators = {"carl"}) {
        GroupWish wish;
        wish.mode = mode;
        wish.moderators = std::move(moderators);
        return wish;
    }
    Result<void> put_in(const std::string& group, const std::string& who, bool digest = false) {
        return ask([&](Desk& d) { return d.groups().join(group, who, digest); });
    }
    std::vector<std::string> members(const std::string& group) {
        std::vector<std::string> uris;
        const auto rows =
            *store_->read([&](store::Tables& t) { return t.groups.members(group, "", 5000); });
        for (const auto& row : rows) uris.push_back(row.address.uri());
        return uris;
    }
    bool is_in(const std::string& group, const std::string& uri) {
        const auto all = members(group);
        return std::find(all.begin(), all.end(), uri) != all.end();
    }

    Message mail_of(const std::string& from, const std::string& to, const std::string& text) {
        Message message = letter(from, to, text);
        message.return_path = message.from;
        message.from_name = "Bob";
        message.subject = "The well";
        message.verified_sender = true;
        return message;
    }
    // What went to this mail address.
    std::vector<Delivery> mails_to(const std::string& address) const {
        std::vector<Delivery> found;
        for (const Delivery& d : relay_->sent) {
            if (d.to.value == address) found.push_back(d);
        }
        return found;
    }
};

}  // namespace waypost

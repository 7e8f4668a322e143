// SPDX-License-Identifier: Apache-2.0
// A village with groups: what an operator, radios and mail programs do with them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "village.h"

namespace waypost {

inline constexpr char kAna[] = "!0000000a";
inline constexpr char kBen[] = "!0000000b";
inline constexpr char kCarl[] = "!0000000c";
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
        Message message;
        message.from = message.return_path = *parse_address(from);
        message.from_name = "Bob";
        message.to = {*parse_address(to)};
        message.network = "email";
        message.transport = "email";
        message.origin_id = "<m" + std::to_string(++mails_) + "@outside>";
        message.subject = "The well";
        message.text = text;
        message.verified_sender = true;
        return message;
    }
    Verdict hand(const Message& message) {
        Verdict verdict;
        office_->accept(message, [&](const std::vector<Verdict>& v) { verdict = v.at(0); });
        settle();
        return verdict;
    }
    // What went to this mail address.
    std::vector<Delivery> mails_to(const std::string& address) const {
        std::vector<Delivery> found;
        for (const Delivery& d : relay_->sent) {
            if (d.to.value == address) found.push_back(d);
        }
        return found;
    }
    // All that a radio showed, from the beginning.
    std::vector<std::string> all_shown(const std::string& radio) const {
        std::vector<std::string> lines;
        for (const Delivery& d : radio_->sent) {
            if (d.to.value == radio) lines.push_back(d.text);
        }
        return lines;
    }
    int mails_ = 0;
};

}  // namespace waypost

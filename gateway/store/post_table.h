// SPDX-License-Identifier: Apache-2.0
// The posts of groups, and what members' radios have not been told of them yet. See tables.h for
// threads and errors.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/group_records.h"
#include "gateway/store/session.h"

namespace waypost::store {

class PostTable {
  public:
    explicit PostTable(Poco::Data::Session& session);
    ~PostTable();
    void insert(const PostRow& row);
    void update(const PostRow& row);  // state and cursor
    std::optional<PostRow> find(MessageId message, const std::string& group);
    std::optional<PostRow> by_origin(const std::string& group, const std::string& origin);
    std::vector<PostRow> of_message(MessageId message);
    // Newest first, of one state and those that come after it: Passing gives what members have.
    std::vector<PostRow> newest(const std::string& group, bool waiting, int most);
    std::optional<PostRow> next_passing();             // that is not with all members yet
    std::vector<PostRow> unseen(Ms before, int most);  // by any moderator, older than that
    void forget(MessageId message);
    // The group is no more: nobody reads its posts there, and what is under way arrives.
    void close_group(const std::string& group);

    void wait_for_digest(const std::string& group, const Address& member, MessageId message,
                         Ms box_now);
    // In order of member and group, those above `after`.
    std::vector<DigestRow> digests(const DigestRow& after, int most);
    std::vector<MessageId> waiting_for(const std::string& group, const Address& member);
    void end_waiting(const std::string& group, const Address& member);
    void forget_waiting(const Address& member);  // of all groups

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store

// SPDX-License-Identifier: Apache-2.0
// Letters as lists show them, newest first, without their originals. Read only. See tables.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

struct LetterRow {
    MessageId id = 0;
    Kind kind = Kind::Letter;
    std::string network;
    TransportId transport;
    Address from;
    std::string owner;  // as MessageRow
    std::string from_name;
    std::string subject;
    std::string text;  // empty once it is forgotten
    bool attachments = false;
    Privacy privacy = Privacy::InClear;
    Ms created_ms = 0;
    std::int64_t bytes = 0;
};

// Letters and alarms; those below `before`, or from the newest where it is 0; at most `most`.
class LetterList {
  public:
    explicit LetterList(Poco::Data::Session& session);
    ~LetterList();
    std::vector<LetterRow> written_by(const std::string& owner, MessageId before, int most);
    std::vector<LetterRow> that_came_for(const std::string& owner, MessageId before, int most);
    std::vector<LetterRow> all(MessageId before, int most);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store

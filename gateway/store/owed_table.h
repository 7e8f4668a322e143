// SPDX-License-Identifier: Apache-2.0
// Letters whose writer has a radio, and whose fate changed since he was told of it last. He is told
// with the next receipt; nothing is ever sent for it alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/message/message.h"
#include "gateway/store/session.h"

namespace waypost::store {

class OwedTable {
  public:
    explicit OwedTable(Poco::Data::Session& session);
    ~OwedTable();
    // Owed to whoever wrote the letter, if he wrote it on this network; else nothing is.
    void add(MessageId message, const std::string& network, std::int64_t at_ms);
    std::vector<MessageId> newest(const std::string& owner, int most);  // newest first
    void erase(const std::string& owner, MessageId message);
    void forget(MessageId message);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store

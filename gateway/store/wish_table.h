// SPDX-License-Identifier: Apache-2.0
// What senders outside asked to hear of their deliveries, where it is not what all are told. One
// row for each delivery; a person's radio and mailbox have one each.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/message/message.h"
#include "gateway/store/session.h"

namespace waypost::store {

struct WishRow {
    DeliveryId delivery = 0;
    MessageId message = 0;
    std::string whose;  // the recipient, a handle or an address: his deliveries share the answer
    Wish wish;
    std::string envelope_id;
    bool answered = false;  // its sender was told that it arrived
};

class WishTable {
  public:
    explicit WishTable(Poco::Data::Session& session);
    ~WishTable();
    void add(const WishRow& row);
    std::optional<WishRow> find(DeliveryId delivery);
    void set_answered(MessageId message, const std::string& whose);
    void forget(MessageId message);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store

// SPDX-License-Identifier: Apache-2.0
// What came from outside and is held for its recipient: from whom, and whether he was told. Columns
// of `deliveries` beside those of DeliveryRow, so that they end with the state; what an operator
// holds is left out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/message/message.h"
#include "gateway/store/session.h"

namespace waypost::store {

// Whether its recipient asked for it.
enum class Asked {
    Yes = 0,           // it waits for something else: `start`, a radio
    NotTold = 1,       // waits for his consent, and he has not heard of it
    NothingToTell = 2  // likewise, and he has heard of it or need not
};

struct HeldRow {
    DeliveryId delivery = 0;
    MessageId message = 0;
    int item = 0;
    std::string from;  // address as URI
};

class HeldTable {
  public:
    explicit HeldTable(Poco::Data::Session& session);
    ~HeldTable();
    // Beside the delivery, which is on record already.
    void note(DeliveryId delivery, const std::string& from_uri, Asked asked);
    // Held from this sender, the oldest first. Empty sender: from people of ours, or from before
    // senders were on record.
    std::vector<DeliveryId> from(const std::string& owner, const std::string& from_uri);
    std::vector<DeliveryId> from_to_anybody(const std::string& from_uri);
    std::vector<HeldRow> not_told(const std::string& owner, int most);  // the oldest first
    void set_told(const std::string& owner);
    // The next owner after `after`, by name, who has not been told of something.
    std::optional<std::string> next_not_told(const std::string& after);
    std::int64_t count_unasked(const std::string& owner);
    std::optional<DeliveryId> oldest_unasked(const std::string& owner);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store

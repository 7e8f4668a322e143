// SPDX-License-Identifier: Apache-2.0
// Lines that look: list, read, more, where is it; and cancel, which tells where it is if too late.
#pragma once

#include <optional>

#include "gateway/conversation/line.h"

namespace waypost {

class Reading : Topic {
  public:
    explicit Reading(Line& line) : Topic(line) {}

    std::string list();
    std::string read(int number);
    std::string more();
    std::string where_is(int number);
    std::string cancel(int number);

  private:
    std::string show(const store::ItemRow& item, std::int64_t from);
    std::string where(const store::ItemRow& item);
    std::string where(const store::ItemRow& item, const store::DeliveryRow& row,
                      const std::vector<store::EventRow>& events);
    std::string where_handed(const store::DeliveryRow& row, const std::string& number,
                             const std::string& who, const std::vector<store::EventRow>& events);
    std::string who_is(const store::ItemRow& item, const store::MessageRow& message);
    std::string where_post(const store::ItemRow& item);
    bool take_back(const store::ItemRow& item);
    std::string as_alarm(const store::ItemRow& item);
    std::optional<store::DeliveryRow> copy_of(const store::ItemRow& item);
    std::size_t page_bytes() const;
};

}  // namespace waypost

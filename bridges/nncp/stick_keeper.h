// SPDX-License-Identifier: Apache-2.0
// The courier's sticks, for those who ask of them by the gateway's desk (gateway/couriers.h).
#pragma once

#include "bridges/nncp/courier/courier.h"
#include "bridges/nncp/nncp_options.h"
#include "gateway/couriers.h"

namespace waypost::nncp {

class CourierSticks final : public StickKeeper {
  public:
    // Both outlive it.
    CourierSticks(Courier& courier, const NncpOptions& options)
        : courier_(courier), options_(options) {}

    std::vector<CourierStick> sticks() const override;
    Result<void> decide(const std::string& id, bool accept) override;

  private:
    Courier& courier_;
    const NncpOptions& options_;
};

// At the desk as long as it lives. All outlive it.
class CourierStay {
  public:
    CourierStay(CourierDesk& desk, Courier& courier, const NncpOptions& options)
        : desk_(desk), sticks_(courier, options) {
        desk_.join(sticks_);
    }
    ~CourierStay() { desk_.leave(sticks_); }
    CourierStay(const CourierStay&) = delete;
    CourierStay& operator=(const CourierStay&) = delete;

  private:
    CourierDesk& desk_;
    CourierSticks sticks_;
};

}  // namespace waypost::nncp

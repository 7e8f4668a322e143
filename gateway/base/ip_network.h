// SPDX-License-Identifier: Apache-2.0
// A network of addresses in CIDR form: "192.168.4.0/24", "fd00::/8", or one address.
#pragma once

#include <Poco/Net/IPAddress.h>

#include <string>

#include "gateway/base/result.h"

namespace waypost {

class IpNetwork {
  public:
    static Result<IpNetwork> parse(const std::string& cidr);
    bool holds(const Poco::Net::IPAddress& address) const;

  private:
    IpNetwork(const Poco::Net::IPAddress& base, unsigned bits);
    Poco::Net::IPAddress mask_;
    Poco::Net::IPAddress base_;
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// A village that is asked over its API, as the command line and the console do.
#pragma once

#include <sstream>
#include <string>

#include "tests/unit/gateway/delivery/village.h"
#include "web/api/api.h"

namespace waypost::api {

inline std::string json_of(const Reply& reply) {
    std::ostringstream out;
    reply.body->stringify(out);
    return out.str();
}

class ApiVillage : public Village {
  protected:
    Reply call(const std::string& method, const std::string& path, const std::string& body = {}) {
        Reply reply;
        (void)ask([&](Desk& desk) -> Result<void> {
            reply = answer(desk, on_the_box(method, path, body));
            return {};
        });
        return reply;
    }
};

}  // namespace waypost::api

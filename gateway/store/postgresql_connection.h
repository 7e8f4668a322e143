// SPDX-License-Identifier: Apache-2.0
// libpq's connection strings in the words of Poco's connector.
#pragma once

#include <string>

namespace waypost::store {

// Takes what libpq takes. Poco knows "key=value" without quotes, between blanks; where a value has
// need of more, and where it is no connection string, throws std::runtime_error with a sentence.
// What finds out that a server is gone is added, if it is not there.
std::string for_poco(const std::string& connection);

}  // namespace waypost::store

// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/prepared.h"

#include <Poco/Data/SQLite/Connector.h>

namespace waypost::store {

std::string numbered(const std::string& sql) {
    std::string result;
    int number = 0;
    for (const char c : sql) {
        if (c == '?') {
            result += '$' + std::to_string(++number);
        } else {
            result += c;
        }
    }
    return result;
}

bool on_sqlite(Poco::Data::Session& session) {
    return session.impl()->connectorName() == Poco::Data::SQLite::Connector::KEY;
}

}  // namespace waypost::store

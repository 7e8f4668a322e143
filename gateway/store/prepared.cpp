// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/prepared.h"

#include <Poco/Data/SQLite/Connector.h>

#include "gateway/message/text.h"

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

bool fits_postgresql(const std::string& text) {
    return text.find('\0') == std::string::npos && is_utf8(text);
}

void fit_for_postgresql(std::string& text) {
    if (fits_postgresql(text)) return;
    constexpr std::int32_t kReplacement = 0xfffd;
    std::string out;
    each_code_point(text, [&out](std::int32_t value, std::string_view bytes) {
        if (value <= 0) {
            append_code_point(out, kReplacement);
        } else {
            out += bytes;
        }
    });
    text = std::move(out);
}

bool on_sqlite(Poco::Data::Session& session) {
    return session.impl()->connectorName() == Poco::Data::SQLite::Connector::KEY;
}

}  // namespace waypost::store

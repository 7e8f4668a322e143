// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/list_fields.h"

#include "bridges/email/mime/gmime_types.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

// A phrase (RFC 5322 3.2.5), encoded where it is not plain (RFC 2047).
std::string phrase(const std::string& title) {
    const std::string clean = squeeze(clean_utf8(title));
    if (clean.empty()) return {};
    start_gmime();
    const GText encoded(g_mime_utils_header_encode_phrase(nullptr, clean.c_str(), "utf-8"));
    return text_of(encoded.get()) + ' ';
}

}  // namespace

std::vector<std::pair<std::string, std::string>> list_fields(const ListPost& list) {
    const std::string local(list.address.local_part());
    const std::string domain(list.address.domain());
    std::vector<std::pair<std::string, std::string>> fields{
        {"List-Id", phrase(list.title) + '<' + local + '.' + domain + '>'},
        {"List-Post", "<mailto:" + list.address.value + '>'},
        {"List-Subscribe", "<mailto:" + local + "+join@" + domain + '>'},
        {"List-Unsubscribe", "<mailto:" + local + "+leave@" + domain + '>'},
        {"Precedence", "list"},
    };
    for (const std::string& each : list.passed) {
        const auto address = parse_address(each);
        if (address.ok() && is_ascii(each)) fields.emplace_back("X-Loop", address->value);
    }
    fields.emplace_back("X-Loop", list.address.value);
    return fields;
}

}  // namespace waypost::email

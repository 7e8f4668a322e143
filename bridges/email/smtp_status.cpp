// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp_status.h"

#include <algorithm>

#include "gateway/message/text.h"

namespace waypost::email {

std::string enhanced_status(const std::string& text) {
    const std::string code = text.substr(0, text.find(' '));
    const bool shape = code.size() >= 5 && (code[0] == '2' || code[0] == '4' || code[0] == '5') &&
                       code[1] == '.' && std::count(code.begin(), code.end(), '.') == 2;
    return shape ? code : std::string();
}

std::string refusal_in_words(const std::string& status, bool recipient, const std::string& text) {
    if (status == "5.1.1" || status == "5.1.0" || (recipient && status.empty()))
        return "no such address";
    if (status == "5.1.2" || status == "5.4.4") return "no such mail domain";
    if (status == "5.2.2" || status == "4.2.2") return "mailbox full";
    if (status == "5.3.4" || status == "5.2.3") return "too large for the other side";
    if (status.rfind("5.7", 0) == 0) return "refused by the other side";
    return one_line(clean_utf8(text), 60);
}

}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/smtp_status.h"

#include <algorithm>
#include <string_view>

#include "bridges/email/mime/bounce_words.h"
#include "gateway/message/text.h"
#include "gateway/message/why.h"

namespace waypost::email {
namespace {

constexpr std::size_t kWordsBytes = 40;
struct Reason {
    Why why;
    std::string_view marks;  // texts with | between them
};
// The first that fits counts: a full mailbox is "unavailable" too, and so is one behind a
// blocklist.
constexpr Reason kReasons[] = {
    {Why::Full,
     "mailbox full|mailbox is full|mailfolder is full|inbox is full|quota|"
     "out of storage|too much mail|space not enough|insufficient storage|"
     "insufficient disk"},
    {Why::TooLarge,
     "too large|too big|size limit|message size|size exceeds|maximum size|exceeds size"},
    {Why::NoDomain,
     "host not found|unknown host|domain not found|no such domain|nxdomain|"
     "domain does not exist|domain doesn't exist|domain name not found|"
     "unrouteable mail domain|could not find a gateway|name service error|"
     "name or service not known|no mail server|null mx|no mx"},
    {Why::Spam,
     "as spam|likely spam|spam message|spam content|spam detected|spamhaus|"
     "considered spam|be spam|is spam|unsolicited|junk mail|blacklist|blocklist|"
     "block list|black list|low reputation|poor reputation|bad reputation"},
    {Why::Policy,
     "policy|dmarc|unauthenticated|spf check|banned|offensive|not authorized|"
     "not allowed to send|not permitted to send|virus"},
    {Why::NoAddress,
     "user unknown|unknown user|no such user|no such recipient|no such mailbox|"
     "no such address|no mailbox here|mailbox unavailable|mailbox not found|"
     "does not exist|doesn't exist|doesn't have a|not listed|unknown recipient|"
     "recipient unknown|recipient name is not recognized|recipnotfound|"
     "invalid mailbox|unknown address|address unknown|addressee unknown|"
     "no longer valid|no longer on server|recipient address rejected|"
     "invalid recipient|recipient not found|unrouteable address|user not found|"
     "no account|disabled or discontinued|address was not found|"
     "address couldn't be found"},
    {Why::Time,
     "timed out|time-out|timeout|expired|not responding|no response|"
     "in the queue too long|connection refused|could not connect|unable to connect|"
     "couldn't be made|retry time|delivery attempts|not been collected|"
     "establish an smtp connection"},
};
// Of the recipient these say that he is not known, of a mail nothing.
constexpr std::string_view kOfARecipient = "not found|unknown|unavailable|invalid";

}  // namespace

std::string enhanced_status(const std::string& text) {
    const std::string code = text.substr(0, text.find(' '));
    const bool shape = code.size() >= 5 && (code[0] == '2' || code[0] == '4' || code[0] == '5') &&
                       code[1] == '.' && std::count(code.begin(), code.end(), '.') == 2;
    return shape ? code : std::string();
}

std::string refusal_in_words(const std::string& status, bool recipient, const std::string& text) {
    if (const Why why = why_of_status(status); why != Why::Unknown) return to_string(why);
    const std::string lower = lower_ascii(text);
    for (const Reason& each : kReasons) {
        if (says_any(lower, each.marks)) return to_string(each.why);
    }
    if (recipient && says_any(lower, kOfARecipient)) return to_string(Why::NoAddress);
    if (const Why why = why_of_class(status); why != Why::Unknown) return to_string(why);
    const std::string line = one_line(clean_utf8(text), kWordsBytes);
    return line.empty() ? to_string(Why::Unknown) : line;
}

}  // namespace waypost::email

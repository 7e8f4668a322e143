// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_status.h"

#include <algorithm>
#include <string_view>

#include "bridges/email/mime/bounce_words.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kWordsBytes = 40;
constexpr const char* kNoAddress = "no such address";
constexpr const char* kNoDomain = "no such mail domain";
constexpr const char* kFull = "mailbox full";
constexpr const char* kTooLarge = "too large for the other side";
constexpr const char* kSpam = "refused as spam";
constexpr const char* kPolicy = "refused by policy";
constexpr const char* kTime = "not reached in time";
constexpr const char* kNotAccepted = "not accepted by the other side";

struct Code {
    const char* status;
    const char* words;
};
// RFC 3463 sections 3.2-3.5, and 5.4.14 and 5.4.3xx of Exchange Online. There 5.4.1 says that the
// address is unknown, and 5.1.10 too, where RFC 7505 means the domain: the text decides.
constexpr Code kCodes[] = {
    {"5.1.0", kNoAddress},
    {"5.1.1", kNoAddress},
    {"5.1.3", kNoAddress},
    {"5.1.6", kNoAddress},
    {"5.1.2", kNoDomain},
    {"5.4.4", kNoDomain},
    {"5.4.310", kNoDomain},
    {"5.2.1", "mailbox closed"},
    {"5.2.2", kFull},
    {"4.2.2", kFull},
    {"5.2.3", kTooLarge},
    {"5.3.4", kTooLarge},
    {"5.4.6", "goes round in a circle"},
    {"5.4.14", "goes round in a circle"},
    {"4.4.7", kTime},
    {"5.4.7", kTime},
    {"5.4.300", kTime},
    {"5.4.316", kTime},
    {"5.4.317", kTime},
};

struct Reason {
    const char* words;
    std::string_view marks;  // texts with | between them
};
// The first that fits counts: a full mailbox is "unavailable" too, and so is one behind a
// blocklist.
constexpr Reason kReasons[] = {
    {kFull,
     "mailbox full|mailbox is full|mailfolder is full|inbox is full|quota|"
     "out of storage|too much mail|space not enough|insufficient storage|"
     "insufficient disk"},
    {kTooLarge, "too large|too big|size limit|message size|size exceeds|maximum size|exceeds size"},
    {kNoDomain,
     "host not found|unknown host|domain not found|no such domain|nxdomain|"
     "domain does not exist|domain doesn't exist|domain name not found|"
     "unrouteable mail domain|could not find a gateway|name service error|"
     "name or service not known|no mail server|null mx|no mx"},
    {kSpam,
     "as spam|likely spam|spam message|spam content|spam detected|spamhaus|"
     "considered spam|be spam|is spam|unsolicited|junk mail|blacklist|blocklist|"
     "block list|black list|low reputation|poor reputation|bad reputation"},
    {kPolicy,
     "policy|dmarc|unauthenticated|spf check|banned|offensive|not authorized|"
     "not allowed to send|not permitted to send|virus"},
    {kNoAddress,
     "user unknown|unknown user|no such user|no such recipient|no such mailbox|"
     "no such address|no mailbox here|mailbox unavailable|mailbox not found|"
     "does not exist|doesn't exist|doesn't have a|not listed|unknown recipient|"
     "recipient unknown|recipient name is not recognized|recipnotfound|"
     "invalid mailbox|unknown address|address unknown|addressee unknown|"
     "no longer valid|no longer on server|recipient address rejected|"
     "invalid recipient|recipient not found|unrouteable address|user not found|"
     "no account|disabled or discontinued|address was not found|"
     "address couldn't be found"},
    {kTime,
     "timed out|time-out|timeout|expired|not responding|no response|"
     "in the queue too long|connection refused|could not connect|unable to connect|"
     "couldn't be made|retry time|delivery attempts|not been collected|"
     "establish an smtp connection"},
};
// Of the recipient these say that he is not known, of a mail nothing.
constexpr std::string_view kOfARecipient = "not found|unknown|unavailable|invalid";

const char* by_status(const std::string& status) {
    for (const Code& each : kCodes) {
        if (status == each.status) return each.words;
    }
    return nullptr;
}

// Where neither the whole code nor the text says more.
const char* by_subject(const std::string& status) {
    if (status == "5.1.10") return kNoAddress;
    if (status.rfind("5.7.", 0) == 0) return "refused by the other side";
    if (status.rfind("4.4.", 0) == 0 || status.rfind("5.4.", 0) == 0) return kTime;
    if (status.rfind("4.7.", 0) == 0) return "not accepted in time";
    return nullptr;
}

}  // namespace

std::string enhanced_status(const std::string& text) {
    const std::string code = text.substr(0, text.find(' '));
    const bool shape = code.size() >= 5 && (code[0] == '2' || code[0] == '4' || code[0] == '5') &&
                       code[1] == '.' && std::count(code.begin(), code.end(), '.') == 2;
    return shape ? code : std::string();
}

std::string refusal_in_words(const std::string& status, bool recipient, const std::string& text) {
    if (const char* words = by_status(status)) return words;
    const std::string lower = lower_ascii(text);
    for (const Reason& each : kReasons) {
        if (says_any(lower, each.marks)) return each.words;
    }
    if (recipient && says_any(lower, kOfARecipient)) return kNoAddress;
    if (const char* words = by_subject(status)) return words;
    const std::string line = one_line(clean_utf8(text), kWordsBytes);
    return line.empty() ? kNotAccepted : line;
}

}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/why.h"

#include <array>

namespace waypost {
namespace {

struct Row {
    Why why;
    const char* name;
    const char* words;
};
constexpr std::array<Row, 20> kRows = {{
    {Why::Unknown, "other", "not accepted"},
    {Why::NoAddress, "no_address", "no such address"},
    {Why::NoDomain, "no_domain", "no such mail domain"},
    {Why::Closed, "closed", "mailbox closed"},
    {Why::Full, "full", "mailbox full"},
    {Why::TooLarge, "too_large", "too large for the other side"},
    {Why::RadioSize, "radio_large", "too large for the radio"},
    {Why::Loop, "loop", "goes round in a circle"},
    {Why::Time, "time", "not reached in time"},
    {Why::Spam, "spam", "refused as spam"},
    {Why::Policy, "policy", "refused by policy"},
    {Why::Refused, "refused", "refused by the other side"},
    {Why::Left, "left", "no such address any more"},
    {Why::ComesBack, "comes_back", "that address comes back to this box"},
    {Why::NoConsent, "no_consent", "waits for consent"},
    {Why::Automatic, "automatic", "automatic mail"},
    {Why::Paused, "paused", "paused by its owner"},
    {Why::NoWay, "no_way", "no radio or account yet"},
    {Why::NotApproved, "not_approved", "its owner is not approved yet"},
    {Why::Operator, "operator", "by the operator"},
}};

struct Status {
    std::string_view status;
    Why why;
};
// At Exchange Online 5.4.1 says that the address is unknown, and 5.1.10 too, where RFC 7505 means
// the domain: not here.
constexpr std::array<Status, 19> kStatuses = {{
    {"5.1.0", Why::NoAddress},  {"5.1.1", Why::NoAddress}, {"5.1.3", Why::NoAddress},
    {"5.1.6", Why::NoAddress},  {"5.1.2", Why::NoDomain},  {"5.4.4", Why::NoDomain},
    {"5.4.310", Why::NoDomain}, {"5.2.1", Why::Closed},    {"5.2.2", Why::Full},
    {"4.2.2", Why::Full},       {"5.2.3", Why::TooLarge},  {"5.3.4", Why::TooLarge},
    {"5.4.6", Why::Loop},       {"5.4.14", Why::Loop},     {"4.4.7", Why::Time},
    {"5.4.7", Why::Time},       {"5.4.300", Why::Time},    {"5.4.316", Why::Time},
    {"5.4.317", Why::Time},
}};

const Row& row_of(Why why) {
    for (const Row& row : kRows) {
        if (row.why == why) return row;
    }
    return kRows[0];
}

bool begins(std::string_view text, std::string_view with) {
    return text.substr(0, with.size()) == with;
}

}  // namespace

const char* to_string(Why why) { return row_of(why).words; }

const char* name(Why why) { return row_of(why).name; }

Why why_of(std::string_view code, std::string_view detail) {
    const std::string_view words = detail.substr(0, detail.find(':'));
    for (const Row& row : kRows) {
        if (words == row.words) return row.why;
    }
    const std::string_view status = code.substr(code.rfind(' ') + 1);
    const Why exact = why_of_status(status);
    return exact == Why::Unknown ? why_of_class(status) : exact;
}

Why why_of_status(std::string_view status) {
    for (const Status& each : kStatuses) {
        if (status == each.status) return each.why;
    }
    return Why::Unknown;
}

Why why_of_class(std::string_view status) {
    if (status == "5.1.10") return Why::NoAddress;
    if (begins(status, "5.7.")) return Why::Refused;
    if (begins(status, "4.4.") || begins(status, "5.4.") || begins(status, "4.7."))
        return Why::Time;
    return Why::Unknown;
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/addressing.h"

#include <algorithm>

#include "bridges/email/mailbox/subject_token.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostLocal = 64;     // RFC 5321 4.5.3.1.1
constexpr std::size_t kTokenLetters = 16;  // gateway/people/reply_token.h
constexpr std::size_t kMostRecipients = 20;
constexpr std::size_t kSubjectBytes = 60;

// "ana.k7q2m4x9b3c8d6f5" -> ana+k7q2m4x9b3c8d6f5@hill.example
Address inside(std::string_view tag, const Account& account) {
    const std::size_t dot = tag.rfind('.');
    if (dot != std::string_view::npos && tag.size() - dot - 1 == kTokenLetters) {
        return mailto(std::string(tag.substr(0, dot)) + '+' + std::string(tag.substr(dot + 1)),
                      account.domain);
    }
    return mailto(tag, account.domain);
}

// What stands behind the separator, if the address is one of the account's.
std::string tag_of(const Address& address, const Account& account) {
    if (account.separator.empty()) return {};
    const std::string local = lower_ascii(address.local_part());
    const auto belongs = [&](const Address& own) {
        const std::string begin = lower_ascii(own.local_part()) + account.separator;
        return own.domain() == address.domain() && local.rfind(begin, 0) == 0 &&
               local.size() > begin.size();
    };
    std::vector<Address> own = account.aliases;
    own.insert(own.begin(), account.address);
    const auto found = std::find_if(own.begin(), own.end(), belongs);
    if (found == own.end()) return {};
    return local.substr(found->local_part().size() + account.separator.size());
}

void add(Address address, std::vector<Address>& into) {
    if (into.size() >= kMostRecipients) return;
    if (std::find(into.begin(), into.end(), address) == into.end())
        into.push_back(std::move(address));
}

// Each copy that the provider lays down names its own reader first; where it names only the
// mailbox, there is one copy for all whom the mail itself names.
std::vector<Address> by_plus_address(const MailHeader& header, const Account& account) {
    std::vector<Address> found;
    for (const Address& each : header.delivered_to) {
        const std::string tag = tag_of(each, account);
        if (!tag.empty()) return {inside(tag, account)};
    }
    for (const Address& each : header.named) {
        const std::string tag = tag_of(each, account);
        if (!tag.empty()) add(inside(tag, account), found);
    }
    return found;
}

std::vector<Address> of_sent(const SentMail* sent, const Account& account) {
    if (sent == nullptr) return {};
    return {mailto(sent->answer_to, account.domain)};
}

const SentMail* answered(const MailHeader& header, const SentMemory& memory) {
    for (const std::string& id : header.answers) {
        if (const SentMail* sent = memory.by_id(id)) return sent;
    }
    for (const std::string& token : subject_tokens(header.subject)) {
        if (const SentMail* sent = memory.by_token(token)) return sent;
    }
    return nullptr;
}

bool is_of(const Address& address, const std::string& person) {
    const std::string_view local = address.local_part();
    return local.substr(0, local.find('+')) == person;
}

void keep(std::vector<Address> set, std::vector<std::vector<Address>>& ways) {
    if (!set.empty()) ways.push_back(std::move(set));
}

// Hers are plus-addresses of her own making: whatever they say, it is for her.
std::vector<std::vector<Address>> for_the_person(std::vector<std::vector<Address>> found,
                                                 const Account& account) {
    std::vector<std::vector<Address>> ways;
    for (const auto& set : found) {
        for (const Address& each : set) {
            if (is_of(each, account.person)) return {{each}};
        }
    }
    ways.push_back({mailto(account.person, account.domain)});
    return ways;
}

}  // namespace

std::vector<std::vector<Address>> recipients_of_report(const MailHeader& header,
                                                       const std::string& about,
                                                       const Account& account,
                                                       const SentMemory& memory) {
    std::vector<std::vector<Address>> ways;
    keep(of_sent(about.empty() ? nullptr : memory.by_id(about), account), ways);
    keep(by_plus_address(header, account), ways);
    keep(of_sent(answered(header, memory), account), ways);
    if (!account.person.empty()) return for_the_person(std::move(ways), account);
    ways.push_back({mailto("postmaster", account.domain)});
    return ways;
}

std::vector<std::vector<Address>> recipients(const MailHeader& header, const Account& account,
                                             const SentMemory& memory) {
    return recipients_of_report(header, {}, account, memory);
}

std::string person_behind(const Address& address, const Account& account) {
    if (!account.person.empty()) return {};
    const std::string tag = tag_of(address, account);
    return tag.substr(0, tag.find('.'));
}

Address plus_address(const Address& inside_address, const Account& account) {
    if (account.separator.empty() || inside_address.domain() != account.domain) return {};
    std::string tag(inside_address.local_part());
    const std::size_t plus = tag.find('+');
    if (plus != std::string::npos) tag[plus] = '.';
    const std::string local = std::string(account.address.local_part()) + account.separator + tag;
    return local.size() > kMostLocal ? Address{} : mailto(local, account.address.domain());
}

Delivery as_account(Delivery delivery, const Account& account, const std::string& token) {
    const bool ours = delivery.from.domain() == account.domain;
    const Address plus = plus_address(delivery.reply_to, account);
    if (!ours && delivery.reply_to.empty()) {
        delivery.reply_to = delivery.from;  // an outside sender's mail, passed on: answer him
    } else {
        delivery.reply_to = plus;
    }
    std::string name = delivery.from_name;
    if (name.empty()) name = std::string(delivery.from.local_part());
    // Of the box's own notes the name says it already.
    if (account.person.empty() && !delivery.automatic) name += " (" + account.village + ')';
    delivery.from_name = name;
    delivery.from = account.address;
    if (!token.empty()) {
        const std::string subject =
            delivery.subject.empty() ? one_line(delivery.text, kSubjectBytes) : delivery.subject;
        const auto there = subject_tokens(subject);
        const bool has = std::find(there.begin(), there.end(), token) != there.end();
        delivery.subject = has ? subject : with_subject_token(subject, token);
    }
    return delivery;
}

}  // namespace waypost::email

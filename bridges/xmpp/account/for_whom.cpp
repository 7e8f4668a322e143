// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/for_whom.h"

#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kBehindName = ",:;";  // as programs put it behind a name they complete
constexpr std::size_t kLongestName = 64;

}  // namespace

Named named_first(std::string_view text) {
    if (text.empty() || text.front() != '@') return {{}, text};
    const std::size_t end = std::min(text.find_first_of(kBlank), text.size());
    std::string_view name = text.substr(1, end - 1);
    while (!name.empty() && kBehindName.find(name.back()) != std::string_view::npos)
        name.remove_suffix(1);
    // "@bob@social.example" is an address of another network, which this account does not serve.
    if (name.empty() || name.size() > kLongestName || name.find('@') != std::string_view::npos)
        return {{}, text};
    const std::size_t rest = text.find_first_not_of(kBlank, end);
    return {lower_ascii(name),
            rest == std::string_view::npos ? std::string_view() : text.substr(rest)};
}

std::string for_whom(Chat& chat, const Jid& from, const Talks& talks, WallTime now) {
    const Named named = named_first(chat.body);
    if (!named.handle.empty()) {
        chat.body = std::string(named.rest);
        return named.handle;
    }
    for (const std::string& id : {chat.replies_to, chat.reacts_to}) {
        if (const std::string sender = talks.who_sent(id); !sender.empty()) return sender;
    }
    return talks.last_with(from, now);
}

}  // namespace waypost::xmpp

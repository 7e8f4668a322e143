// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/gate.h"

#include <algorithm>

#include "bridges/activitypub/network.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr char kBlocked[] = "blocked/";  // one of ours, and the id of an actor who blocks him
constexpr std::size_t kNameBytes = 60;

// social.example, and what lies below it.
bool names_host(const std::vector<std::string>& domains, std::string_view host) {
    return std::any_of(domains.begin(), domains.end(), [&](const std::string& domain) {
        if (host == domain) return true;
        return host.size() > domain.size() + 1 &&
               host.substr(host.size() - domain.size()) == domain &&
               host[host.size() - domain.size() - 1] == '.';
    });
}

}  // namespace

bool Gate::is_published(const std::string& group) const {
    if (!people.group(group)) return false;
    const auto members = people.members(group);
    if (!members.ok()) return false;
    const Address all = public_address(office.domain());
    return std::any_of(members->begin(), members->end(),
                       [&](const GroupMember& member) { return member.address == all; });
}

bool Gate::is_shown(const Resident& person) {
    return !person.minor && person.profile != Profile::None;
}

bool Gate::is_actor(const std::string& name) const {
    if (name == site.domain()) return true;
    const auto person = people.resident(name);
    return person ? is_shown(*person) : is_published(name);
}

bool Gate::is_here(const std::string& name) const {
    return name == site.domain() || people.resident(name) || people.group(name);
}

OwnProfile Gate::profile(const std::string& name) const {
    OwnProfile profile;
    profile.key_pem = keys.of(name)->public_pem();
    if (name == site.domain()) {
        profile.type = "Application";
        profile.display_name = office.village() + " post office";
        profile.summary = "The post office of " + office.village() + ".";
        profile.locked = false;
        return profile;
    }
    if (const auto group = people.group(name)) {
        profile.type = "Group";
        profile.display_name = group->title.empty() ? name : group->title;
        profile.locked = false;
        return profile;
    }
    const auto person = people.resident(name);
    profile.type = "Person";
    profile.display_name = person && !person->name.empty() ? person->name : name;
    profile.indexable = profile.discoverable = person && person->profile == Profile::Listed;
    if (person && person->has_radio)
        profile.summary = "Reads and writes by radio: short texts arrive best, pictures do not.";
    return profile;
}

bool Gate::allowed(std::string_view url) const {
    std::string host = host_of(url);
    host = host.substr(0, host.find(':'));
    if (names_host(policy.block, host)) return false;
    return policy.allow.empty() || names_host(policy.allow, host);
}

bool Gate::is_blocked(const std::string& name, const std::string& actor) const {
    return state.get(kBlocked + name + ' ' + actor).has_value();
}

void Gate::set_blocked(const std::string& name, const std::string& actor, bool blocks) const {
    const std::string key = kBlocked + name + ' ' + actor;
    blocks ? state.put(key, "") : state.erase(key);
}

void Gate::keep_blocks(const std::string& old, const std::string& now) const {
    for (const auto& [key, none] : state.with_prefix(kBlocked)) {
        const std::size_t actor = key.find(' ') + 1;
        if (key.compare(actor, std::string::npos, old) == 0)
            state.put(key.substr(0, actor) + now, "");
    }
}

Message Gate::message_from(const std::string& address, const Actor& actor) const {
    Message message;
    message.from = {kScheme, address};
    message.network = kNetwork;
    message.transport = transport;
    message.from_name = one_line(clean_name(actor.name), kNameBytes);
    message.verified_sender = true;
    return message;
}

std::string Gate::language_of(const std::vector<Address>& readers) const {
    std::string found;
    for (const Address& reader : readers) {
        const auto person = reader.scheme == kScheme
                                ? people.resident(std::string(reader.local_part()))
                                : std::nullopt;
        if (!person || person->language.empty()) return people.language();
        if (!found.empty() && found != person->language) return people.language();
        found = person->language;
    }
    return found.empty() ? people.language() : found;
}

Address Gate::address_of(const std::string& name) const {
    return {kScheme, name + '@' + office.domain()};
}

}  // namespace waypost::activitypub

// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/contacts/roster.h"

#include <algorithm>
#include <sstream>

namespace waypost::xmpp {
namespace {

constexpr char kPrefix[] = "roster/";
constexpr std::chrono::hours kDay{24};

std::string state_key(const Roster::Key& key) { return kPrefix + key.first + '/' + key.second; }

// Neither a handle nor a bare JID has a slash (RFC 7622 3.3.1).
std::optional<Roster::Key> parse_key(const std::string& text) {
    const std::size_t begin = std::string(kPrefix).size();
    const std::size_t slash = text.find('/', begin);
    if (slash == std::string::npos || slash + 1 == text.size()) return std::nullopt;
    return Roster::Key{text.substr(begin, slash - begin), text.substr(slash + 1)};
}

// "2 1 1800000000 pt-br"
std::string write_contact(const Contact& contact) {
    std::ostringstream out;
    out << static_cast<int>(contact.stage) << ' ' << static_cast<int>(contact.back) << ' '
        << contact.since << ' ' << contact.language;
    return out.str();
}

std::optional<Contact> parse_contact(const std::string& text) {
    std::istringstream in(text);
    int stage = -1;
    int back = -1;
    Contact contact;
    in >> stage >> back >> contact.since;
    if (!in || stage < 0 || stage > 2 || back < 0 || back > 3) return std::nullopt;
    in >> contact.language;
    contact.stage = static_cast<Contact::Stage>(stage);
    contact.back = static_cast<Contact::Back>(back);
    return contact;
}

std::string domain_of(const std::string& jid) { return jid.substr(jid.find('@') + 1); }

std::size_t at(const std::map<std::string, int>& counts, const std::string& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : static_cast<std::size_t>(found->second);
}

void change(std::map<std::string, int>& counts, const std::string& key, int by) {
    const auto found = counts.try_emplace(key, 0).first;
    found->second += by;
    if (found->second <= 0) counts.erase(found);
}

}  // namespace

Roster::Roster(TransportState& state, RosterLimits limits) : state_(state), limits_(limits) {
    for (const auto& [text, value] : state_.with_prefix(kPrefix)) {
        const auto key = parse_key(text);
        const auto contact = parse_contact(value);
        if (!key || !contact) {
            state_.erase(text);
            continue;
        }
        entries_[*key].contact = *contact;
        count(*key, contact->waits(), 1);
    }
}

Roster::Entry* Roster::find(const Key& key) {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
}

const Roster::Entry* Roster::find(const Key& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
}

void Roster::count(const Key& key, bool waits, int by) {
    change(of_person_, key.first, by);
    if (!waits) return;
    change(waiting_for_, key.first, by);
    change(waiting_of_, domain_of(key.second), by);
    waiting_ += static_cast<std::size_t>(by);
}

bool Roster::has_room(const Key& key, bool waits, const std::string& domain, BoxTime now) {
    if (entries_.size() >= limits_.contacts) return false;
    if (at(of_person_, key.first) >= limits_.contacts_of_person) return false;
    if (!waits) return true;
    if (!day_began_ || now - *day_began_ >= kDay) {
        day_began_ = now;
        new_today_.clear();
        all_new_today_ = 0;
    }
    const auto today = new_today_.find(domain);
    const std::size_t of_domain = today == new_today_.end() ? 0 : today->second;
    return waiting_ < limits_.waiting && at(waiting_for_, key.first) < limits_.waiting_for_person &&
           at(waiting_of_, domain) < limits_.waiting_of_domain &&
           of_domain < limits_.new_a_day_of_domain && all_new_today_ < limits_.new_a_day;
}

Roster::Entry* Roster::add(const Key& key, const Contact& contact, const std::string& domain,
                           BoxTime now) {
    if (!has_room(key, contact.waits(), domain, now)) return nullptr;
    if (contact.waits()) {
        ++new_today_[domain];
        ++all_new_today_;
    }
    Entry& entry = entries_[key];
    entry.contact = contact;
    count(key, contact.waits(), 1);
    save(key);
    return &entry;
}

void Roster::save(const Key& key) {
    state_.put(state_key(key), write_contact(entries_.at(key).contact));
}

void Roster::set_stage(const Key& key, Contact::Stage stage) {
    Contact& contact = entries_.at(key).contact;
    if (contact.stage == stage) return;
    count(key, contact.waits(), -1);
    contact.stage = stage;
    count(key, contact.waits(), 1);
    save(key);
}

void Roster::erase(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    // The key may be the one that is erased.
    const Key gone = key;
    count(gone, found->second.contact.waits(), -1);
    entries_.erase(found);
    state_.erase(state_key(gone));
}

const Roster::Key* Roster::after(const Key& key) const {
    if (entries_.empty()) return nullptr;
    const auto next = entries_.upper_bound(key);
    return next == entries_.end() ? &entries_.begin()->first : &next->first;
}

// Asked once for each new contact of a resident.
bool Roster::sees(const std::string& jid) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const auto& each) {
        return each.first.second == jid && each.second.contact.back != Contact::Back::None;
    });
}

void Roster::forget_shown() {
    for (auto& [key, entry] : entries_) entry.now.shown.clear();
}

}  // namespace waypost::xmpp

// SPDX-License-Identifier: Apache-2.0
// The device's table of contacts: only who is in it can be written to, and it is small.
#include <algorithm>
#include <utility>

#include "gateway/message/text.h"
#include "radio/meshcore/address.h"
#include "radio/meshcore/session.h"

namespace waypost::meshcore {
namespace {

constexpr std::size_t kMostContacts = 4000;  // that a device could have
constexpr std::size_t kMostRemembered = 2000;
constexpr double kDegrees = 1e6;
constexpr int kHopBits = 63;

bool is_one_of(const std::vector<RoomLogin>& rooms, const Contact& contact) {
    return std::any_of(rooms.begin(), rooms.end(),
                       [&](const RoomLogin& room) { return contact.key.starts_with(room.prefix); });
}

std::optional<Place> place_of(const Contact& contact) {
    const bool said = contact.latitude != 0 || contact.longitude != 0;
    const double latitude = contact.latitude / kDegrees;
    const double longitude = contact.longitude / kDegrees;
    if (!said || latitude < -90 || latitude > 90 || longitude < -180 || longitude > 180)
        return std::nullopt;
    return Place{latitude, longitude, 0, 0};
}

}  // namespace

void Session::take_contact(const Contact& contact, BoxTime now, Actions& actions) {
    const bool is_new = contacts_.count(contact.key) == 0;
    if (is_new && contacts_.size() >= kMostContacts) return;
    Known& known = contacts_[contact.key];
    known.contact = contact;
    known.contact.name = one_line(clean_utf8(contact.name), kNameBytes + 8);
    if (advertised_.erase(contact.key) > 0 && phase_ == Phase::Ready)
        hear(known.contact, Heard::Key::Said, std::nullopt, -1, now, actions);
    if (!is_new || phase_ != Phase::Ready) return;
    if (contact.type == kRoom) next_login_ = now;
    if (contact.type != kChat) return;
    advert_wanted_ = true;
    if (remembered_.size() < kMostRemembered && remembered_.insert(contact.key).second)
        actions.learned.push_back(contact.key);
}

void Session::contacts_ended(const ContactsEnd& end, BoxTime now, Actions& actions) {
    contacts_changed_ = std::max(contacts_changed_, end.changed);
    if (!contacts_stale_) advertised_.clear();  // else one came meanwhile: the next list has it
    if (!unsorted_) return;
    const WaitingText text = *std::exchange(unsorted_, std::nullopt);
    take_direct(text, true, now, actions);
}

void Session::take_push(const Reply& reply, BoxTime now, Actions& actions) {
    if (const auto* about = std::get_if<About>(&reply)) {
        if (about->code == kPushDropped) contacts_.erase(about->key);
        if (about->code == kPushAdvert) {
            if (advertised_.size() < kMostContacts) advertised_.insert(about->key);
            contacts_stale_ = true;
        }
        if (about->code == kPushPath) contacts_stale_ = true;
    }
    if (const auto* delivered = std::get_if<Delivered>(&reply)) confirmed(*delivered, now, actions);
    if (std::holds_alternative<MessageWaits>(reply)) fetch_ = true;
    if (const auto* fresh = std::get_if<NewContact>(&reply))
        new_contact(fresh->contact, now, actions);
    if (std::holds_alternative<TableFull>(reply)) table_is_full();
    if (const auto* login = std::get_if<LoggedIn>(&reply)) {
        for (const Contact* contact : with_prefix(login->prefix)) {
            if (contact->type == kRoom && login->good) joined_.insert(contact->key);
        }
    }
    if (const auto* received = std::get_if<Received>(&reply)) take_received(*received, actions);
}

// The device did not keep it: its owner wants to choose, or its table is full. Radios of people
// are kept all the same, for who is not in the table cannot write to the box.
void Session::new_contact(const Contact& contact, BoxTime now, Actions& actions) {
    const bool wanted =
        contact.type == kChat || (contact.type == kRoom && is_one_of(options_.rooms, contact));
    if (!wanted || phase_ != Phase::Ready || is_asked(What::AddContact, contact.key)) return;
    make_room_if_full();
    add(contact);
    advertised_.insert(contact.key);
    take_contact(contact, now, actions);
}

void Session::make_room_if_full() {
    const bool full = device_.most_contacts > 0 &&
                      contacts_.size() >= static_cast<std::size_t>(device_.most_contacts);
    if (full) make_room();
}

void Session::add(const Contact& contact) {
    ask(What::AddContact, add_contact(contact), contact.key);
}

// With it comes the contact that had no place, for which room is made already.
void Session::table_is_full() {
    const auto adds = [](const Ask& each) { return each.what == What::AddContact; };
    const bool adding = (asked_ && adds(*asked_)) || std::any_of(asks_.begin(), asks_.end(), adds);
    if (phase_ == Phase::Ready && !adding) make_room();
}

// Once more behind the removal of another.
void Session::not_added(const Failed& failed) {
    Ask again = *asked_;
    if (failed.code != kTableFull || again.repeats++ > 0) {
        contacts_.erase(again.about);
        return;
    }
    asks_.push_front(std::move(again));
    make_room();
}

bool Session::is_needed(const Known& known) const {
    const Contact& contact = known.contact;
    if ((contact.flags & kFavourite) != 0 || is_one_of(options_.rooms, contact)) return true;
    const auto goes_there = [&](const Outgoing& out) {
        const auto target = parse_target(out.to);
        return target && contact.key.starts_with(target->prefix);
    };
    return is_asked(What::AddContact, contact.key) ||
           std::any_of(pending_.begin(), pending_.end(), goes_there) ||
           std::any_of(flights_.begin(), flights_.end(),
                       [&](const auto& each) { return each.second.key == contact.key; });
}

// Whoever was used longest ago goes, of those that never were the one whose advert is oldest; but
// neither favourites of the device's owner nor who is just written to.
void Session::make_room() {
    const Known* oldest = nullptr;
    for (const auto& [key, known] : contacts_) {
        if (is_needed(known) || is_asked(What::RemoveContact, key)) continue;
        const auto age = [](const Known& each) {
            return std::pair(std::max(each.used, each.heard), each.contact.last_advert);
        };
        if (oldest == nullptr || age(known) < age(*oldest)) oldest = &known;
    }
    if (oldest == nullptr) return;
    const std::string key = oldest->contact.key;
    contacts_.erase(key);
    ask_first(What::RemoveContact, remove_contact(key), key);
}

std::vector<const Contact*> Session::with_prefix(std::string_view prefix) const {
    std::vector<const Contact*> found;
    for (auto each = contacts_.lower_bound(std::string(prefix));
         each != contacts_.end() && each->first.starts_with(prefix); ++each)
        found.push_back(&each->second.contact);
    return found;
}

// Null: nobody is there, or several are: then nobody knows whom the device would take.
const Contact* Session::find(const std::string& address) const {
    const auto target = parse_target(address);
    if (!target) return nullptr;
    if (target->kind != Target::Kind::Name) {
        const auto found = with_prefix(target->prefix);
        const bool right = found.size() == 1 &&
                           (found.front()->type == kRoom) == (target->kind == Target::Kind::Room);
        return right ? found.front() : nullptr;
    }
    const Contact* one = nullptr;
    for (const auto& [key, known] : contacts_) {
        if (known.contact.type != kChat || name_address(known.contact.name) != target->prefix)
            continue;
        if (one != nullptr) return nullptr;
        one = &known.contact;
    }
    return one;
}

// The key of a radio that the device has forgotten, and we have not.
std::optional<std::string> Session::remembered(const std::string& address) const {
    const auto target = parse_target(address);
    if (!target || target->kind != Target::Kind::Radio || !with_prefix(target->prefix).empty())
        return std::nullopt;
    const auto first = remembered_.lower_bound(target->prefix);
    if (first == remembered_.end() || !first->starts_with(target->prefix)) return std::nullopt;
    const auto second = std::next(first);
    if (second != remembered_.end() && second->starts_with(target->prefix)) return std::nullopt;
    return *first;
}

bool Session::knows(const std::string& address) const {
    return find(address) != nullptr || remembered(address).has_value();
}

std::optional<BoxTime> Session::heard_at(const std::string& address) const {
    const Contact* contact = find(address);
    if (contact == nullptr) return std::nullopt;
    const BoxTime at = contacts_.at(contact->key).heard;
    return at == BoxTime{} ? std::nullopt : std::optional(at);
}

std::size_t Session::heard_since(BoxTime since) const {
    return static_cast<std::size_t>(
        std::count_if(contacts_.begin(), contacts_.end(), [&](const auto& each) {
            return each.second.heard != BoxTime{} && each.second.heard >= since;
        }));
}

// Repeaters, rooms and sensors are nobody's radio: they get no name and no messages.
void Session::hear(const Contact& contact, Heard::Key how, std::optional<float> snr, int hops,
                   BoxTime now, Actions& actions) {
    Known& known = contacts_[contact.key];
    known.heard = now;
    if (hops >= 0) known.hops = hops & kHopBits;
    if (contact.type != kChat) return;
    Heard heard;
    heard.name = contact.name;
    heard.public_key = contact.key;
    heard.key = how;
    heard.hops = known.hops;
    heard.snr = snr.value_or(0);
    heard.place = place_of(contact);
    actions.heard.emplace_back(radio_address(contact.key), std::move(heard));
}

}  // namespace waypost::meshcore

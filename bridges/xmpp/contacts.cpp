// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/contacts.h"

#include <algorithm>
#include <utility>

#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

constexpr int kLooksPerTick = 25;
constexpr int kPushesPerTick = 20;
constexpr std::chrono::minutes kTellEvery{5};          // one contact, who is one of ours
constexpr std::chrono::minutes kTellOutsideEvery{30};  // a status alone: their link may be narrow
constexpr std::chrono::minutes kAskAgain{10};          // where the gateway did not take the letter
constexpr std::int64_t kWaitsFor = 90LL * 24 * 60 * 60;  // seconds, for consent
constexpr BucketSize kOfDomain{300, 300 * 60};           // presences that want an answer

const StanzaError& too_many() {
    static const StanzaError kTooMany{"wait", "resource-constraint",
                                      "too many ask here: try tomorrow"};
    return kTooMany;
}

}  // namespace

Contacts::Contacts(Gate& gate, RosterLimits limits)
    : gate_(gate), accounts_(gate), roster_(gate.state, limits), limit_(kOfDomain) {}

void Contacts::stream_up() {
    const std::lock_guard lock(mutex_);
    up_ = true;
    roster_.forget_shown();
}

void Contacts::stream_down() {
    const std::lock_guard lock(mutex_);
    up_ = false;
}

Contacts::Counts Contacts::counts() const {
    const std::lock_guard lock(mutex_);
    return {roster_.size() - roster_.waiting(), roster_.waiting()};
}

bool Contacts::may_see(const Asker& asker, const std::string& handle) const {
    if (asker.resident()) return true;
    const std::lock_guard lock(mutex_);
    const Roster::Entry* entry = roster_.find({handle, asker.jid.bare_text()});
    return entry != nullptr && !entry->contact.waits();
}

void Contacts::presence(const Element& stanza) {
    const auto from = parse_jid(stanza.get("from"));
    const auto to = parse_jid(stanza.get("to"));
    if (!from.ok() || !to.ok() || !gate_.names.is_ours(*to)) return;
    if (gate_.names.is_ours(*from) || from->local().empty()) return;
    const std::string_view type = stanza.get("type");
    if (type.empty()) return accounts_.available(*from);
    if (type == "subscribe") accounts_.seen(*from);
    const Pair pair{asker_of(gate_, *from), target_of(gate_.names, *to),
                    std::string(stanza.lang().substr(0, 16))};
    const std::lock_guard lock(mutex_);
    if (!pair.asker.resident() && !limit_.may_ask(from->domain(), now())) return;
    answer(pair, stanza);
}

void Contacts::answer(const Pair& pair, const Element& stanza) {
    const std::string_view type = stanza.get("type");
    if (type == "subscribe") subscribe(pair, stanza);
    if (type == "unsubscribe") unsubscribe(pair);
    if (type == "probe") probe(pair);
    if (type == "subscribed") they_answered(pair, true);
    if (type == "unsubscribed") they_answered(pair, false);
    if (type == "error") failed(pair, stanza);
}

// Whether he may see the presence.
Contacts::Door Contacts::door(const Pair& pair) const {
    const bool resident = pair.asker.resident();
    if (pair.target.kind == Target::Kind::Nobody) return Door::Unknown;
    if (pair.target.kind == Target::Kind::Gateway) return resident ? Door::Open : Door::Shut;
    if (pair.target.kind == Target::Kind::Outside) {
        if (!resident) return Door::Shut;
        const auto asker = gate_.people.resident(pair.asker.handle);
        return asker && asker->minor ? Door::Shut : Door::Open;
    }
    const auto person = gate_.people.resident(pair.target.handle);
    if (!person) return Door::Unknown;
    if (resident) return Door::Open;
    // What it looks like is all that a person sees of him on a radio.
    if (person->minor || mixes_scripts(pair.asker.jid.local())) return Door::Shut;
    const auto consent = gate_.people.consent(pair.target.handle, pair.asker.address());
    if (!consent.ok()) return Door::Later;
    if (*consent == Consent::Given) return Door::Open;
    return *consent == Consent::Refused ? Door::Shut : Door::Ask;
}

void Contacts::subscribe(const Pair& pair, const Element& stanza) {
    switch (door(pair)) {
        case Door::Open:
            // Nothing is ever known of those outside: such a contact needs no record.
            if (pair.target.kind == Target::Kind::Outside) return say(pair, "subscribed");
            if (!admit(pair)) refuse(stanza, too_many());
            return;
        case Door::Ask:
            return wait_for_consent(pair, stanza);
        case Door::Shut:
        case Door::Unknown:
            return shut_out(pair);
        case Door::Later:
            refuse(stanza, {"wait", "internal-server-error", ""});
    }
}

// False: there is no room on record.
bool Contacts::admit(const Pair& pair) {
    Roster::Entry* entry = roster_.find(pair.key());
    if (entry == nullptr) {
        const Contact contact{Contact::Stage::Subscribed, Contact::Back::None, wall_s(),
                              pair.language};
        entry = roster_.add(pair.key(), contact, pair.asker.jid.domain(), now());
    }
    if (entry == nullptr) return false;
    roster_.set_stage(pair.key(), Contact::Stage::Subscribed);
    say(pair, "subscribed");
    show(pair, entry);
    ask_back(pair, *entry);
    return true;
}

// One of ours tells by it where his messages are to go: one contact that sees it is enough.
void Contacts::ask_back(const Pair& pair, Roster::Entry& entry) {
    if (!pair.asker.resident() || roster_.sees(pair.key().second)) return;
    entry.contact.back = Contact::Back::Asked;
    roster_.save(pair.key());
    say(pair, "subscribe");
}

void Contacts::shut_out(const Pair& pair) {
    roster_.erase(pair.key());
    say(pair, "unsubscribed");
}

// Asked again while he waits, he is told nothing: RFC 6121 3.1.3.
void Contacts::wait_for_consent(const Pair& pair, const Element& stanza) {
    if (Roster::Entry* entry = roster_.find(pair.key())) {
        if (entry->contact.waits()) return;
        roster_.erase(pair.key());  // he had consent once
    }
    const Contact contact{Contact::Stage::Unasked, Contact::Back::None, wall_s(), pair.language};
    Roster::Entry* entry = roster_.add(pair.key(), contact, pair.asker.jid.domain(), now());
    if (entry == nullptr) return refuse(stanza, too_many());
    ask_for_consent(pair, *entry);
}

// A letter of his like any other, thus held until the person says yes or no. Its id is the same
// whenever it is written again, so that she is asked once.
void Contacts::ask_for_consent(const Pair& pair, Roster::Entry& entry) {
    entry.now.again = now() + kAskAgain;
    const auto person = gate_.people.resident(pair.target.handle);
    Message letter = message_from(gate_, pair.asker);
    letter.to = {pair.target.address};
    letter.return_path = {};
    letter.wishes = {Wish{false, false, false, {}}};
    letter.origin_id = "contact-" + short_hash(pair.key().first + '\n' + pair.key().second);
    letter.text = catalogue(person ? person->language : std::string()).say("chat_asks");
    letter.expires_in = std::chrono::seconds(kWaitsFor);
    gate_.office.accept(std::move(letter),
                        [asked = asked_, key = pair.key()](const std::vector<Verdict>& verdicts) {
                            const std::lock_guard lock(asked->mutex);
                            asked->verdicts.emplace_back(key, verdicts.front().kind);
                        });
}

void Contacts::take_verdicts() {
    std::vector<std::pair<Key, Verdict::Kind>> verdicts;
    {
        const std::lock_guard lock(asked_->mutex);
        verdicts.swap(asked_->verdicts);
    }
    for (const auto& [key, kind] : verdicts) {
        const Roster::Entry* entry = roster_.find(key);
        if (entry == nullptr || entry->contact.stage != Contact::Stage::Unasked) continue;
        const auto pair = pair_of(key, {});
        if (kind == Verdict::Kind::Refused && pair) shut_out(*pair);
        if (kind == Verdict::Kind::Accepted || kind == Verdict::Kind::Duplicate)
            roster_.set_stage(key, Contact::Stage::Asked);
    }
}

void Contacts::unsubscribe(const Pair& pair) {
    const Roster::Entry* entry = roster_.find(pair.key());
    const bool saw = entry != nullptr && !entry->contact.waits();
    const bool seen = entry != nullptr && entry->contact.back != Contact::Back::None;
    roster_.erase(pair.key());
    if (saw) gate_.out.send(presence_of({}, pair.target.jid, pair.asker.jid.bare()));
    if (seen) say(pair, "unsubscribe");
}

// His server asks for him, and knows that he is subscribed: after a loss of our record it is made
// anew of this.
void Contacts::probe(const Pair& pair) {
    const Roster::Entry* entry = roster_.find(pair.key());
    if (entry != nullptr && entry->contact.waits()) return;
    const Door open = door(pair);
    if (open == Door::Later) return;
    if (open != Door::Open) return shut_out(pair);
    if (entry == nullptr && pair.target.kind != Target::Kind::Outside) {
        const Contact contact{Contact::Stage::Subscribed, Contact::Back::None, wall_s(),
                              pair.language};
        (void)roster_.add(pair.key(), contact, pair.asker.jid.domain(), now());
    }
    show(pair, nullptr);
}

void Contacts::they_answered(const Pair& pair, bool granted) {
    Roster::Entry* entry = roster_.find(pair.key());
    if (entry == nullptr || entry->contact.back == Contact::Back::None) return;
    const auto back = granted ? Contact::Back::Granted : Contact::Back::Denied;
    if (entry->contact.back == back) return;
    entry->contact.back = back;
    roster_.save(pair.key());
}

// His server says that there is no such account any more; that it is not reached says nothing.
void Contacts::failed(const Pair& pair, const Element& stanza) {
    const Element* error = stanza.find("error");
    if (error == nullptr) return;
    if (error->find("gone", kStanzaErrorSpace) != nullptr ||
        error->find("item-not-found", kStanzaErrorSpace) != nullptr)
        roster_.erase(pair.key());
}

void Contacts::tick() {
    accounts_.tick();
    const std::lock_guard lock(mutex_);
    take_verdicts();
    if (!up_) return;
    int pushes = kPushesPerTick;
    const std::size_t looks = std::min<std::size_t>(roster_.size(), kLooksPerTick);
    for (std::size_t i = 0; i < looks; ++i) {
        const Key* next = roster_.after(looked_at_);
        if (next == nullptr) return;
        looked_at_ = *next;
        Roster::Entry& entry = *roster_.find(looked_at_);
        if (const auto pair = pair_of(looked_at_, entry.contact.language)) {
            look(*pair, entry, pushes);
        } else {
            roster_.erase(looked_at_);
        }
    }
}

std::optional<Contacts::Pair> Contacts::pair_of(const Key& key, const std::string& language) const {
    const auto contact = parse_jid(key.second);
    const auto ours = make_jid(escape_local(key.first), gate_.names.component());
    if (!contact.ok() || !ours.ok()) return std::nullopt;
    return Pair{asker_of(gate_, *contact), target_of(gate_.names, *ours), language};
}

void Contacts::look(const Pair& pair, Roster::Entry& entry, int& pushes) {
    if (entry.contact.waits()) return look_at_waiting(pair, entry);
    switch (door(pair)) {
        case Door::Open:
            return push(pair, entry, pushes);
        case Door::Later:
            return;
        case Door::Ask:  // what was given is taken back, or forgotten with him
        case Door::Shut:
        case Door::Unknown:
            if (entry.contact.back != Contact::Back::None) say(pair, "unsubscribe");
            return shut_out(pair);
    }
}

void Contacts::look_at_waiting(const Pair& pair, Roster::Entry& entry) {
    switch (door(pair)) {
        case Door::Open:
            (void)admit(pair);
            return;
        case Door::Later:
            return;
        case Door::Ask:
            if (wall_s() - entry.contact.since >= kWaitsFor) return shut_out(pair);
            if (entry.contact.stage == Contact::Stage::Unasked && now() >= entry.now.again)
                ask_for_consent(pair, entry);
            return;
        case Door::Shut:
        case Door::Unknown:
            return shut_out(pair);
    }
}

Availability Contacts::shown_to(const Pair& pair) const {
    if (pair.target.kind == Target::Kind::Gateway) return always_there(gate_.office.village());
    const auto person = gate_.people.resident(pair.target.handle);
    if (pair.target.kind != Target::Kind::Person || !person) return {};
    const Catalogue& words =
        words_for(gate_, pair.asker, pair.language.empty() ? person->language : pair.language);
    return availability_of(*person, words, gate_.office.clock().wall());
}

// `entry`: what he is shown is noted there, unless it is shown to one program of his only.
void Contacts::show(const Pair& pair, Roster::Entry* entry) {
    const Availability shown = shown_to(pair);
    const Jid to = entry == nullptr ? pair.asker.jid : pair.asker.jid.bare();
    gate_.out.send(presence_of(shown, pair.target.jid, to));
    if (entry == nullptr) return;
    entry->now.shown = shown.whole();
    entry->now.shown_at = now();
}

void Contacts::push(const Pair& pair, Roster::Entry& entry, int& pushes) {
    const Availability shown = shown_to(pair);
    const std::string& before = entry.now.shown;
    if (before == shown.whole() || pushes <= 0) return;
    const bool same_at_a_glance = before.substr(0, before.find('\n')) == shown.rough();
    const milliseconds every =
        same_at_a_glance && !pair.asker.resident() ? kTellOutsideEvery : kTellEvery;
    if (!before.empty() && now() - entry.now.shown_at < every) return;
    --pushes;
    show(pair, &entry);
}

void Contacts::refuse(const Element& stanza, const StanzaError& error) const {
    if (auto answer = error_to(stanza, error)) gate_.out.send(std::move(*answer));
}

void Contacts::say(const Pair& pair, std::string_view type) const {
    Element presence("presence");
    presence.set("from", pair.target.jid.text())
        .set("to", pair.asker.jid.bare_text())
        .set("type", type);
    gate_.out.send(std::move(presence));
}

}  // namespace waypost::xmpp

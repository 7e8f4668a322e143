// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/intake.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "gateway/custody/fair_share.h"
#include "gateway/custody/first_mail.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/held.h"
#include "gateway/custody/held_line.h"
#include "gateway/custody/kept.h"
#include "gateway/custody/met_neighbours.h"
#include "gateway/custody/neighbour_mail.h"
#include "gateway/custody/outside.h"
#include "gateway/custody/return_path.h"
#include "gateway/message/why.h"

namespace waypost {
namespace {

using store::ContactState;

constexpr char kFronted[] = "fronted";  // a neighbour's count of a day

Verdict verdict(Verdict::Kind kind, Verdict::Reason reason, std::string text) {
    return {kind, reason, std::move(text), 0};
}

void absorb(crypto_generichash_state& state, std::string_view part) {
    const std::uint64_t size = part.size();  // lengths keep "ab"+"c" apart from "a"+"bc"
    unsigned char length[8];
    std::memcpy(length, &size, sizeof length);
    crypto_generichash_update(&state, length, sizeof length);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
}

store::DuplicateKey finished(crypto_generichash_state& state, std::int64_t written) {
    unsigned char hash[16];
    crypto_generichash_final(&state, hash, sizeof hash);
    store::DuplicateKey key;
    key.written = written;
    std::memcpy(&key.hash1, hash, 8);
    std::memcpy(&key.hash2, hash + 8, 8);
    return key;
}

// "<1abc.0f0f@hill.example>" or a radio's packet id: the message of ours that went under it; or the
// post of a group that it goes to, by what the group calls it (a room shows that id).
MessageId find_answered(Ledger& ledger, const Letter& letter) {
    store::Tables& tables = ledger.tables();
    for (const std::string& reference : letter.message.references) {
        if (const auto delivery = tables.deliveries.by_wire_id(reference)) {
            const auto row = tables.deliveries.find(*delivery);
            if (row) return row->message;
        }
        for (const Route& route : letter.routes) {
            if (route.kind != Route::Kind::Group || !route.token.empty()) continue;
            if (const auto post = tables.posts.by_origin(route.owner.substr(1), reference))
                return post->message;
        }
    }
    return 0;
}

// A villager's word there would be taken for the village's.
Verdict for_gateways_only() {
    return verdict(Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                   "only the gateways write there");
}

class Intake {
  public:
    Intake(Ledger& ledger, const Letter& letter) : ledger_(ledger), letter_(letter) {}

    Taken run() {
        taken_.verdicts.resize(letter_.routes.size());
        keys_.resize(letter_.routes.size());
        const std::string& neighbour = letter_.message.brought_by;
        if (!neighbour.empty()) too_much_ = brings_too_much(ledger_, neighbour, Brought::Mails);
        std::vector<std::size_t> fresh;
        for (std::size_t i = 0; i < letter_.routes.size(); ++i) {
            if (!named_before(i) && admitted(i)) fresh.push_back(i);
        }
        repeat_verdicts();
        const bool all_kept = std::all_of(taken_.verdicts.begin(), taken_.verdicts.end(),
                                          [](const Verdict& v) { return v.kept(); });
        if (fresh.empty() || (letter_.whole && !all_kept)) return taken_;
        add_message();
        for (const std::size_t i : fresh) {
            if (!for_group(i)) add_delivery(i);
        }
        // After them: who is named beside his group has it already.
        for (const std::size_t i : fresh) {
            if (for_group(i)) add_post(i);
        }
        for (const std::size_t i : fresh) {
            taken_.verdicts[i].message = taken_.message;
            if (repeats_are_known(letter_.message))
                tables().state.remember(keys_[i], taken_.message, ledger_.now());
        }
        keep_original(ledger_, taken_.message, letter_.message, keepers_);
        repeat_verdicts();
        return taken_;
    }

  private:
    store::Tables& tables() { return ledger_.tables(); }
    const Box& box() const { return ledger_.box(); }
    const Address& to(std::size_t i) const { return letter_.message.to[i]; }
    bool for_group(std::size_t i) const { return letter_.routes[i].kind == Route::Kind::Group; }

    // Who is named twice, also by two of his names, gets one copy.
    std::optional<std::size_t> named_before(std::size_t i) const {
        const auto& routes = letter_.routes;
        for (std::size_t first = 0; first < i; ++first) {
            const bool same = routes[i].kind == Route::Kind::Nowhere
                                  ? to(first) == to(i)
                                  : routes[first].recipient == routes[i].recipient;
            if (same) return first;
        }
        return std::nullopt;
    }

    void repeat_verdicts() {
        for (std::size_t i = 0; i < letter_.routes.size(); ++i) {
            if (const auto first = named_before(i)) taken_.verdicts[i] = taken_.verdicts[*first];
        }
    }

    // Duplicates first: a repeat of what is in custody is never refused for a quota.
    bool admitted(std::size_t i) {
        const Route& route = letter_.routes[i];
        if (repeats_are_known(letter_.message)) {
            keys_[i] = duplicate_key(letter_.message, to(i).uri());
            if (const auto known = tables().state.duplicate(keys_[i])) {
                taken_.verdicts[i] = {Verdict::Kind::Duplicate, Verdict::Reason::None, {}, *known};
                taken_.message = *known;
                return false;
            }
        }
        const bool local = route.kind != Route::Kind::Outside;
        taken_.verdicts[i] = too_much_ ? *too_much_
                             : !is_somebody(route)
                                 ? verdict(Verdict::Kind::Refused,
                                           Verdict::Reason::UnknownRecipient, "no such address")
                             : local                            ? admit_in(route)
                             : is_door(box().neighbours, to(i)) ? for_gateways_only()
                             : box().router.is_public(to(i))    ? admit_public(i)
                                                                : admit_out(i);
        if (taken_.verdicts[i].kept()) {
            const auto full = no_room(ledger_, keeper(route), letter_.message, route.network);
            if (full) taken_.verdicts[i] = *full;
        }
        const bool known = taken_.verdicts[i].kind == Verdict::Kind::Duplicate;
        if (known) taken_.message = taken_.verdicts[i].message;
        return taken_.verdicts[i].kept() && !known;
    }

    // Reports and what neighbours tell the box have gone their own way before.
    static bool is_somebody(const Route& route) {
        return route.kind != Route::Kind::Nowhere && route.kind != Route::Kind::Report &&
               !is_for_neighbours(route);
    }

    // Whose quota the original counts against; empty: nobody's.
    const std::string& keeper(const Route& route) const {
        return route.kind == Route::Kind::Outside ? letter_.owner : route.owner;
    }

    Verdict admit_in(const Route& route) {
        if (route.kind == Route::Kind::Group) return box().groups->admit(ledger_, letter_, route);
        if (letter_.trusted) return {};
        if ((letter_.owner.empty() || is_nameless(letter_.owner)) && is_minor(box(), route.owner))
            return no_outsiders();
        if (!letter_.owner.empty()) return {};
        const auto contact = tables().people.contact(route.owner, letter_.message.from);
        if (contact && contact->state == ContactState::Blocked) {
            return verdict(Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                           "the recipient does not take mail from this address");
        }
        return {};
    }

    Verdict admit_public(std::size_t i) {
        const auto people = box().directory.get();
        const Person* author = people->find(letter_.owner);
        if (author != nullptr && author->row.approved) return admit_out(i);
        return verdict(Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                       "only people of this village post here");
    }

    // From outside to outside: of these only mail for a neighbour that has no public address.
    Verdict admit_fronted(std::size_t i) {
        const Neighbour* to_whom = box().neighbours.fronted(to(i));
        if (letter_.trusted || to_whom == nullptr) return {};
        const int most = to_whom->fronted_per_day;
        const auto today = tables().state.used('@' + to_whom->name, box().day(), kFronted);
        if (today + ++fronted_ <= most) return {};
        return verdict(
            Verdict::Kind::Later, Verdict::Reason::QuotaFull,
            "the " + std::to_string(most) + " mails of today for " + to_whom->name + " have come");
    }

    Verdict admit_out(std::size_t i) {
        if (letter_.owner.empty()) return admit_fronted(i);
        if (letter_.trusted) return {};
        if (is_minor(box(), letter_.owner)) {
            return verdict(Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                           "not for you yet: ask your operator");
        }
        const int most = is_nameless(letter_.owner) ? box().settings->stranger_mails_per_day
                                                    : box().settings->person_mails_per_day;
        if (tables().state.used(letter_.owner, box().day(), "mail") + ++outside_ > most) {
            return verdict(Verdict::Kind::Later, Verdict::Reason::QuotaFull,
                           "limit of " + std::to_string(most) + " mails a day reached");
        }
        return {};
    }

    void add_message() {
        row_.kind = letter_.kind;
        row_.message = letter_.message;
        row_.owner = letter_.owner;
        row_.answers = letter_.answers != 0 ? letter_.answers : find_answered(ledger_, letter_);
        taken_.message = ledger_.add_message(row_);
        const std::string& neighbour = letter_.message.brought_by;
        if (!neighbour.empty()) count_brought(ledger_, neighbour, Brought::Mails);
        if (letter_.owner.empty() || letter_.trusted) return;
        store::ItemRow item;
        item.owner = letter_.owner;
        item.message = taken_.message;
        item.peer = letter_.routes.front().recipient;
        item.changed_ms = ledger_.now();
        taken_.item = tables().items.add(item, ledger_.reuse_before());
    }

    void add_delivery(std::size_t i) {
        const Route& route = letter_.routes[i];
        const bool local = route.kind != Route::Kind::Outside;
        store::DeliveryRow row;
        row.message = taken_.message;
        row.owner = local ? route.owner : (letter_.owner.empty() ? "-" : letter_.owner);
        row.turn = letter_.owner;  // what comes from outside goes on its recipient's
        row.recipient = route.recipient;
        row.network = route.network;
        row.priority = letter_.message.priority;
        const std::string sender =
            letter_.owner.empty() ? letter_.message.from.uri() : letter_.owner;
        // An alarm waits for nothing, thus in no lane.
        if (row.priority != Priority::Alarm) {
            row.lane = ledger_.lane_of(route.network, sender, route.recipient.uri());
        }
        row.due_box_ms = letter_.due_box_ms;
        if (letter_.message.expires_in) {
            row.expires_ms =
                ledger_.now() + std::chrono::milliseconds(*letter_.message.expires_in).count();
        }
        if (row.due_box_ms > 0) row.state = State::Deferred;
        const std::string held = local ? why_held(route) : std::string();
        if (!held.empty()) row.state = State::Held;
        if (held.empty() && too_much_from_outside(route)) row.priority = Priority::Bulk;
        if (local) row.item = add_item(route, row);
        ledger_.add_delivery(row, held);
        note_wish(i, row);
        keepers_.push_back({keeper(route), held != to_string(Why::NoConsent)});
        if (local) copy_to_mailbox(i, row);
        const bool to_neighbour = box().neighbours.speaker(route.recipient) != nullptr;
        // Where people write as little as on a radio nobody need be told so.
        const bool long_ones = box().router.typed_schemes().count(route.recipient.scheme) == 0;
        if (!local && !to_neighbour && long_ones && !box().router.is_public(route.recipient) &&
            ledger_.box().router.ordered(letter_.message.network)) {
            note_first_mail(ledger_, row);
        }
        if (!local && !letter_.trusted && !letter_.owner.empty()) {
            tables().state.use(letter_.owner, box().day(), "mail");
        }
        const Neighbour* front =
            local || letter_.trusted ? nullptr : box().neighbours.fronted(to(i));
        if (front != nullptr && letter_.owner.empty())
            tables().state.use('@' + front->name, box().day(), kFronted);
        if (local && letter_.owner.empty() && !held.empty()) hold(route, row, held);
        if (local) note_from_neighbour(route);
        // His own program may have the key to what lies in his mailbox.
        const bool perhaps_there =
            letter_.message.unreadable == Unreadable::Encrypted && !route.mailbox.empty();
        if (local && !readable() && !perhaps_there) tell_unreadable(ledger_, row, row_);
        if (!local && !letter_.owner.empty()) remember_contact(route.recipient);
    }

    void note_from_neighbour(const Route& route) {
        if (!letter_.owner.empty() || !letter_.message.verified_sender) return;
        if (const Neighbour* speaker = box().neighbours.speaker(letter_.message.from))
            note_met(tables(), route.owner, speaker->name);
    }

    void add_post(std::size_t i) {
        const Route& route = letter_.routes[i];
        box().groups->take(ledger_, letter_, row_, route);
        keepers_.push_back({route.owner, true});
    }

    bool readable() const { return letter_.message.unreadable == Unreadable::No; }

    // Who has a mailbox beside his radio gets the message there too: a second delivery, whole, and
    // at once. A mailbox costs no airtime, so what waits for a word of his waits for the radio
    // only.
    void copy_to_mailbox(std::size_t i, store::DeliveryRow copy) {
        const Route& route = letter_.routes[i];
        if (route.mailbox.empty() || route.mailbox_only) return;
        copy.recipient = route.mailbox;
        copy.network = route.mailbox_network;
        copy.lane = 0;
        copy.item = 0;
        copy.state = copy.due_box_ms > 0 ? State::Deferred : State::Ready;
        ledger_.add_delivery(copy);
        note_wish(i, copy);
    }

    // Before anybody is told anything of it.
    void note_wish(std::size_t i, const store::DeliveryRow& row) {
        const Message& m = letter_.message;
        if ((!letter_.owner.empty() && !wrote_by_chat(m)) || i >= m.wishes.size()) return;
        if (m.wishes[i].usual() && m.envelope_id.empty()) return;
        const bool outside = letter_.routes[i].kind == Route::Kind::Outside;
        tables().wishes.add({row.id, row.message, outside ? row.recipient.uri() : row.owner,
                             m.wishes[i], m.envelope_id, false});
    }

    bool too_much_from_outside(const Route& route) {
        const bool outside =
            letter_.owner.empty() && !letter_.trusted && letter_.kind == store::Kind::Letter;
        return outside && !within_outside_share(ledger_, route.network);
    }

    // Alarms are held by nothing, nor is what goes to a mailbox.
    std::string why_held(const Route& route) {
        if (letter_.kind == store::Kind::Alarm || route.mailbox_only) return {};
        if (letter_.message.automatic && letter_.owner.empty()) return to_string(Why::Automatic);
        if (!consented(route)) return to_string(Why::NoConsent);
        const auto people = box().directory.get();
        const Person* person = people->find(route.owner);
        if (person && !person->row.approved) return to_string(Why::NotApproved);
        if (person && person->row.paused) return to_string(Why::Paused);
        if (route.network.empty()) return to_string(Why::NoWay);
        return {};
    }

    // He wrote first, accepted, or gave the token that the answer carries.
    bool consented(const Route& route) {
        if (letter_.trusted || !letter_.owner.empty()) return true;
        const auto contact = tables().people.contact(route.owner, letter_.message.from);
        if (box().tokens.valid(route.token_of, route.token, box().day())) {
            if (!contact) put_contact(route.owner, letter_.message.from, ContactState::Known);
            return true;
        }
        if (neighbour_vouches(tables(), box(), route.owner, letter_.message)) return true;
        if (contact && contact->state == ContactState::Known) {
            return letter_.message.verified_sender;
        }
        if (!contact) put_contact(route.owner, letter_.message.from, ContactState::Pending);
        return false;
    }

    void put_contact(const std::string& owner, const Address& address, ContactState state) {
        tables().people.put_contact({owner, address, {}, state, ledger_.now()});
    }

    void remember_contact(const Address& recipient) {
        const auto contact = tables().people.contact(letter_.owner, recipient);
        if (!contact) {
            put_contact(letter_.owner, recipient, ContactState::Known);
        } else if (contact->state != ContactState::Known) {
            auto known = *contact;
            known.state = ContactState::Known;
            tables().people.put_contact(known);
        }
    }

    int add_item(const Route& route, const store::DeliveryRow& row) {
        store::ItemRow item;
        item.owner = route.owner;
        item.message = row.message;
        item.incoming = true;
        item.peer = letter_.owner.empty() ? letter_.message.from : person_or_address();
        item.changed_ms = ledger_.now();
        return tables().items.add(item, ledger_.reuse_before());
    }

    Address person_or_address() const {
        if (!is_nameless(letter_.owner)) return person(letter_.owner);
        const auto address = parse_address(letter_.owner);
        return address.ok() ? *address : letter_.message.from;
    }

    // What the recipient hears of it, and its sender. Automatic mail is asked for by its number.
    void hold(const Route& route, const store::DeliveryRow& row, const std::string& why) {
        const bool no_consent = why == to_string(Why::NoConsent);
        const store::Asked asked = no_consent                  ? store::Asked::NotTold
                                   : letter_.message.automatic ? store::Asked::NothingToTell
                                                               : store::Asked::Yes;
        note_held(ledger_, row, letter_.message.from, asked);
        if (!no_consent) return;
        tell_what_waits(ledger_, route.owner);
        if (route.mailbox.empty() && readable()) tell_held(ledger_, row, row_);
    }

    Ledger& ledger_;
    const Letter& letter_;
    std::vector<store::DuplicateKey> keys_;  // per recipient, where the message has an id
    int outside_ = 0;                        // recipients outside so far
    int fronted_ = 0;                        // recipients at neighbours, of mail from outside
    std::optional<Verdict> too_much_;        // a neighbour has brought all that it may
    std::vector<Keeper> keepers_;            // of the original, one per delivery
    store::MessageRow row_;
    Taken taken_;
};

}  // namespace

Taken take_letter(Ledger& ledger, const Letter& letter) { return Intake(ledger, letter).run(); }

bool repeats_are_known(const Message& message) {
    return !message.origin_id.empty() || message.written != 0;
}

store::DuplicateKey duplicate_key(const Message& message, const std::string& recipient) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, 16);
    absorb(state, message.network);
    absorb(state, message.from.empty() ? std::string() : message.from.uri());
    absorb(state, message.origin_id);
    absorb(state, recipient);
    // One that a neighbour's box numbered has another form on each way.
    if (message.numbered) return finished(state, message.written);
    // A body in a file is told apart by its size and the text that was read from it.
    absorb(state, message.body.bytes.empty() ? message.text : message.body.bytes);
    absorb(state, std::to_string(message.body.size));
    return finished(state, message.written);
}

bool is_minor(const Box& box, const std::string& owner) {
    const auto people = box.directory.get();
    const Person* person = people->find(owner);
    return person != nullptr && person->row.minor;
}

Verdict no_outsiders() {
    return verdict(Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                   "does not take mail from outside");
}

Verdict for_neighbours_only(Route::Kind door) {
    return verdict(Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                   door == Route::Kind::Alarm ? "only neighbours raise an alarm here"
                                              : "only neighbours write there");
}

Verdict look(const Box& box, const Route& route, bool trusted, const Address& to,
             std::uint64_t bytes) {
    if (bytes > box.settings->max_message_bytes) {
        return verdict(Verdict::Kind::Refused, Verdict::Reason::TooLarge,
                       "larger than " + std::to_string(box.settings->max_message_bytes) + " bytes");
    }
    if (route.kind == Route::Kind::Report && !reported_on(box, route)) {
        return verdict(Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient,
                       "this is no report on a mail from here");
    }
    const bool no_neighbour = is_for_neighbours(route) && box.neighbours.empty();
    if (route.kind == Route::Kind::Nowhere || no_neighbour) {
        return verdict(Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient,
                       "nobody here is called " + std::string(to.local_part()));
    }
    if (route.kind == Route::Kind::Outside && is_door(box.neighbours, to)) {
        return for_gateways_only();
    }
    if (route.kind == Route::Kind::Outside && !trusted && box.neighbours.fronted(to) == nullptr) {
        return verdict(Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                       "this box takes mail for " + box.settings->domain + " only");
    }
    return {};
}

}  // namespace waypost

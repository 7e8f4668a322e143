// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/matters.h"

#include <algorithm>

#include "gateway/commands/catalogue.h"
#include "gateway/commands/handle.h"
#include "gateway/custody/held.h"
#include "gateway/custody/language.h"
#include "gateway/custody/radios.h"
#include "gateway/custody/receipts.h"

namespace waypost {
namespace {

using store::MatterRow;

constexpr char kMoves[] = "moves";
constexpr char kNotes[] = "operator-notes";
constexpr char kKeyNotes[] = "key-notes";
constexpr std::int64_t kOpenApprovals = 50;
constexpr int kNotesPerDay = 20;  // to the operators together; the rest they see on the console

// What it is about becomes a message of its own, so that it has a trace and can have numbers.
MatterRow begin(Ledger& ledger, MatterRow matter, const std::string& text) {
    store::MessageRow line;
    line.kind = store::Kind::Notice;
    line.message.network = "local";
    line.message.from = matter.radio;
    line.message.text = text;
    line.message.automatic = true;
    matter.message = ledger.add_message(line);
    ledger.tables().matters.put(matter);
    ledger.note(matter.message, "asked", matter.radio.uri());
    return matter;
}

MatterRow begin(Ledger& ledger, MatterRow::Kind kind, const Address& radio,
                const std::string& handle) {
    MatterRow matter;
    matter.kind = kind;
    matter.handle = handle;
    matter.radio = radio;
    if (kind == MatterRow::Kind::Move) {
        matter.due_box_ms = ledger.box().box_ms() + std::chrono::milliseconds(kMoveWaits).count();
    }
    return begin(ledger, matter, "name " + handle);
}

void close(Ledger& ledger, const MatterRow& matter, const char* kind, const std::string& why) {
    auto& tables = ledger.tables();
    ledger.note(matter.message, kind, why);
    tables.matters.erase(matter.message);
    tables.items.set_all_done(matter.message, ledger.now());
    tables.messages.set_ended(matter.message, ledger.now());
}

// To each of these ends, under one number of their owner's.
void tell(Ledger& ledger, const MatterRow& matter, const std::string& owner,
          const std::vector<Address>& ends, const char* text) {
    if (ends.empty()) return;
    store::ItemRow item;
    item.owner = owner;
    item.message = matter.message;
    item.incoming = true;
    item.peer = matter.radio;
    item.changed_ms = ledger.now();
    const int number = ledger.tables().items.add(item, ledger.reuse_before());
    const Catalogue& words = words_of(ledger, owner);
    const std::string line = words.say(text, {{"who", radio_label(ledger.tables(), matter.radio)},
                                              {"handle", matter.handle},
                                              {"item", std::to_string(number)}});
    for (const Address& end : ends) {
        ledger.say(end, line, store::Kind::Notice, Priority::Urgent, owner, matter.message);
    }
}

// `counter`: of such lines today.
void tell_operators(Ledger& ledger, const MatterRow& matter, const char* text,
                    const char* counter = kNotes) {
    const Box& box = ledger.box();
    if (ledger.tables().state.used("-", box.day(), counter) >= kNotesPerDay) return;
    ledger.tables().state.use("-", box.day(), counter);
    for (const std::string& each : box.settings->operators) {
        if (each == matter.handle || !is_operator(box, each)) continue;
        const Address end = endpoint_of(box, each);
        if (!end.empty()) tell(ledger, matter, each, {end}, text);
    }
}

// Where the radio with the new key does not hear it.
void tell_its_person(Ledger& ledger, const MatterRow& matter) {
    const auto people = ledger.box().directory.get();
    const Person* person = people->find(matter.handle);
    if (person == nullptr) return;
    std::vector<Address> radios;
    for (const Address& end : person->endpoints) {
        const store::EndpointRow* row = people->endpoint(end);
        if (end == matter.radio || row == nullptr || !row->new_key.empty()) continue;
        if (!is_mailbox(end)) {
            radios.push_back(end);
            continue;
        }
        const Catalogue& words = words_of(ledger, matter.handle);
        ledger.say(end, words.say("key_note_mail"), store::Kind::Notice, Priority::Urgent,
                   matter.handle, matter.message);
    }
    tell(ledger, matter, matter.handle, radios, "key_note_own");
}

// False: another key is asked about by now, or none.
bool settle_key(Ledger& ledger, const MatterRow& matter, bool yes) {
    auto radio = ledger.tables().people.endpoint(matter.radio);
    if (!radio || radio->person != matter.handle || radio->new_key != matter.new_key) return false;
    if (yes) radio->public_key = radio->new_key;
    radio->new_key.clear();
    ledger.tables().people.put_endpoint(*radio);
    ledger.effects().people_changed = true;
    ledger.effects().networks.insert(ledger.box().router.network_of(matter.radio));
    return true;
}

void say_to_radio(Ledger& ledger, const MatterRow& matter, const std::string& owner,
                  const char* text) {
    const Catalogue& words = words_of(ledger, matter.radio.uri());
    ledger.say(
        matter.radio,
        words.say(text, {{"handle", matter.handle},
                         {"address", mailto(matter.handle, ledger.box().settings->domain).value}}),
        store::Kind::Notice, Priority::Urgent, owner);
}

bool approve(Ledger& ledger, const MatterRow& matter) {
    auto person = ledger.tables().people.person(matter.handle);
    if (!person) return false;
    person->approved = true;
    ledger.tables().people.put_person(*person);
    bind_radio(ledger, matter.radio, matter.handle);
    return true;
}

// The radio may have a name by now, or the person may be gone.
bool move_radio(Ledger& ledger, const MatterRow& matter, bool keep_others) {
    auto& tables = ledger.tables();
    const auto radio = tables.people.endpoint(matter.radio);
    const bool free = !radio || radio->person.empty() || radio->person == matter.handle;
    if (!free || !tables.people.has_person(matter.handle)) return false;
    auto others = radios_of(tables, matter.handle, false);
    std::erase(others, matter.radio);
    if (!keep_others) suspend_radios(ledger, matter.handle, others);
    bind_radio(ledger, matter.radio, matter.handle);
    return true;
}

}  // namespace

std::string looks_like(store::Tables& tables, const std::string& handle) {
    if (tables.people.has_person(handle)) return {};
    const std::string skeleton = handle_skeleton(handle);
    for (const store::PersonRow& person : tables.people.persons()) {
        if (handle_skeleton(person.handle) == skeleton) return person.handle;
    }
    return {};
}

bool is_operator(const Box& box, const std::string& owner) {
    const auto& all = box.settings->operators;
    const auto people = box.directory.get();
    const Person* person = people->find(owner);
    return person != nullptr && person->row.approved &&
           std::find(all.begin(), all.end(), owner) != all.end();
}

std::string ask_approval(Ledger& ledger, const Address& radio, const std::string& handle) {
    auto& matters = ledger.tables().matters;
    if (matters.count(MatterRow::Kind::Approval) >= kOpenApprovals) return "name_busy";
    if (matters.of_radio(radio) || matters.of_handle(handle)) return "move_open";
    tell_operators(ledger, begin(ledger, MatterRow::Kind::Approval, radio, handle),
                   "approval_note");
    return "name_asked";
}

std::string ask_move(Ledger& ledger, const Address& radio, const std::string& handle) {
    auto& tables = ledger.tables();
    const std::int64_t today = ledger.box().day();
    if (tables.matters.of_radio(radio) || tables.matters.of_handle(handle)) return "move_open";
    if (tables.state.used(handle, today, kMoves) >= kMovesPerDay) return "move_limit";
    tables.state.use(handle, today, kMoves);
    const MatterRow matter = begin(ledger, MatterRow::Kind::Move, radio, handle);
    const auto people = ledger.box().directory.get();
    if (const Person* person = people->find(handle))
        tell(ledger, matter, handle, person->endpoints, "move_note");
    tell_operators(ledger, matter, "move_note_operator");
    return "move_asked";
}

// What is heard is anybody's word, so it is bounded how often it is told; the console shows all.
void ask_about_key(Ledger& ledger, const store::EndpointRow& radio) {
    auto& tables = ledger.tables();
    key_settled(ledger, radio.address, "yet another key is heard");
    const bool asks = tables.matters.of_radio(radio.address).has_value();  // for a name or a move
    if (radio.person.empty() || radio.suspended || radio.new_key.empty() || asks) return;
    MatterRow matter;
    matter.kind = MatterRow::Kind::Key;
    matter.handle = radio.person;
    matter.radio = radio.address;
    matter.new_key = radio.new_key;
    matter = begin(ledger, matter, "new key");
    const std::string radio_uri = radio.address.uri();
    const std::int64_t today = ledger.box().day();
    if (tables.state.used(radio_uri, today, kKeyNotes) >= kKeyNotesPerDay) return;
    tables.state.use(radio_uri, today, kKeyNotes);
    tell_its_person(ledger, matter);
    tell_operators(ledger, matter, "key_note", kKeyNotes);
}

void key_settled(Ledger& ledger, const Address& radio, const std::string& why) {
    const auto matter = ledger.tables().matters.of_radio(radio);
    if (matter && matter->kind == MatterRow::Kind::Key) close(ledger, *matter, "dropped", why);
}

bool carry_out(Ledger& ledger, const MatterRow& matter, const std::string& why, bool keep_others) {
    const bool key = matter.kind == MatterRow::Kind::Key;
    const bool done = key ? settle_key(ledger, matter, true)
                      : matter.kind == MatterRow::Kind::Approval
                          ? approve(ledger, matter)
                          : move_radio(ledger, matter, keep_others);
    close(ledger, matter, done ? "done" : "dropped", done ? why : "it cannot be done any more");
    if (done && !key) say_to_radio(ledger, matter, matter.handle, "name_done");
    return done;
}

void refuse(Ledger& ledger, const MatterRow& matter, const std::string& why) {
    auto& tables = ledger.tables();
    close(ledger, matter, "refused", why);
    if (matter.kind == MatterRow::Kind::Key) {
        settle_key(ledger, matter, false);
        return;
    }
    say_to_radio(ledger, matter, matter.radio.uri(), "name_refused");
    if (matter.kind == MatterRow::Kind::Move) return;
    for (store::DeliveryRow& row : tables.deliveries.unfinished_to(person(matter.handle).uri())) {
        if (row.state == State::Sending) continue;
        ledger.move(row, State::Cancelled, ProofClass::Observed, "5.1.1", "no such person");
    }
    tables.people.remove_person(matter.handle);
    ledger.effects().people_changed = true;
}

void withdraw(Ledger& ledger, const Address& radio) {
    const auto matter = ledger.tables().matters.of_radio(radio);
    if (!matter) return;
    close(ledger, *matter, "dropped", "the radio has a name by now");
    if (matter->kind != MatterRow::Kind::Approval) return;
    ledger.tables().people.remove_person(matter->handle);
    ledger.effects().people_changed = true;
}

void withdraw(Ledger& ledger, const std::string& handle) {
    for (const MatterRow& matter : ledger.tables().matters.all()) {
        if (matter.handle == handle)
            close(ledger, matter, "dropped", "nobody is called so any more");
    }
}

void carry_out_due(Ledger& ledger) {
    for (const MatterRow& matter : ledger.tables().matters.due(ledger.box().box_ms()))
        carry_out(ledger, matter, "nobody said no in time", false);
}

}  // namespace waypost

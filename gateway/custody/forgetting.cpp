// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/forgetting.h"

#include <algorithm>

#include "gateway/base/log.h"
#include "gateway/custody/held.h"
#include "gateway/custody/language.h"
#include "gateway/custody/met_neighbours.h"
#include "gateway/custody/radios.h"

namespace waypost {
namespace {

constexpr std::chrono::hours kRememberStrangers{24 * 60};

class Forgetting {
  public:
    Forgetting(Ledger& ledger, const std::string& handle) : ledger_(ledger), handle_(handle) {}

    Forgot run() {
        const auto asked = count();
        const ToldNeighbours neighbours = tell_to_forget(ledger_, handle_);
        forgot_.neighbours = neighbours.told;
        forget_radios();
        leave(ledger_, handle_);
        for (const MessageId id : asked) {
            tables().messages.forget(id);
            tables().messages.set_ended(id, ledger_.now());
        }
        std::vector<MessageId> his = tables().messages.of_owner(handle_);
        for (const MessageId id : his) forgot_.cancelled += cancel(id, true);
        const auto came = tables().deliveries.messages_of(handle_);
        for (const MessageId id : came) cancel(id, false);  // lines of ours to his radios too
        his.insert(his.end(), came.begin(), came.end());
        std::sort(his.begin(), his.end());
        his.erase(std::unique(his.begin(), his.end()), his.end());
        for (const MessageId id : his) forget(id);
        tables().state.forget_use_of(handle_);
        tables().people.remove_person(handle_);
        tables().console.forget(handle_);
        tables().forgotten.put({store::forgotten_hash(handle_), ledger_.now(), neighbours.all});
        ledger_.effects().people_changed = true;
        return forgot_;
    }

  private:
    store::Tables& tables() { return ledger_.tables(); }

    // The lines that asked for his name (custody/matters.h): they say it.
    std::vector<MessageId> count() {
        std::vector<MessageId> asked;
        for (const store::ItemRow& item : tables().items.all(handle_)) {
            const auto message = tables().messages.find(item.message);
            if (message && message->kind == store::Kind::Notice) asked.push_back(item.message);
            ++forgot_.items;
        }
        forgot_.contacts = tables().people.contacts(handle_).size();
        forgot_.mailbox = tables().people.endpoint(mailbox(handle_)).has_value();
        return asked;
    }

    // What a radio calls itself is often its owner's name; it says so again when it is heard.
    void forget_radios() {
        for (store::EndpointRow& row : tables().people.endpoints()) {
            if (row.person != handle_) continue;
            forget_talk(tables(), row.address.uri());
            row.name.clear();
            tables().people.put_endpoint(row);
            if (!is_mailbox(row.address)) ++forgot_.radios;
        }
    }

    std::size_t cancel(MessageId id, bool all) {
        std::size_t cancelled = 0;
        for (store::DeliveryRow& row : tables().deliveries.of_message(id)) {
            if (is_final(row.state) || (!all && row.owner != handle_)) continue;
            if (row.state == State::Sending) {
                row.expires_ms = ledger_.now();
                tables().deliveries.update(row);
                continue;
            }
            ledger_.move(row, State::Cancelled, ProofClass::Observed, {}, "a person is forgotten");
            ++cancelled;
        }
        return cancelled;
    }

    // Somebody else of the village sent it, or got it too.
    bool is_somebodys(const store::MessageRow& message,
                      const std::vector<store::DeliveryRow>& rows) const {
        if (!message.owner.empty() && message.owner != handle_) return true;
        return std::any_of(rows.begin(), rows.end(), [&](const store::DeliveryRow& row) {
            const bool came = row.state != State::Cancelled || row.attempts > 0;
            return came && row.owner != handle_ && row.owner != "-" && !row.owner.empty();
        });
    }

    void forget(MessageId id) {
        const auto message = tables().messages.find(id);
        const auto rows = tables().deliveries.of_message(id);
        const bool leaving = std::any_of(
            rows.begin(), rows.end(), [](const auto& row) { return row.state == State::Sending; });
        if (!message || leaving) return;
        tables().kept.remove(handle_, id);
        if (is_somebodys(*message, rows)) {
            if (message->owner.empty()) tables().deliveries.disown(id, handle_);
            return;
        }
        std::string file = tables().messages.forget(id);
        if (!file.empty()) ledger_.effects().bodies_gone.push_back(std::move(file));
        forget_rest(tables(), id);
        tables().deliveries.disown(id, handle_);
        ++forgot_.texts;
    }

    Ledger& ledger_;
    const std::string handle_;
    Forgot forgot_;
};

}  // namespace

void forget_rest(store::Tables& tables, MessageId id) {
    tables.deliveries.forget_names(id);
    tables.events.forget_names(id);
    tables.items.forget(id);
    tables.kept.forget(id);
    tables.wishes.forget(id);
    tables.posts.forget(id);
    tables.alarms.forget(id);
    tables.owed.forget(id);
}

Forgot forget_person(Ledger& ledger, const std::string& handle) {
    return Forgetting(ledger, handle).run();
}

std::size_t forget_strangers(Ledger& ledger, int most) {
    auto& tables = ledger.tables();
    store::Ms before = ledger.now() - std::chrono::milliseconds(kRememberStrangers).count();
    if (const auto crowded = tables.strangers.heard_after(kMostStrangers))
        before = std::max(before, *crowded + 1);
    const auto gone = tables.strangers.unheard(before, most);
    for (const std::string& radio : gone) {
        tables.strangers.forget(radio);
        forget_talk(tables, radio);
        forget_language(ledger, radio);
        forget_met(tables, radio);
    }
    if (!gone.empty()) ledger.effects().people_changed = true;
    return gone.size();
}

void forget_again(Ledger& ledger) {
    for (const store::PersonRow& person : ledger.tables().people.persons()) {
        const auto gone = ledger.tables().forgotten.find(store::forgotten_hash(person.handle));
        if (!gone || person.created_ms > gone->at_ms) continue;
        forget_person(ledger, person.handle);
        log(Level::Info, "people", "forgotten-again");
    }
}

}  // namespace waypost

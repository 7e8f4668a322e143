// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_letters.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "gateway/message/text.h"

namespace waypost {
namespace {

// Of a search in one page: it goes on where this one ended.
constexpr int kMostSearched = 2000;
constexpr int kMostListed = 100;

using Next = std::function<std::vector<store::LetterRow>(store::Tables&, MessageId before, int)>;
using Matches = std::function<bool(const ListedLetter&)>;

bool has(const std::string& text, const std::string& lower) {
    return lower_ascii(text).find(lower) != std::string::npos;
}

bool envelope_has(const ListedLetter& each, const std::string& lower) {
    return has(each.letter.from.uri(), lower) || has(each.letter.from_name, lower) ||
           std::any_of(each.deliveries.begin(), each.deliveries.end(),
                       [&](const auto& row) { return has(row.recipient.uri(), lower); });
}

Matches matches(const std::string& text, bool with_text) {
    if (text.empty()) return [](const ListedLetter&) { return true; };
    return [lower = lower_ascii(text), with_text](const ListedLetter& each) {
        return envelope_has(each, lower) ||
               (with_text && (has(each.letter.subject, lower) || has(each.letter.text, lower)));
    };
}

using View = std::function<void(store::Tables&, ListedLetter&)>;

LetterPage page_of(store::Tables& tables, const Next& next, const View& view,
                   const LetterSearch& search, const Matches& wanted) {
    LetterPage page;
    const int most = std::clamp(search.most, 1, kMostListed);
    MessageId before = search.before;
    for (int looked = 0; looked < kMostSearched;) {
        auto rows = next(tables, before, most);
        if (rows.empty()) return page;
        for (store::LetterRow& row : rows) {
            before = row.id;
            ++looked;
            ListedLetter each{std::move(row), tables.deliveries.of_message(before)};
            view(tables, each);
            if (!wanted(each)) continue;
            page.letters.push_back(std::move(each));
            if (static_cast<int>(page.letters.size()) < most) continue;
            page.next = before;
            return page;
        }
    }
    page.next = before;
    return page;
}

// Since when the name is his. A clock that was ahead then says nothing.
store::Ms his_since(const Box& box, store::Tables& tables, const std::string& handle) {
    const auto person = tables.people.person(handle);
    if (!person) return std::numeric_limits<store::Ms>::max();
    return person->created_ms > box.wall_ms() ? 0 : person->created_ms;
}

// Not for him: of others, what waits for his consent, and what he has blocked.
bool is_his_copy(const store::DeliveryRow& row, const std::string& handle) {
    const bool let_in = row.state != State::Held || row.network.empty();
    return row.owner == handle && let_in && row.state != State::Cancelled;
}

void keep_his_copies(std::vector<store::DeliveryRow>& rows, const std::string& handle) {
    std::erase_if(rows, [&](const auto& row) { return !is_his_copy(row, handle); });
}

// In place of a group's members stands the group.
void hide_members(store::Tables& tables, MessageId message, std::vector<store::DeliveryRow>& rows) {
    const auto posts = tables.posts.of_message(message);
    if (posts.empty()) return;
    const bool goes_on =
        std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !is_final(row.state); });
    rows.clear();
    for (const store::PostRow& post : posts) {
        store::DeliveryRow row;
        row.message = message;
        row.recipient = Address{"group", post.group};
        row.state = goes_on ? State::Sending : State::Sent;
        rows.push_back(std::move(row));
    }
}

Error no_message(MessageId id) {
    return {Code::NotFound, "no message " + std::to_string(id), false};
}

}  // namespace

Result<LetterPage> own_letters(GatewayOffice& office, const std::string& handle, LetterBox box,
                               const LetterSearch& search) {
    const bool in = box == LetterBox::In;
    const Next next = [&](store::Tables& t, MessageId before, int most) {
        return in ? t.letters.that_came_for(handle, before, most)
                  : t.letters.written_by(handle, before, most);
    };
    const View view = [&](store::Tables& t, ListedLetter& each) {
        if (in)
            keep_his_copies(each.deliveries, handle);
        else
            hide_members(t, each.letter.id, each.deliveries);
    };
    return office.box().store.read([&](store::Tables& t) {
        const store::Ms since = his_since(office.box(), t, handle);
        const Matches found = matches(search.text, true);
        return page_of(t, next, view, search, [&](const ListedLetter& each) {
            return each.letter.created_ms >= since && (!in || !each.deliveries.empty()) &&
                   found(each);
        });
    });
}

Result<LetterPage> envelopes(GatewayOffice& office, const std::string& person,
                             const LetterSearch& search) {
    const Next next = [](store::Tables& t, MessageId before, int most) {
        return t.letters.all(before, most);
    };
    const Matches found = matches(search.text, false);
    const Matches wanted = [&](const ListedLetter& each) {
        const bool his =
            person.empty() || each.letter.owner == person ||
            std::any_of(each.deliveries.begin(), each.deliveries.end(),
                        [&](const auto& delivery) { return delivery.owner == person; });
        return his && found(each);
    };
    return office.box().store.read([&](store::Tables& t) {
        return page_of(
            t, next, [](store::Tables&, ListedLetter&) {}, search, wanted);
    });
}

Result<Trace> own_letter(GatewayOffice& office, const std::string& handle, MessageId id) {
    auto found = office.box().store.read([&](store::Tables& t) -> std::optional<Trace> {
        auto row = t.messages.find(id);
        if (!row || row->created_ms < his_since(office.box(), t, handle)) return std::nullopt;
        Trace letter{std::move(*row), t.deliveries.of_message(id), t.events.of_message(id)};
        if (letter.message.owner == handle)
            hide_members(t, id, letter.deliveries);
        else
            keep_his_copies(letter.deliveries, handle);
        if (letter.message.owner != handle && letter.deliveries.empty()) return std::nullopt;
        std::erase_if(letter.events, [&](const store::EventRow& event) {
            return event.delivery != 0 &&
                   std::none_of(letter.deliveries.begin(), letter.deliveries.end(),
                                [&](const auto& each) { return each.id == event.delivery; });
        });
        return letter;
    });
    if (!found.ok()) return found.error();
    if (!*found) return no_message(id);
    for (const store::DeliveryRow& each : (*found)->deliveries) {
        if (each.state != State::Held || each.owner != handle) continue;
        const auto read = office.change([&](Ledger& ledger) {
            auto row = ledger.tables().deliveries.find(each.id);
            if (row && row->state == State::Held)
                ledger.move(*row, State::Read, ProofClass::Observed, {}, "on the console");
        });
        if (!read.ok()) return read.error();
    }
    return std::move(**found);
}

bool is_own_letter(GatewayOffice& office, const std::string& handle, MessageId id) {
    const auto found = office.box().store.read([&](store::Tables& t) {
        const auto row = t.messages.find(id);
        if (!row || row->created_ms < his_since(office.box(), t, handle)) return false;
        if (row->owner == handle) return true;
        const auto rows = t.deliveries.of_message(id);
        return std::any_of(rows.begin(), rows.end(),
                           [&](const auto& each) { return is_his_copy(each, handle); });
    });
    return found.ok() && *found;
}

Result<store::MessageRow> open_letter(GatewayOffice& office, const Visitor& visitor, MessageId id) {
    return office.decide<store::MessageRow>([&](Ledger& ledger) -> Result<store::MessageRow> {
        auto& tables = ledger.tables();
        auto row = tables.messages.find(id);
        if (!row) return no_message(id);
        tables.events.add({id,
                           0,
                           ledger.now(),
                           "opened",
                           ProofClass::Observed,
                           {},
                           {},
                           "text, by " + name_of(visitor)});
        tables.console.add_audit({0, ledger.now(), visitor.handle, "open", std::to_string(id)});
        return std::move(*row);
    });
}

}  // namespace waypost

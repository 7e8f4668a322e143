// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_letters.h"

#include <algorithm>
#include <functional>

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

LetterPage page_of(store::Tables& tables, const Next& next, const std::string& only_of,
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
            if (!only_of.empty())
                std::erase_if(each.deliveries,
                              [&](const auto& delivery) { return delivery.owner != only_of; });
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

bool is_his(store::Tables& tables, const std::string& handle, const store::MessageRow& row) {
    if (row.owner == handle) return true;
    const auto deliveries = tables.deliveries.of_message(row.id);
    return std::any_of(deliveries.begin(), deliveries.end(),
                       [&](const auto& each) { return each.owner == handle; });
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
    return office.box().store.read([&](store::Tables& t) {
        return page_of(t, next, in ? handle : std::string(), search, matches(search.text, true));
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
    return office.box().store.read(
        [&](store::Tables& t) { return page_of(t, next, {}, search, wanted); });
}

Result<store::MessageRow> own_letter(GatewayOffice& office, const std::string& handle,
                                     MessageId id) {
    auto found = office.box().store.read([&](store::Tables& t) -> std::optional<store::MessageRow> {
        auto row = t.messages.find(id);
        if (!row || !is_his(t, handle, *row)) return std::nullopt;
        return row;
    });
    if (!found.ok()) return found.error();
    if (!*found) return no_message(id);
    return std::move(**found);
}

Result<store::MessageRow> open_letter(GatewayOffice& office, const Visitor& visitor, MessageId id) {
    return office.decide<store::MessageRow>([&](Ledger& ledger) -> Result<store::MessageRow> {
        auto& tables = ledger.tables();
        auto row = tables.messages.find(id);
        if (!row) return no_message(id);
        const std::string who = visitor.handle.empty() ? "the operator" : visitor.handle;
        tables.events.add(
            {id, 0, ledger.now(), "opened", ProofClass::Observed, {}, {}, "text, by " + who});
        tables.console.add_audit({0, ledger.now(), visitor.handle, "open", std::to_string(id)});
        return std::move(*row);
    });
}

}  // namespace waypost

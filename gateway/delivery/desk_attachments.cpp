// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "gateway/delivery/desk.h"

namespace waypost {
namespace {

struct Original {
    store::MessageRow row;
    bool dropped = false;  // for room
};

std::string why_gone(MessageId id, bool dropped) {
    const std::string which = "the attachments of message " + std::to_string(id);
    return dropped ? which + " were dropped for room" : which + " are not kept";
}

bool is_kept(const Body& body) { return !body.bytes.empty() || !body.file.empty(); }

Result<Original> find_original(store::Store& store, MessageId id) {
    auto found = store.read([&](store::Tables& t) -> std::optional<Original> {
        auto row = t.messages.find(id);
        if (!row) return std::nullopt;
        const auto events = t.events.of_message(id);
        return Original{std::move(*row),
                        std::any_of(events.begin(), events.end(), [](const store::EventRow& event) {
                            return event.kind == "dropped";
                        })};
    });
    if (!found.ok()) return found.error();
    if (!found.value()) return Error{Code::NotFound, "no message " + std::to_string(id), false};
    return std::move(**found);
}

}  // namespace

Result<AttachmentList> Desk::attachments(MessageId id) {
    auto original = find_original(store(), id);
    if (!original.ok()) return original.error();
    AttachmentList list;
    list.all = std::move(original->row.message.attachments);
    list.kept = is_kept(original->row.message.body);
    if (!list.kept && !list.all.empty()) list.why_not = why_gone(id, original->dropped);
    return list;
}

Result<std::unique_ptr<AttachmentContent>> Desk::open_attachment(MessageId id, std::size_t number,
                                                                 const std::string& who) {
    const auto original = find_original(store(), id);
    if (!original.ok()) return original.error();
    const Message& message = original->row.message;
    const std::size_t count = message.attachments.size();
    if (number == 0 || number > count) {
        return Error{Code::NotFound,
                     "message " + std::to_string(id) + " has " + std::to_string(count) +
                         (count == 1 ? " attachment" : " attachments"),
                     false};
    }
    if (!is_kept(message.body))
        return Error{Code::NotFound, why_gone(id, original->dropped), false};
    auto reader = tools_.open_attachment.find(message.network);
    if (reader == tools_.open_attachment.end()) reader = tools_.open_attachment.find("");
    if (reader == tools_.open_attachment.end()) {
        return Error{Code::Internal,
                     "nothing here takes originals of " + message.network + " apart", false};
    }
    auto body = store().bodies().open(message.body);
    if (!body.ok()) return body.error();
    auto content = reader->second(std::move(*body), number);
    if (!content.ok()) return content;
    const auto recorded = office_.change([&](Ledger& ledger) {
        ledger.tables().events.add({id,
                                    0,
                                    ledger.now(),
                                    "opened",
                                    ProofClass::Observed,
                                    {},
                                    {},
                                    "attachment " + std::to_string(number) + ", by " + who});
    });
    if (!recorded.ok()) return recorded.error();
    return content;
}

Result<std::string> Desk::small_picture(AttachmentContent& picture, std::size_t budget) {
    if (!tools_.shrinker)
        return Error{Code::Internal, "nothing here makes pictures smaller", false};
    if (budget == 0) budget = office_.box().settings->picture_budget_bytes;
    return tools_.shrinker->shrink([&](std::ostream& out) { return picture.copy_to(out); }, budget);
}

}  // namespace waypost

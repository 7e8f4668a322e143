// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/kept_receipt.h"

#include <utility>

#include "gateway/custody/later_states.h"

namespace waypost {

std::string KeptReceipt::words(const std::string& items) const {
    const std::string& to = line_.receipt->to;
    return to.empty() ? Topic::say("kept", {{"item", items}})
                      : Topic::say("kept_to", {{"item", items}, {"who", to}});
}

MessageId KeptReceipt::say(const std::string& answer) {
    const std::string item = std::to_string(line_.receipt->item);
    const std::string own = words(item);
    // A question behind it stands alone: its digits must not be read behind another number.
    const bool plain = !line_.talk.offers() && answer.compare(0, own.size(), own) == 0;
    const std::string rest = plain ? answer.substr(own.size()) : std::string();
    if (plain) {
        if (const auto joined = join(rest)) return *joined;
    }
    Talk& talk = line_.talk;
    talk.receipt_told.clear();
    const std::string text = with_states(answer);
    const MessageId said = line_.ledger.say(line_.message.from, text, store::Kind::Answer,
                                            Priority::Urgent, line_.owner, line_.about);
    const auto rows = tables().deliveries.of_message(said);
    talk.receipt = plain && rows.size() == 1 ? rows.front().id : 0;
    talk.receipt_items = item;
    talk.receipt_form = words("#");
    talk.receipt_rest = rest;
    return said;
}

std::optional<MessageId> KeptReceipt::join(const std::string& rest) {
    Talk& talk = line_.talk;
    auto row = waiting();
    if (!row) return std::nullopt;
    const std::string items = talk.receipt_items + ' ' + std::to_string(line_.receipt->item);
    const std::string text = words(items) + talk.receipt_rest + rest;
    if (text.size() > kAnswerBytes) return std::nullopt;
    owe_again(line_.ledger, line_.message.network, std::exchange(talk.receipt_told, {}));
    talk.receipt_items = items;
    talk.receipt_rest += rest;
    return line_.ledger.say_instead(*row, with_states(text));
}

// The one that this can join. What was resumed may have left before a restart.
std::optional<store::DeliveryRow> KeptReceipt::waiting() const {
    const Talk& talk = line_.talk;
    if (talk.receipt == 0 || talk.receipt_form != words("#")) return std::nullopt;
    auto row = tables().deliveries.find(talk.receipt);
    const bool waits = row && row->attempts == 0 && !row->resume &&
                       (row->state == State::Ready || row->state == State::Queued ||
                        row->state == State::Deferred);
    if (!waits || row->owner != line_.owner || !(row->recipient == line_.message.from))
        return std::nullopt;
    return row;
}

std::string KeptReceipt::with_states(std::string text) {
    return with_later_states(line_.ledger, line_.owner, *line_.words, std::move(text), line_.about,
                             kAnswerBytes, line_.talk.receipt_told);
}

}  // namespace waypost

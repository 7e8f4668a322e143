// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/codes.h"

#include <algorithm>

namespace waypost {
namespace {

constexpr std::uint64_t kCodes = 100'000'000;
constexpr char kTry[] = "code-try";

std::string secret_of(const std::string& handle, const std::string& code) {
    return "code " + handle + ' ' + code;
}

// Its text is a secret, so it does not wait for retention. False: it is being sent just now.
bool wipe(Ledger& ledger, MessageId answer) {
    auto& tables = ledger.tables();
    if (answer == 0) return true;
    auto rows = tables.deliveries.of_message(answer);
    if (std::any_of(rows.begin(), rows.end(),
                    [](const store::DeliveryRow& row) { return row.state == State::Sending; })) {
        return false;
    }
    for (store::DeliveryRow& row : rows) {
        if (is_final(row.state)) continue;
        ledger.move(row, State::Cancelled, ProofClass::Observed, {}, "the code is over");
    }
    tables.messages.forget(answer);
    tables.messages.set_ended(answer, ledger.now());  // its trace goes with retention
    return true;
}

}  // namespace

std::string make_code(Ledger& ledger, const std::string& handle) {
    const Box& box = ledger.box();
    drop_code(ledger, handle);
    std::string code = std::to_string(box.random.below(kCodes));
    code.insert(0, 8 - code.size(), '0');
    ledger.tables().codes.put({handle, box.tokens.make(secret_of(handle, code), box.day() + 2),
                               box.box_ms() + std::chrono::milliseconds(kCodeLife).count(), 0});
    return code;
}

void shown_in(Ledger& ledger, const std::string& handle, MessageId answer) {
    auto row = ledger.tables().codes.find(handle);
    if (!row) return;
    row->message = answer;
    ledger.tables().codes.put(*row);
}

CodeCheck check_code(Ledger& ledger, const Address& radio, const std::string& handle,
                     const std::string& code) {
    const Box& box = ledger.box();
    auto& state = ledger.tables().state;
    // A radio that has none left does not use up those of the name.
    for (const std::string& who : {radio.uri(), handle}) {
        if (state.used(who, box.day(), kTry) >= kCodeTriesPerDay) return CodeCheck::TooManyTries;
        state.use(who, box.day(), kTry);
    }
    const auto row = ledger.tables().codes.find(handle);
    if (!row || row->until_box_ms <= box.box_ms()) return CodeCheck::Wrong;
    if (!box.tokens.valid(secret_of(handle, code), row->hash, box.day())) return CodeCheck::Wrong;
    drop_code(ledger, handle);
    return CodeCheck::Right;
}

void drop_code(Ledger& ledger, const std::string& handle) {
    auto row = ledger.tables().codes.find(handle);
    if (!row) return;
    if (wipe(ledger, row->message)) return ledger.tables().codes.erase(handle);
    row->hash.clear();  // no token is empty
    row->until_box_ms = 0;
    ledger.tables().codes.put(*row);
}

void drop_old_codes(Ledger& ledger) {
    for (const store::CodeRow& row : ledger.tables().codes.over(ledger.box().box_ms()))
        drop_code(ledger, row.handle);
}

}  // namespace waypost

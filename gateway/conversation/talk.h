// SPDX-License-Identifier: Apache-2.0
// Where a conversation with one radio stands: who gets the next line, what was offered, what waits
// for a yes. Kept in the store under the radio's address, so that a restart forgets nothing.
#pragma once

#include <string>
#include <vector>

#include "gateway/store/tables.h"

namespace waypost {

struct Talk {
    std::string with;                  // address URI that plain lines go to; empty: nobody
    store::Ms until_box_ms = 0;        // the conversation ends then
    std::string draft;                 // a line that found no recipient
    store::Ms draft_box_ms = 0;        // since when
    std::vector<std::string> choices;  // what 1, 2, 3 mean: address URIs for the draft
    std::string confirm;               // what 1 confirms: "name ana", "stop", "forget", "sos"
    bool alarm_asked = false;          // 1 raises the open alarm at once, 0 calls it off
    int last_item = 0;                 // what "+" goes on with
    std::string book_after;            // or the address book, behind this nickname
    store::AlarmId alarm = 0;          // that was asked about
    store::Ms alarm_box_ms = 0;        // when
    bool welcomed = false;
    std::string shut_told;  // the outage that it was told about
    std::string pace;       // lines it may say now (pace.h)
    bool slowed = false;    // it was told to slow down
    // The newest receipt, which more can join while it waits for the air (kept_receipt.h).
    DeliveryId receipt = 0;
    std::string receipt_items;            // "7 8"
    std::string receipt_form;             // its words without them
    std::string receipt_rest;             // what it says behind that, before what is owed
    std::vector<MessageId> receipt_told;  // of which it tells what was owed

    bool offers() const { return alarm_asked || !choices.empty() || !confirm.empty(); }
};

Talk load_talk(store::Tables& tables, const Address& radio);
void save_talk(store::Tables& tables, const Address& radio, const Talk& talk);

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// What lists of letters share, and the trace of one.
#pragma once

#include "gateway/delivery/desk_letters.h"
#include "web/api/api.h"

namespace waypost::api {

Json::Ptr delivery_json(const store::DeliveryRow& row);
// {id, from, network, ... deliveries, events}: envelopes and what happened, never a text.
void put_trace(Json& into, const Trace& trace);

// {to, subject, text, priority}: {id, verdicts}. Priorities above `most_urgent` (a smaller number)
// are refused.
Reply send_as(Desk& desk, const Request& request, const std::string& from, int most_urgent);

// ?before=&limit=&search=
LetterSearch search_of(const Request& request);
// {id, from, from_name, network, transport, owner, bytes, at_ms, privacy, has_attachments,
// deliveries}; with `text`, subject and text too.
Json::Ptr letter_json(const ListedLetter& each, bool text);
Reply page_json(const Result<LetterPage>& page, bool text);

}  // namespace waypost::api

// SPDX-License-Identifier: Apache-2.0
// A request as Poco's server has it, as a value; or what is answered in its place.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <optional>
#include <variant>

#include "bridges/activitypub/server/http_door.h"
#include "gateway/base/result.h"

namespace waypost::activitypub {

// What its head says is wrong, so that its body is not read; nullopt: nothing. 400, 405, 411, 413.
std::optional<Answer> refused_by_head(const Poco::Net::HTTPServerRequest& request,
                                      std::size_t most_body);
// Of a request whose head is good. After an Answer the connection cannot go on.
std::variant<Request, Answer> read_request(Poco::Net::HTTPServerRequest& request,
                                           const std::string& proxy);

// path, target and query of the target of a request line (RFC 9112 3.2.1, 3.2.2).
Result<void> read_target(const std::string& target, Request& into);
// Whom X-Forwarded-For names last, who spoke to the proxy itself; empty: no address.
std::string last_forwarded(const std::string& header);

}  // namespace waypost::activitypub

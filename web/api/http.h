// SPDX-License-Identifier: Apache-2.0
// The API's requests and replies on Poco's HTTP server.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <optional>
#include <string>

#include "web/api/api.h"

namespace waypost::api {

// At most 256 KiB; nullopt: it is more. Up to 16 MiB of that is read all the same, so that whoever
// sends it reads the answer.
std::optional<std::string> read_body(Poco::Net::HTTPServerRequest& request);
Reply too_large();
void send(const Reply& reply, Poco::Net::HTTPServerResponse& response);

}  // namespace waypost::api

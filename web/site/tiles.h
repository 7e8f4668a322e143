// SPDX-License-Identifier: Apache-2.0
// The ground of the map: one file, of which a browser reads the parts that it shows.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <string>

namespace waypost::site {

inline constexpr char kTiles[] = "/tiles.pmtiles";

// GET and HEAD, with single ranges; 404 without a file. Never more of it in memory than a block.
void send_tiles(const std::string& file, const Poco::Net::HTTPServerRequest& request,
                Poco::Net::HTTPServerResponse& response);

}  // namespace waypost::site

// SPDX-License-Identifier: Apache-2.0
// Activities that are signed beforehand and then posted as fast as they are taken.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/other_servers.h"

namespace waypost::bench {

struct Post {
    std::string host;    // whose inbox, as it is signed
    std::string target;  // path of the inbox
    std::string json;
    activitypub::OwnActor from;
};

// Each a whole POST, signed by the draft. Behind the reverse proxy of a server it comes from one of
// some hundred addresses by turns, as it would from some hundred servers.
std::vector<std::string> signed_requests(const OtherServers& servers,
                                         const std::vector<Post>& posts);

// Over so many connections at once, each with the next one when the last is answered; seconds.
// Throws if one is not answered with 202.
double seconds_to_post(const std::vector<std::string>& requests, const std::string& address,
                       int connections);

// GET of each of these paths; throws if one is not answered with 200.
void get_each(const std::vector<std::string>& paths, const std::string& host,
              const std::string& address);

}  // namespace waypost::bench

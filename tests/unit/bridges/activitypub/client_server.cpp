// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bridges/activitypub/client_server.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace waypost::activitypub::client {

ClientBox::ClientBox(const MastoServer& masto) : server("https://" + masto.peer.host()) {
    char name[] = "/tmp/waypost-token-XXXXXX";
    ::close(::mkstemp(name));
    token_file = name;
    write_token("secret");
    fetch.ca_file = masto.peer.ca_file();
    fetch.near = {"localhost"};
    fetch.whole = std::chrono::seconds(10);
    start();
}

ClientBox::~ClientBox() { ::unlink(token_file.c_str()); }

void ClientBox::write_token(const std::string& token) const {
    std::ofstream(token_file) << token << '\n';
    ::chmod(token_file.c_str(), 0600);
}

void ClientBox::start() {
    letters.reset();
    mentions.reset();
    session.reset();
    fetcher.emplace(fetch);
    api.emplace(*fetcher, server);
    TransportState& state = office.state("fediverse_account.ana");
    came.emplace(state, "came");
    went.emplace(state, "went");
    session.emplace(*api, office.clock(), token_file, "type something");
    mentions.emplace(gate());
    letters.emplace(gate(), *session);
}

ClientGate ClientBox::gate() {
    return {
        office, office.state("fediverse_account.ana"), *api, *came, *went, "fediverse_account.ana",
        "ana"};
}

}  // namespace waypost::activitypub::client

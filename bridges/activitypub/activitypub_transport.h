// SPDX-License-Identifier: Apache-2.0
// The village as a server of the fediverse: every person, every published group and the box itself
// is an actor at its domain. Here the parts meet: what comes in by HTTP, letters and posts out,
// those who follow. Threads: the HTTP server's, those that send, one that ticks.
#pragma once

#include <memory>
#include <string>

#include "bridges/activitypub/gate.h"
#include "bridges/activitypub/pictures/attached.h"
#include "bridges/activitypub/server/http_door.h"
#include "gateway/transport.h"
#include "gateway/transport_kind.h"

namespace waypost::activitypub {

struct ActivityPubOptions {
    std::string host;  // empty: the box's domain
    HttpDoorOptions door;
    FetchOptions fetch;
    Policy policy;
    std::chrono::hours rotate_keys{0};
    PictureOptions pictures;
    Originals originals;
};

class ActivityPubTransport final : public Transport {
  public:
    ActivityPubTransport(TransportId id, ActivityPubOptions options);
    ~ActivityPubTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void give_back() override;

    int port() const;  // of the HTTP server in clear; 0: none

  private:
    struct Parts;
    const TransportId id_;
    const ActivityPubOptions options_;
    std::unique_ptr<Parts> parts_;
};

// `originals`: of networks from which messages with pictures come.
TransportKind activitypub_kind(Originals originals = {});

}  // namespace waypost::activitypub

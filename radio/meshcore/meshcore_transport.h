// SPDX-License-Identifier: Apache-2.0
// One MeshCore companion radio as a transport.
#pragma once

#include <memory>

#include "gateway/transport_kind.h"
#include "radio/meshcore/session.h"
#include "radio/session_transport.h"
#include "radio/usb_radios.h"

namespace waypost::meshcore {

// A room server whose posts are those of a group here, and the other way round.
struct RoomGroup {
    std::string prefix;  // 6 bytes of the room's key
    std::string group;   // "news"
};

struct MeshcoreOptions {
    std::string port;  // "serial:/dev/ttyACM0", "tcp:host:5000"
    std::size_t text_bytes = 150;
    SessionOptions session;
    std::vector<RoomGroup> rooms;
};

class MeshcoreInbox : public SessionInbox<Outgoing> {
  public:
    void decide(bool done);  // the text that came last is on disk, or is given again
    std::optional<bool> take_decision();

  private:
    std::optional<bool> decision_;  // under mutex_
};

class MeshcoreTransport final : public SessionTransport<Session, MeshcoreInbox> {
  public:
    MeshcoreTransport(TransportId id, MeshcoreOptions options);
    ~MeshcoreTransport() override;

    const std::string& network() const override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void attach(Office& office) override;

  private:
    bool act(ByteLine* line, Actions actions) override;
    bool take_more(ByteLine* line) override;
    static std::string text_for(const Delivery& delivery);
    void take_text(const TextIn& text);
    std::string group_of(const std::string& room) const;
    void join_groups();
    std::uint32_t new_time();

    MeshcoreOptions options_;
    std::uint32_t last_time_ = 0;  // that a text of ours had; under mutex_
};

// `bands`: that its devices may share with other radios; `usb`: where some may be found.
TransportKind meshcore_kind(std::shared_ptr<SharedBands> bands = std::make_shared<SharedBands>(),
                            std::shared_ptr<UsbRadios> usb = {});

}  // namespace waypost::meshcore

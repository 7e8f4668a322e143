// SPDX-License-Identifier: Apache-2.0
// One Meshtastic device as a transport.
#pragma once

#include <atomic>
#include <memory>

#include "gateway/signal_test.h"
#include "gateway/tells_time.h"
#include "gateway/transport_kind.h"
#include "radio/meshtastic/session.h"
#include "radio/session_transport.h"
#include "radio/usb_radios.h"

namespace waypost::meshtastic {

struct MeshtasticOptions {
    std::string port;  // "serial:/dev/ttyACM0", "tcp:host:4403"
    std::size_t text_bytes = 200;
    SessionOptions session;
    std::shared_ptr<BrokerHub> hub;  // null: its MQTT module is left alone
};

class MeshtasticInbox : public SessionInbox<Outgoing> {
  public:
    std::atomic<int> undecided{0};  // texts with the office

    bool put_from_broker(ForDevice item);  // false: too much waits
    std::deque<ForDevice> take_from_broker();

  private:
    std::deque<ForDevice> from_broker_;  // under mutex_
};

class MeshtasticTransport final : public SessionTransport<Session, MeshtasticInbox>,
                                  public TestsSignal,
                                  public TellsTime {
  public:
    MeshtasticTransport(TransportId id, MeshtasticOptions options);
    ~MeshtasticTransport() override;

    const std::string& network() const override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    Result<void> test_signal(const Address& node) override;
    std::optional<SignalTest> signal_test() const override;
    void tell_time(Told told) override { told_time_ = std::move(told); }
    void attach(Office& office) override;
    void stop() override;

  private:
    bool act(ByteLine* line, Actions actions) override;
    bool take_more(ByteLine* line) override;
    bool may_read() const override;
    void take_text(const TextIn& text);
    void pass_to_brokers(const Actions& actions);

    MeshtasticOptions options_;
    Told told_time_;  // may be empty
};

// `bands`: that its devices may share with other radios; `usb`: where some may be found; `hub`: by
// which they reach brokers.
TransportKind meshtastic_kind(std::shared_ptr<SharedBands> bands = std::make_shared<SharedBands>(),
                              std::shared_ptr<UsbRadios> usb = {},
                              std::shared_ptr<BrokerHub> hub = {});

}  // namespace waypost::meshtastic

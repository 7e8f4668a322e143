// SPDX-License-Identifier: Apache-2.0
// Mail to one neighbour over a frame radio: [trunk.dale]. It is the network "email", as all ways of
// mail between boxes. One thread owns modem, link and post; deliver() and the store's thread leave
// word with it (posted.h).
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/transport_kind.h"
#include "radio/modem_kind.h"
#include "radio/modem_line.h"
#include "radio/trunk/transport/law.h"
#include "radio/trunk/transport/texts.h"
#include "radio/trunk/transport/trunk_post.h"

namespace waypost::trunk {

struct TrunkOptions {
    std::string port;
    std::string modem;  // a kind
    ModemSettings modem_settings;
    RadioSite site;
    std::vector<std::string> carries;   // domains beside the peer's own; "*": all other mail
    PostOptions post;                   // without what concerns texts
    std::string models;                 // folder of the text models; empty: none
    std::vector<std::string> training;  // folders of what they learn from
};

class TrunkTransport final : public Transport {
  public:
    TrunkTransport(TransportId id, TrunkOptions options);
    ~TrunkTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override { return {0, kWindow, false}; }
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void give_back() override;

  private:
    static constexpr int kWindow = 200;
    void run();
    void round();
    void send_frame(BoxTime now);
    void take(RadioActions actions, BoxTime now);
    void note_status(BoxTime now);

    const TransportId id_;
    const std::string domain_;  // of the other box
    TrunkOptions options_;      // what start() hands on is gone then
    Office* office_ = nullptr;
    std::unique_ptr<ModemLine> line_;
    std::unique_ptr<Law> law_;
    std::unique_ptr<Texts> texts_;
    std::unique_ptr<TrunkPost> post_;
    std::optional<FrameOut> in_air_;   // a frame whose fate is not known
    std::optional<FrameOut> waiting_;  // one whose cost is being written
    bool was_ready_ = false;
    BoxTime next_note_{};
    mutable std::mutex mutex_;
    Status status_;  // under mutex_
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

TransportKind trunk_kind();

}  // namespace waypost::trunk

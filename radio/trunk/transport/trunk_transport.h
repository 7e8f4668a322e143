// SPDX-License-Identifier: Apache-2.0
// Mail to one neighbour over a frame radio: [trunk.dale]. It is the network "email", as all ways of
// mail between boxes. The radio's thread owns modem, link and post (trunk_radio.h); deliver() and
// the store's thread leave word with it (posted.h).
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "gateway/peer_keys.h"
#include "gateway/transport_kind.h"
#include "radio/trunk/transport/link_feed.h"
#include "radio/trunk/transport/texts.h"
#include "radio/trunk/transport/trunk_post.h"
#include "radio/trunk/transport/trunk_radio.h"

namespace waypost::trunk {

struct TrunkOptions {
    std::shared_ptr<TrunkRadio> radio;  // sections of one port have the same
    std::vector<std::string> carries;   // domains beside the peer's own; "*": all other mail
    PostOptions post;                   // without what concerns texts
    std::string models;                 // folder of the text models; empty: none
    std::vector<std::string> training;  // folders of what they learn from
};

class TrunkTransport final : public Transport,
                             public TellsLive,
                             public UsesParcels,
                             public HasPeerKeys {
  public:
    TrunkTransport(TransportId id, TrunkOptions options);
    ~TrunkTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    // An amateur station carries nothing that is sealed.
    void use(ParcelDesk& desk) override {
        if (options_.radio->amateur()) return;
        options_.post.parcels = &desk;
        desk.offer(id_);
    }
    std::map<std::string, std::string> peer_keys() const override {
        return {{"trunk:" + peer_, print_}};
    }
    // The link does not come up then: its modem hears others only.
    void revoke(const std::set<std::string>& prints) override {
        revoked_ = prints.count(print_) > 0;
    }
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void wanted() override { wanted_ = true; }
    void stop() override;
    void give_back() override;
    void tell_to(LiveFeed& feed) override {
        feed_.emplace(feed, id_, domain_);
        options_.radio->tell_to(feed.packets());
    }

  private:
    static constexpr int kWindow = 200;
    Status link_status(BoxTime now) const;
    void add_metrics(Status& status, BoxTime now) const;
    void note_status(BoxTime now);

    const TransportId id_;
    const std::string domain_;  // of the other box
    const std::string peer_;    // by the name of its section
    const std::string print_;   // of the pairing's key
    bool revoked_ = false;
    TrunkOptions options_;  // what start() hands on is gone then
    Office* office_ = nullptr;
    std::unique_ptr<Texts> texts_;
    std::unique_ptr<SharedAir> air_;
    std::unique_ptr<TrunkPost> post_;
    std::optional<LinkFeed> feed_;  // of the radio's thread
    bool joined_ = false;
    std::atomic<bool> wanted_ = false;  // since the radio's thread looked last
    mutable std::mutex mutex_;
    Status status_;  // under mutex_
};

// `bands`: that its radios may share with others.
TransportKind trunk_kind(std::shared_ptr<SharedBands> bands = std::make_shared<SharedBands>());

}  // namespace waypost::trunk

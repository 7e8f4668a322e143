// SPDX-License-Identifier: Apache-2.0
// A gateway at hill.test among two thousand other servers, all in clear in a network of their own.
#pragma once

#include <string>

#include "tests/bench/fake_device.h"
#include "tests/bench/other_servers.h"
#include "tests/interop/mail/peers.h"

namespace waypost::bench {

inline constexpr int kServers = 2000;
inline constexpr int kFollowersOfEach = 5;
inline constexpr std::uint32_t kFirstRadio = 256;
inline constexpr char kHill[] = "127.0.1.1";
inline constexpr char kDale[] = "127.0.1.2";
inline constexpr char kElm[] = "127.0.1.4";

class FediverseStage {
  public:
    // Names, addresses and `servers` others at elm.test. The first enters the network: from the
    // main thread, before there are others.
    explicit FediverseStage(int servers);

    OtherServers& others() { return others_; }
    const interop::BoxProcess& box() const { return *box_; }
    FakeDevice& device() { return device_; }

    // p-0 and on, up to so many in all, each with a radio.
    void need_people(int count);
    static std::uint32_t radio_of(int person) {
        return kFirstRadio + static_cast<std::uint32_t>(person);
    }
    // #news, in which p-0 writes for all the world, with all the followers, by signed activities.
    // Seconds that these took; 0: they follow already.
    double need_followers();
    // p-N and uN@elm.test of the first so many are each other's contacts.
    void need_contacts(int count);
    // MiB that are the gateway's own: RssAnon.
    double own_memory() const;

  private:
    const interop::Folder folder_;
    OtherServers others_;
    FakeDevice device_{[](std::uint32_t, std::string_view) {}};
    std::unique_ptr<interop::BoxProcess> box_;
    int people_ = 0;
    bool followed_ = false;
};

}  // namespace waypost::bench

// SPDX-License-Identifier: Apache-2.0
// Two gateways, hill and dale, whose posts are joined by a virtual channel. What is on their disks
// lasts over a restart.
#pragma once

#include <gmock/gmock.h>

#include "radio/trunk/transport/trunk_post.h"
#include "tests/fakes/fake_office.h"
#include "tests/trunk/channel.h"

namespace waypost::trunk {

// From ana of hill.
Delivery letter_of_ana(DeliveryId id, const std::string& to, const std::string& text,
                       MessageId message = 1);

class PostBox final : public Air {
  public:
    PostBox(Channel& channel, const std::string& domain, const std::string& peer, bool second);

    void open(BoxTime now);  // as after a restart
    void close();            // as by kill -9
    void run(BoxTime now);
    BoxTime next() const { return post_ ? post_->next() : BoxTime::max(); }
    bool busy() const { return busy_; }
    TrunkPost& post() { return *post_; }

    FrameLimits limits() const override;
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return channel_.airtime(bytes);
    }
    BoxTime may_send(BoxTime now, std::chrono::microseconds, bool) const override { return now; }

    FakeOffice office;
    post::Pack pack;                                   // as it is
    post::Unpack unpack;                               // likewise
    std::size_t payload = 255;                         // of its modem
    char psk = 'k';                                    // all of its bytes
    std::optional<std::vector<std::string>> licensed;  // of an amateur station
    ParcelDesk desk;
    bool parcels = true;
    milliseconds give_back_after{0};

  private:
    PostOptions options();

    Channel& channel_;
    const std::string peer_;  // its domain
    const bool second_;
    int number_ = 0;
    int life_ = 0;
    std::unique_ptr<TrunkPost> post_;
    bool busy_ = false;
};

class TwoPosts : public ::testing::Test {
  protected:
    TwoPosts() { open({}); }
    void open(ChannelOptions weather);
    // Until nothing has anything to do, or so long.
    void run(milliseconds time = std::chrono::hours(1));
    Delivery letter(const std::string& to, const std::string& text, MessageId message = 1);
    // What became of attempts at hill: kinds in order.
    std::vector<Outcome::Kind> outcomes() const;

    std::unique_ptr<Channel> channel_;
    std::unique_ptr<PostBox> hill_, dale_;
    BoxTime now_{};
    DeliveryId deliveries_ = 0;
};

}  // namespace waypost::trunk

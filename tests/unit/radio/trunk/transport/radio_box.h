// SPDX-License-Identifier: Apache-2.0
// A gateway with one modem and several neighbours, on a virtual channel. What is on its disk lasts
// over a restart.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "radio/trunk/transport/shared_radio.h"
#include "tests/fakes/fake_office.h"
#include "tests/trunk/channel.h"

namespace waypost::trunk {

class RadioBox final : public Air {
  public:
    RadioBox(Channel& channel, const std::string& name, std::uint64_t seed);

    // Another box, by a pairing whose key is all of this letter.
    void pair(const std::string& other, char psk, bool second);
    void open(BoxTime now);  // as after a restart
    void close();            // as by kill -9
    void run(BoxTime now);
    BoxTime next() const { return radio_ ? radio_->next() : BoxTime::max(); }
    TrunkPost& post(const std::string& other);
    const CastSender& sender() const { return radio_->casts(); }
    // "ben@dale.example: text" of what came, each once, as a store would keep it.
    std::set<std::string> kept() const;
    std::vector<Outcome::Kind> outcomes() const;

    FrameLimits limits() const override;
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return channel_.airtime(bytes);
    }
    BoxTime may_send(BoxTime now, std::chrono::microseconds, bool) const override { return now; }

    FakeOffice office;
    bool casts = true;  // false: as a box that knows nothing of them
    post::Unpack unpack;
    double loss = 0;  // of the frames that it would hear
    int left = 0;     // frames of its own
    int cut_at = -1;  // killed before its frame of this number leaves

  private:
    struct Pair {
        std::string other;
        char psk;
        bool second;
        std::unique_ptr<SharedAir> air;
        std::unique_ptr<TrunkPost> post;
    };
    PostOptions options(const Pair& pair) const;

    Channel& channel_;
    const std::string name_;
    std::unique_ptr<Random> random_;
    std::vector<Pair> pairs_;
    std::unique_ptr<SharedRadio> radio_;
    int number_ = 0;
    int life_ = 0;
};

// hill has one modem for dale and moor, and each of these one for hill.
class Villages {
  public:
    explicit Villages(std::vector<std::string> others = {"dale", "moor"},
                      ChannelOptions weather = {});
    // So long.
    void run(milliseconds time);
    Delivery letter(const std::string& to, const std::string& text, MessageId message = 1);

    Channel channel;
    RadioBox hill;
    std::map<std::string, std::unique_ptr<RadioBox>> others;
    BoxTime now{};

  private:
    DeliveryId deliveries_ = 0;
};

}  // namespace waypost::trunk

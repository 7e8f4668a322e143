// SPDX-License-Identifier: Apache-2.0
#include "tests/trunk/measure.h"

#include <cmath>
#include <stdexcept>

#include "radio/trunk/seal.h"
#include "tests/trunk/station.h"

namespace waypost::trunk {
namespace {

using std::chrono::microseconds;

constexpr std::size_t kFullFrame = 255;
constexpr int kRunsOfOneLink = 10;

double seconds(microseconds t) { return static_cast<double>(t.count()) / 1e6; }

class Mean {
  public:
    void add(double airtime, double bytes, double elapsed) {
        ++count_;
        sum_.seconds += airtime;
        sum_.bytes += bytes;
        sum_.elapsed += elapsed;
        squares_ += airtime * airtime;
    }
    Cost cost() const {
        const double mean = sum_.seconds / count_;
        const double variance = std::max(0.0, squares_ / count_ - mean * mean);
        return {mean, sum_.bytes / count_, sum_.elapsed / count_, std::sqrt(variance / count_)};
    }

  private:
    double count_ = 0;
    Cost sum_;
    double squares_ = 0;
};

std::size_t total(const Case& which) {
    std::size_t all = 0;
    for (const std::size_t size : which.sizes) all += size;
    return all;
}

// One link, used some times with quiet between.
void run_link(const Case& which, std::uint64_t seed, int times, Mean& mean) {
    ChannelOptions options = which.channel;
    options.seed = seed;
    Channel channel(options);
    Station a(channel, side(false, seed));
    Station b(channel, side(true, seed));
    const auto random = seeded_random(seed);
    BoxTime now{};
    ObjectId id = 0;
    const auto send = [&](std::size_t bytes) {
        a.want(++id, random_bytes(*random, bytes), Priority::Chat, now);
    };
    const auto finish = [&] {
        if (!run_until_done(channel, {&a, &b}, now, now + std::chrono::hours(24)))
            throw std::runtime_error("a link did not end");
    };
    send(1);
    finish();
    for (int i = 0; i < times; ++i) {
        now += std::chrono::minutes(2);
        const BoxTime began = now;
        const auto airtime = channel.all_airtime();
        const std::size_t bytes = channel.bytes();
        for (const std::size_t size : which.sizes) send(size);
        finish();
        mean.add(seconds(channel.all_airtime() - airtime),
                 static_cast<double>(channel.bytes() - bytes),
                 static_cast<double>((now - began).count()) / 1000);
    }
}

// Two that take turns by the clock; a frame gets there or not.
class Talk {
  public:
    explicit Talk(const ChannelOptions& options) : channel_(options) {
        for (int i = 0; i < 2; ++i)
            channel_.join([this, i](const std::string&, BoxTime) { heard_ = i; });
    }
    bool pass(int from, std::size_t bytes) {
        heard_ = -1;
        channel_.send(from, std::string(bytes, 'x'), now_, [](BoxTime) {});
        now_ = channel_.next();
        channel_.run(now_);
        now_ += milliseconds(50);
        return heard_ == 1 - from;
    }
    // A packet of Reticulum's over RNodes, which have a byte of their own in each frame.
    bool pass_by_rnode(int from, std::size_t bytes) {
        constexpr std::size_t kMost = 254;
        if (bytes <= kMost) return pass(from, bytes + 1);
        const bool first = pass(from, kMost + 1);
        return pass(from, bytes - kMost + 1) && first;
    }
    const Channel& channel() const { return channel_; }
    double elapsed() const { return static_cast<double>(to_ms(now_)) / 1000; }

  private:
    Channel channel_;
    int heard_ = -1;
    BoxTime now_{};
};

template <class Send>
Cost model_cost(const Case& which, Send send) {
    Mean mean;
    for (int run = 0; run < which.runs; ++run) {
        ChannelOptions options = which.channel;
        options.seed = static_cast<std::uint64_t>(run) + 1;
        Talk talk(options);
        for (const std::size_t size : which.sizes) send(talk, size);
        mean.add(seconds(talk.channel().all_airtime()), static_cast<double>(talk.channel().bytes()),
                 talk.elapsed());
    }
    return mean.cost();
}

void stop_and_wait(Talk& talk, std::size_t bytes) {
    constexpr std::size_t kPacket = 100;
    constexpr std::size_t kHead = 11;
    while (bytes > 0) {
        const std::size_t part = std::min(bytes, kPacket);
        while (!talk.pass(0, part + kHead) || !talk.pass(1, kHead)) {
        }
        bytes -= part;
    }
}

constexpr std::size_t kProof = 84;

void opportunistic(Talk& talk, std::size_t bytes) {
    while (!talk.pass_by_rnode(0, bytes + 208) || !talk.pass_by_rnode(1, kProof)) {
    }
}

void by_resource(Talk& talk, std::size_t bytes) {
    constexpr std::size_t kPart = 464;
    while (!talk.pass_by_rnode(0, 83) || !talk.pass_by_rnode(1, 118) ||
           !talk.pass_by_rnode(0, 83)) {
    }
    std::size_t left = bytes + 160;
    std::vector<std::size_t> parts;
    for (; left > 0; left -= parts.back()) parts.push_back(std::min(left, kPart));
    bool advertised = false;
    std::size_t window = 4;
    while (!parts.empty()) {
        if (!advertised && !talk.pass_by_rnode(0, 150)) continue;
        advertised = true;
        if (!talk.pass_by_rnode(1, 85)) continue;  // a request for the window
        std::vector<std::size_t> missing;
        for (std::size_t i = 0; i < parts.size(); ++i)
            if (i >= window || !talk.pass_by_rnode(0, parts[i] + 19)) missing.push_back(parts[i]);
        parts = missing;
        window = std::min<std::size_t>(window + 1, 10);
    }
    while (!talk.pass_by_rnode(1, kProof)) {
    }
}

}  // namespace

double bound_seconds(const Case& which) {
    microseconds airtime{0};
    for (std::size_t left = total(which); left > 0;) {
        const std::size_t frame = std::min(left, kFullFrame);
        airtime += time_on_air(which.channel.lora, frame);
        left -= frame;
    }
    return seconds(airtime) / (1 - which.channel.loss);
}

Cost link_cost(const Case& which) {
    Mean mean;
    for (int run = 0; run < which.runs; run += kRunsOfOneLink)
        run_link(which, static_cast<std::uint64_t>(run) + 1, kRunsOfOneLink, mean);
    return mean.cost();
}

Cost stop_and_wait_cost(const Case& which) { return model_cost(which, stop_and_wait); }

Cost lxmf_model_cost(const Case& which) {
    return model_cost(which, [](Talk& talk, std::size_t bytes) {
        bytes <= 295 ? opportunistic(talk, bytes) : by_resource(talk, bytes);
    });
}

}  // namespace waypost::trunk

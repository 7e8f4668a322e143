// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/radio/trunk/transport/two_posts.h"

#include "bridges/post/short_ids.h"

namespace waypost::trunk {

PostBox::PostBox(Channel& channel, const std::string& domain, const std::string& peer, bool second)
    : pack([](std::string_view text) { return std::string(text); }),
      unpack([](std::string_view packed, std::size_t) -> Result<std::string> {
          return std::string(packed);
      }),
      channel_(channel),
      peer_(peer),
      second_(second) {
    office.own_domain = domain;
    if (second) office.random().below(2);  // two boxes do not think alike
    number_ = channel_.join([this](const std::string& packet, BoxTime now) {
        if (post_) post_->heard({packet, {}, {}, 5.0F}, now);
    });
}

PostOptions PostBox::options() {
    PostOptions options;
    options.peer = peer_.substr(0, peer_.find('.'));
    options.domain = peer_;
    options.link.psk = Secret(std::string(kKey, psk));
    options.link.second = second_;
    options.licensed = licensed;
    if (licensed) options.link.form = Form::Clear;
    options.pack = pack;
    options.unpack = unpack;
    if (parcels) options.parcels = &desk;
    options.give_back_after = give_back_after;
    return options;
}

FrameLimits PostBox::limits() const {
    FrameLimits limits;
    limits.payload = payload;
    return limits;
}

void PostBox::open(BoxTime now) {
    close();
    post_ = std::make_unique<TrunkPost>("trunk.other", options(), office, *this, [] {});
    post_->start(now);
}

void PostBox::close() {
    ++life_;
    busy_ = false;
    channel_.gone(number_);
    post_.reset();
}

void PostBox::run(BoxTime now) {
    if (!post_) return;
    post_->run(now);
    const auto frame = post_->frame();
    if (!frame) return;
    busy_ = true;
    channel_.send(number_, frame->bytes, now, [this, id = frame->id, life = life_](BoxTime end) {
        if (life != life_) return;
        busy_ = false;
        post_->fate({id, FrameFate::Sent, 0}, end);
    });
}

void TwoPosts::open(ChannelOptions weather) {
    channel_ = std::make_unique<Channel>(weather);
    hill_ = std::make_unique<PostBox>(*channel_, "hill.example", "dale.example", false);
    dale_ = std::make_unique<PostBox>(*channel_, "dale.example", "hill.example", true);
    hill_->open(now_);
    dale_->open(now_);
}

void TwoPosts::run(milliseconds time) {
    const BoxTime until = now_ + time;
    for (;;) {
        // What the offices said meanwhile is done first, in no time.
        for (int i = 0; i < 5; ++i) {
            hill_->run(now_);
            dale_->run(now_);
        }
        const BoxTime next = std::min({channel_->next(), hill_->next(), dale_->next()});
        if (next > until) break;
        now_ = std::max(now_, next);
        while (channel_->next() <= now_) channel_->run(now_);
    }
    now_ = until;
}

Delivery letter_of_ana(DeliveryId id, const std::string& to, const std::string& text,
                       MessageId message) {
    Delivery delivery;
    delivery.attempt = {id, 1};
    delivery.message = message;
    delivery.to = mailto(to.substr(0, to.find('@')), to.substr(to.find('@') + 1));
    delivery.from = mailto("ana", "hill.example");
    delivery.text = text;
    const std::string digits = std::to_string(message);
    delivery.message_id =
        "<mi3k9x1a." + std::string(12 - digits.size(), '0') + digits + "@hill.example>";
    delivery.written = wall_from_ms(
        post::time_of_binary(*post::binary_id(delivery.message_id.substr(1, 21))) * 1000);
    delivery.return_path = mailto("bounce+1-x", "hill.example");
    delivery.wish = Wish{true, true, true, "rfc822;" + to};
    delivery.envelope_id = delivery.message_id.substr(1, delivery.message_id.size() - 2);
    return delivery;
}

Delivery TwoPosts::letter(const std::string& to, const std::string& text, MessageId message) {
    return letter_of_ana(++deliveries_, to, text, message);
}

std::vector<Outcome::Kind> TwoPosts::outcomes() const {
    std::vector<Outcome::Kind> kinds;
    for (const auto& [attempt, outcome] : hill_->office.reports) kinds.push_back(outcome.kind);
    return kinds;
}

}  // namespace waypost::trunk

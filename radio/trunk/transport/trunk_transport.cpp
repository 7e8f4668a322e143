// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/trunk_transport.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "gateway/base/encoding.h"
#include "gateway/base/log.h"
#include "radio/trunk/pack/model_folder.h"

namespace waypost::trunk {
namespace {

constexpr int kByName = 2;     // a call or courier of the same neighbour goes before: it costs less
constexpr int kElsewhere = 0;  // any other way goes before

// About a second for each that has to be built: only the first start of a box does.
std::unique_ptr<Texts> open_texts(const TrunkOptions& options) {
    if (options.models.empty()) return std::make_unique<Texts>(pack::OpenedModels{}.models);
    auto opened =
        pack::open_models(options.models, {options.training.begin(), options.training.end()});
    for (const std::string& name : opened.built)
        log(Level::Info, "trunk", "model-built", {{"name", name}});
    for (const Error& error : opened.missing)
        log(Level::Warning, "trunk", "no-model", {{"why", error.text}});
    return std::make_unique<Texts>(std::move(opened.models));
}

std::string tenths(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

}  // namespace

TrunkTransport::TrunkTransport(TransportId id, TrunkOptions options)
    : id_(std::move(id)),
      domain_(options.post.domain),
      peer_(options.post.peer),
      print_(short_hash("trunk key " + std::string(options.post.link.psk.reveal()))),
      options_(std::move(options)) {}
TrunkTransport::~TrunkTransport() { stop(); }

const std::string& TrunkTransport::network() const {
    static const std::string kNetwork = "email";
    return kNetwork;
}
const std::string& TrunkTransport::scheme() const {
    static const std::string kScheme = "mailto";
    return kScheme;
}

void TrunkTransport::start(Office& office) {
    {
        const std::lock_guard lock(mutex_);
        office_ = &office;
        if (revoked_) {
            status_.why = "the box of " + peer_ + " was stolen: pair it anew";
            status_.details["neighbour"] = domain_;
            return;
        }
    }
    TrunkRadio& radio = *options_.radio;
    radio.open(office, id_, !options_.post.link.second);
    if (LinkSpeeds* speeds = radio.speeds()) {
        options_.post.link.speeds = speeds->numbers();
        options_.post.on_speed = [speeds](std::uint32_t speed, const LinkHealth& health,
                                          BoxTime now) { speeds->agreed(speed, health, now); };
    }
    texts_ = open_texts(options_);
    // Who listens to an amateur station that has no models reads it as it is.
    const bool plain = options_.radio->amateur() && options_.models.empty();
    options_.post.pack = plain ? post::Pack(pack::Packer::store) : texts_->pack();
    options_.post.unpack = texts_->unpack();
    options_.post.text_facts = texts_->facts();
    options_.post.on_text_facts = [this](std::string_view facts) { texts_->other_has(facts); };
    air_ = std::make_unique<SharedAir>(radio.law(), radio.turns());
    post_ = std::make_unique<TrunkPost>(id_, std::move(options_.post), office, *air_,
                                        [modem = options_.radio] { modem->wake(); });
    air_->speaks_for(*post_);
    radio.law().require(post_->link().least_payload());
    radio.join(id_, *post_, [this](BoxTime now) { note_status(now); });
    joined_ = true;
}

void TrunkTransport::stop() {
    if (std::exchange(joined_, false)) options_.radio->leave(*post_);
}

void TrunkTransport::give_back() {
    if (post_) post_->give_back();
}

Limits TrunkTransport::limits() const {
    Limits limits;
    limits.window = kWindow;
    limits.screens = options_.radio->amateur().has_value();
    return limits;
}

void TrunkTransport::deliver(Delivery delivery) {
    if (post_) return post_->deliver(std::move(delivery));
    office_->report(delivery.attempt, outcome(Outcome::Kind::NotTried, "connection",
                                              "the key of " + peer_ + " is revoked"));
}

std::optional<int> TrunkTransport::reach(const Address& to) const {
    if (to.scheme != "mailto") return std::nullopt;
    const std::string domain(to.domain());
    const auto carries = [&](const std::string& each) { return each == domain; };
    const bool by_name =
        domain == domain_ || std::any_of(options_.carries.begin(), options_.carries.end(), carries);
    const bool all =
        std::find(options_.carries.begin(), options_.carries.end(), "*") != options_.carries.end();
    if (!by_name && !all) return std::nullopt;
    // Whatever else is there carries more than an amateur station, and asks no operator.
    return by_name && !options_.radio->amateur() ? kByName : kElsewhere;
}

Status TrunkTransport::link_status(BoxTime now) const {
    const LinkHealth& health = post_->link().health();
    Status status;
    options_.radio->describe(id_, now, status);
    if (status.up) {
        status.why = post_->why_down();
        status.up = post_->up();
    }
    status.details["neighbour"] = domain_;
    status.details["frames sent"] = std::to_string(health.sent);
    status.details["frames heard"] = std::to_string(health.heard);
    if (health.unknown > 0) status.details["unknown frames"] = std::to_string(health.unknown);
    status.details["loss %"] = std::to_string(std::lround(health.loss * 100));
    if (health.last_heard != BoxTime{})
        status.details["heard, s ago"] = std::to_string(
            std::chrono::duration_cast<std::chrono::seconds>(now - health.last_heard).count());
    status.details["text models in common"] = std::to_string(texts_->shared());
    status.details["waiting"] = std::to_string(post_->waiting());
    status.details["messages sent"] = std::to_string(post_->messages_out());
    status.details["messages received"] = std::to_string(post_->messages_in());
    if (const Freight& freight = post_->freight(); freight.sent() + freight.waiting() > 0)
        status.details["parcels"] = std::to_string(freight.waiting()) + " in hand, " +
                                    std::to_string(freight.sent()) + " sent";
    if (post_->put_aside() > 0) status.details["put aside"] = std::to_string(post_->put_aside());
    if (health.our_snr_db) status.details["heard there, dB"] = tenths(*health.our_snr_db);
    if (health.their_snr_db) status.details["heard here, dB"] = tenths(*health.their_snr_db);
    add_metrics(status, now);
    return status;
}

void TrunkTransport::add_metrics(Status& status, BoxTime now) const {
    const LinkHealth& health = post_->link().health();
    status.metrics["waiting"] = static_cast<double>(post_->waiting());
    if (health.last_heard == BoxTime{}) return;  // what it takes the loss to be is a guess
    status.metrics["loss"] = health.loss * 100;
    status.metrics["heard_ago_s"] = std::chrono::duration<double>(now - health.last_heard).count();
    if (health.their_snr_db) status.metrics["snr_db"] = *health.their_snr_db;
}

void TrunkTransport::note_status(BoxTime now) {
    Status status = link_status(now);
    if (wanted_.exchange(false) && !status.up) post_->expect(now);
    if (feed_) feed_->look(status.up, status.why, post_->link().health(), now);
    const std::lock_guard lock(mutex_);
    const bool changed = status.up != status_.up;
    status_ = std::move(status);
    if (!changed) return;
    log(Level::Info, "trunk", status_.up ? "up" : "down", {{"id", id_}, {"why", status_.why}});
    office_->wake(id_);
}

Status TrunkTransport::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

}  // namespace waypost::trunk

// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/trunk_transport.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "gateway/base/log.h"
#include "radio/trunk/pack/model_folder.h"

namespace waypost::trunk {
namespace {

constexpr int kByName = 2;     // a call or courier of the same neighbour goes before: it costs less
constexpr int kElsewhere = 0;  // any other way goes before
constexpr milliseconds kNoteEvery{1000};

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
    : id_(std::move(id)), domain_(options.post.domain), options_(std::move(options)) {}
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
    const ModemKind* kind = modem_kind(options_.modem);
    if (kind == nullptr) throw std::runtime_error("there is no modem " + options_.modem);
    line_ = std::make_unique<ModemLine>(options_.port, kind->baud,
                                        kind->make(options_.modem_settings, office.random()),
                                        office.clock());
    law_ = std::make_unique<Law>(options_.site, line_->radio(), office.state(id_),
                                 office.clock().box());
    texts_ = open_texts(options_);
    options_.post.pack = texts_->pack();
    options_.post.unpack = texts_->unpack();
    options_.post.text_facts = texts_->facts();
    options_.post.on_text_facts = [this](std::string_view facts) { texts_->other_has(facts); };
    post_ = std::make_unique<TrunkPost>(id_, std::move(options_.post), office, *law_,
                                        [line = line_.get()] { line->wake(); });
    law_->require(post_->link().least_payload());
    {
        const std::lock_guard lock(mutex_);
        office_ = &office;
    }
    thread_ = std::thread([this] { run(); });
}

void TrunkTransport::stop() {
    stopping_ = true;
    if (line_) line_->wake();
    if (thread_.joinable()) thread_.join();
}

void TrunkTransport::give_back() {
    if (post_) post_->give_back();
}

void TrunkTransport::deliver(Delivery delivery) { post_->deliver(std::move(delivery)); }

std::optional<int> TrunkTransport::reach(const Address& to) const {
    if (to.scheme != "mailto") return std::nullopt;
    {
        const std::lock_guard lock(mutex_);
        if (!status_.up) return std::nullopt;
    }
    const std::string domain(to.domain());
    const auto carries = [&](const std::string& each) { return each == domain; };
    if (domain == domain_ || std::any_of(options_.carries.begin(), options_.carries.end(), carries))
        return kByName;
    const bool all =
        std::find(options_.carries.begin(), options_.carries.end(), "*") != options_.carries.end();
    return all ? std::optional(kElsewhere) : std::nullopt;
}

void TrunkTransport::run() {
    post_->start(office_->clock().box());
    while (!stopping_) round();
    line_->close();
    const BoxTime now = office_->clock().box();
    if (in_air_) law_->ended(in_air_->bytes.size(), {in_air_->id, FrameFate::Failed, 0}, now);
    law_->close(now);
}

// Reads until something is due; what other threads leave wakes it.
void TrunkTransport::round() {
    BoxTime now = office_->clock().box();
    post_->run(now);
    send_frame(now);
    note_status(now);
    const BoxTime until = std::min(post_->next(), now + kNoteEvery);
    take(line_->step(in_air_ || waiting_ ? now + kNoteEvery : until), office_->clock().box());
}

// The link gives one frame at a time.
void TrunkTransport::send_frame(BoxTime now) {
    if (in_air_ || !line_->ready() || line_->radio().room() <= 0) return;
    if (!waiting_) waiting_ = post_->frame();
    if (!waiting_) return;
    if (law_->promise(waiting_->bytes.size(), now)) post_->wait_for_disk();
    if (!post_->on_disk()) return;
    in_air_ = std::exchange(waiting_, std::nullopt);
    take(line_->send(*in_air_), now);
}

void TrunkTransport::take(RadioActions actions, BoxTime now) {
    for (const FrameReport& report : actions.reports) {
        if (!in_air_ || report.id != in_air_->id) continue;
        law_->ended(in_air_->bytes.size(), report, now);
        in_air_.reset();
        post_->fate(report, now);
    }
    for (const FrameIn& frame : actions.heard) post_->heard(frame, now);
    const bool ready = line_->ready();
    if (ready && !was_ready_) post_->renew(now);
    was_ready_ = ready;
    if (actions.changed) next_note_ = now;
}

void TrunkTransport::note_status(BoxTime now) {
    if (now < next_note_) return;
    next_note_ = now + kNoteEvery;
    const LinkHealth& health = post_->link().health();
    Status status;
    status.why = line_->ready() ? post_->why_down() : line_->why_down();
    status.up = line_->ready() && post_->up();
    status.airtime_limited = law_->limited();
    status.airtime_used = law_->used(now);
    status.airtime_left = law_->left(now);
    status.details = line_->radio().details();
    status.details["modem"] = options_.modem;
    status.details["neighbour"] = domain_;
    status.details["band"] = law_->allowance().band;
    status.details["frames sent"] = std::to_string(health.sent);
    status.details["frames heard"] = std::to_string(health.heard);
    status.details["loss %"] = std::to_string(std::lround(health.loss * 100));
    status.details["text models in common"] = std::to_string(texts_->shared());
    status.details["waiting"] = std::to_string(post_->waiting());
    status.details["messages sent"] = std::to_string(post_->messages_out());
    status.details["messages received"] = std::to_string(post_->messages_in());
    if (post_->put_aside() > 0) status.details["put aside"] = std::to_string(post_->put_aside());
    if (health.our_snr_db) status.details["heard there, dB"] = tenths(*health.our_snr_db);
    if (health.their_snr_db) status.details["heard here, dB"] = tenths(*health.their_snr_db);
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

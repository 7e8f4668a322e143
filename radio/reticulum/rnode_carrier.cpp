// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/rnode_carrier.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/base/log.h"
#include "radio/reticulum/wire/sizes.h"
#include "radio/rnode/rnode_radio.h"

namespace waypost::reticulum {
namespace {

using std::chrono::ceil;

constexpr std::size_t kMostWaiting = 32;
constexpr std::size_t kWholeFrame = 255;  // of LoRa
constexpr int kBaud = 115'200;
constexpr milliseconds kNoteEvery{1000};
constexpr milliseconds kHour = std::chrono::hours(1);

std::unique_ptr<FrameRadio> make_radio(const RnodeCarrierOptions& options, Random& random) {
    ModemSettings settings = options.modem;
    settings.more[rnode::kTwoFramesSetting] = "1";
    return rnode::rnode_kind().make(settings, random);
}

RadioSite site_of(const RnodeCarrierOptions& options) {
    RadioSite site;
    site.region = options.region;
    site.emission.frequency_hz = options.modem.frequency_hz;
    site.emission.bandwidth_hz = options.modem.lora.bandwidth_hz;
    site.emission.power_dbm = options.modem.power_dbm;
    site.emission.antenna_gain_dbi = options.antenna_gain_dbi;
    site.emission.cable_loss_db = options.cable_loss_db;
    site.lora = options.modem.lora;
    site.share_percent = options.share_percent;
    return site;
}

}  // namespace

Allowance allowance(const RnodeCarrierOptions& options) {
    Allowance allowed = waypost::allowance(site_of(options));
    if (largest_frame(options.modem.lora, allowed.dwell) < kWholeFrame)
        throw std::runtime_error(
            "a packet of Reticulum needs whole LoRa frames, and here one may "
            "last " +
            std::to_string(allowed.dwell.count()) +
            " ms: set a lower spreading factor or a larger bandwidth");
    return allowed;
}

RnodeCarrier::RnodeCarrier(RnodeCarrierOptions options) : options_(std::move(options)) {
    const auto chance = system_random();
    allowance(options_);  // these say what is wrong with its settings
    make_radio(options_, *chance);
}

RnodeCarrier::~RnodeCarrier() { stop(); }

void RnodeCarrier::start(Office& office, const TransportId& id, CarrierDoor& door) {
    office_ = &office;
    id_ = id;
    door_ = &door;
    line_ = std::make_unique<ModemLine>(options_.port, kBaud, make_radio(options_, office.random()),
                                        office.clock());
    {
        const std::lock_guard lock(mutex_);
        law_.emplace(site_of(options_), line_->radio(), office.state(id), now());
        if (options_.band) law_->share(options_.band, id_);
    }
    note();
    thread_ = std::thread([this] { run(); });
}

void RnodeCarrier::stop() {
    stopping_ = true;
    if (line_) line_->wake();
    if (thread_.joinable()) thread_.join();
}

void RnodeCarrier::run() {
    door_->carrier_changed();
    while (!stopping_) {
        follow_line();
        send_next();
        note();
        take(line_->step(now() + kNoteEvery));
    }
    if (const InterfaceNumber on = interface_.exchange(0); on != 0) door_->interface_down(on);
    take(line_->close());
    const std::lock_guard lock(mutex_);
    if (in_air_) law_->ended(in_air_->bytes.size(), {in_air_->id, FrameFate::Failed, 0}, now());
    law_->close(now());
}

void RnodeCarrier::follow_line() {
    const bool ready = line_->ready();
    const InterfaceNumber on = interface_.load();
    if (ready == (on != 0)) return;
    if (!ready) {
        interface_ = 0;
        {
            const std::lock_guard lock(mutex_);
            queue_.clear();
            queued_ = milliseconds(0);
        }
        note();
        door_->interface_down(on);
    } else {
        const auto whole = line_->radio().airtime(kMtu);
        bits_per_second_ = static_cast<int>(
            std::max<std::int64_t>(static_cast<std::int64_t>(kMtu) * 8 * 1'000'000 /
                                       std::max<std::int64_t>(whole.count(), 1),
                                   1));
        {
            const std::lock_guard lock(mutex_);
            most_cost_ = ceil<milliseconds>(whole);
        }
        interface_ = ++last_interface_;
        note();
        door_->interface_up(last_interface_, {"rnode " + options_.port, bits_per_second_});
    }
    door_->carrier_changed();
}

Carrier::Took RnodeCarrier::send(InterfaceNumber on, const std::string& packet, bool alarm) {
    if (on == 0 || on != interface_.load()) return Took::NoLine;
    {
        const std::lock_guard lock(mutex_);
        // No packet costs more than the largest, and most cost less: by size.
        const milliseconds cost =
            packet.size() >= kMtu / 2 ? most_cost_ : most_cost_ / 2 + milliseconds(1);
        if (queue_.size() >= kMostWaiting) return Took::NoRoom;
        const BoxTime at = now();
        if (law_->may_send(at, queued_ + cost, alarm) > at) return Took::NoAirtime;
        queued_ += cost;
        queue_.push_back({packet, alarm, cost});
    }
    line_->wake();
    return Took::Yes;
}

void RnodeCarrier::send_next() {
    if (in_air_ || !line_->ready() || line_->radio().room() <= 0) return;
    Waiting next;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty()) return;
        const auto first = std::find_if(queue_.begin(), queue_.end(),
                                        [](const Waiting& each) { return each.alarm; });
        const auto goes = first == queue_.end() ? queue_.begin() : first;
        next = std::move(*goes);
        queue_.erase(goes);
        queued_ -= next.cost;
    }
    const BoxTime at = now();
    if (!on_record(next.bytes.size(), at)) return;  // who sent it says it again
    {
        const std::lock_guard lock(mutex_);
        if (!law_->take(next.bytes.size(), at, next.alarm)) return;
    }
    in_air_ = FrameOut{++last_frame_, std::move(next.bytes), {}};
    take(line_->send(*in_air_));
}

// What it costs is on disk before it leaves; false: the disk failed.
bool RnodeCarrier::on_record(std::size_t bytes, BoxTime at) {
    {
        const std::lock_guard lock(mutex_);
        if (law_->promise(bytes, at)) on_disk_ = false;
    }
    if (!on_disk_) on_disk_ = office_->state(id_).wait_durable();
    return on_disk_;
}

void RnodeCarrier::take(RadioActions actions) {
    for (const FrameReport& report : actions.reports) {
        if (!in_air_ || report.id != in_air_->id) continue;
        {
            const std::lock_guard lock(mutex_);
            law_->ended(in_air_->bytes.size(), report, now());
        }
        in_air_.reset();
    }
    const InterfaceNumber on = interface_.load();
    for (const FrameIn& frame : actions.heard)
        if (on != 0) door_->came(on, frame.bytes, {frame.rssi_dbm, frame.snr_db});
}

std::optional<std::chrono::seconds> RnodeCarrier::airtime_in(std::size_t, bool alarm) const {
    const std::lock_guard lock(mutex_);
    const BoxTime at = now();
    const BoxTime free = std::min(law_->may_send(at, queued_ + most_cost_, alarm), at + kHour);
    if (free <= at) return std::nullopt;
    return std::max(ceil<std::chrono::seconds>(free - at), std::chrono::seconds(5));
}

// The line is the thread's: others see what it noted.
void RnodeCarrier::note() {
    const std::lock_guard lock(mutex_);
    const BoxTime at = now();
    status_.up = line_->ready();
    status_.why = line_->why_down();
    status_.details = line_->radio().details();
    status_.details["band"] = law_->allowance().band;
    status_.details["waiting packets"] = std::to_string(queue_.size());
    status_.airtime_limited = law_->limited();
    status_.airtime_used = law_->used(at);
    status_.airtime_left = law_->left(at);
    status_.metrics["airtime_total_ms"] = static_cast<double>(law_->total().count());
}

Status RnodeCarrier::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

}  // namespace waypost::reticulum

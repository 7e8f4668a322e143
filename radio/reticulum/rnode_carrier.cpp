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
constexpr milliseconds kMostAhead{20'000};  // put on record at once
constexpr milliseconds kRenew{60'000};      // a promise of an older time is forgotten too early
constexpr int kReserveOf = 10;              // a tenth is for alarms
constexpr int kAheadOf = 20;
constexpr milliseconds kHour = std::chrono::hours(1);
constexpr char kRow[] = "airtime";

std::unique_ptr<FrameRadio> make_radio(const RnodeCarrierOptions& options, Random& random) {
    ModemSettings settings = options.modem;
    settings.more[rnode::kTwoFramesSetting] = "1";
    return rnode::rnode_kind().make(settings, random);
}

}  // namespace

Allowance allowance(const RnodeCarrierOptions& options) {
    Emission emission;
    emission.region = options.region;
    emission.frequency_hz = options.modem.frequency_hz;
    emission.bandwidth_hz = options.modem.lora.bandwidth_hz;
    emission.power_dbm = options.modem.power_dbm;
    emission.antenna_gain_dbi = options.antenna_gain_dbi;
    emission.cable_loss_db = options.cable_loss_db;
    auto allowed = waypost::allowance(emission);
    if (!allowed.ok()) throw std::runtime_error(allowed.error().text);
    if (largest_frame(options.modem.lora, allowed->dwell) < kWholeFrame)
        throw std::runtime_error(
            "a packet of Reticulum needs whole LoRa frames, and here one may "
            "last " +
            std::to_string(allowed->dwell.count()) +
            " ms: set a lower spreading factor or a larger bandwidth");
    return std::move(*allowed);
}

RnodeCarrier::RnodeCarrier(RnodeCarrierOptions options)
    : options_(std::move(options)), allowance_(reticulum::allowance(options_)) {
    const auto chance = system_random();
    make_radio(options_, *chance);  // says what is wrong with its settings
}

RnodeCarrier::~RnodeCarrier() { stop(); }

void RnodeCarrier::start(Office& office, const TransportId& id, CarrierDoor& door) {
    office_ = &office;
    id_ = id;
    door_ = &door;
    line_ = std::make_unique<ModemLine>(options_.port, kBaud, make_radio(options_, office.random()),
                                        office.clock());
    const milliseconds share = allowance_.per_hour * options_.share_percent / 100;
    const auto rows = office.state(id).with_prefix(kRow);
    const auto row = rows.find(kRow);
    {
        const std::lock_guard lock(mutex_);
        ledger_.set_budget(share, share / kReserveOf, allowance_.per_hour);
        ledger_.load(row == rows.end() ? std::string() : row->second, now());
        if (options_.band) ledger_.share_band(options_.band, id_);
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
    if (in_air_) {
        const std::lock_guard lock(mutex_);
        ledger_.spend(now(), in_air_->cost);
    }
    keep(milliseconds(0), now());
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
        if (!ledger_.may_spend(now(), queued_ + cost, alarm)) return Took::NoAirtime;
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
    next.cost = ceil<milliseconds>(line_->radio().airtime(next.bytes.size()));
    const BoxTime at = now();
    if (!promise(next.cost, at)) return;  // the disk failed: who sent it says it again
    {
        const std::lock_guard lock(mutex_);
        if (!ledger_.may_spend(at, next.cost, next.alarm)) return;
    }
    FrameOut frame{++last_frame_, next.bytes, {}};
    in_air_ = std::move(next);
    take(line_->send(std::move(frame)));
}

// What it costs, and some more for those that follow, is on disk before it leaves.
bool RnodeCarrier::promise(milliseconds cost, BoxTime at) {
    if (cost <= promised_ && at - promised_at_ < kRenew) return true;
    const milliseconds share = allowance_.per_hour * options_.share_percent / 100;
    promised_ = std::max(std::min(kMostAhead, share / kAheadOf), cost);
    promised_at_ = at;
    keep(promised_, at);
    if (office_->state(id_).wait_durable()) return true;
    promised_ = milliseconds(0);
    return false;
}

void RnodeCarrier::keep(milliseconds promised, BoxTime at) {
    std::string record;
    {
        const std::lock_guard lock(mutex_);
        record = ledger_.save(at, promised);
    }
    office_->state(id_).put(kRow, record);
}

void RnodeCarrier::take(RadioActions actions) {
    for (const FrameReport& report : actions.reports) {
        if (!in_air_ || report.id != last_frame_) continue;
        if (costs_airtime(report.fate)) {
            const std::lock_guard lock(mutex_);
            ledger_.spend(now(), in_air_->cost);
            promised_ = std::max(promised_ - in_air_->cost, milliseconds(0));
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
    if (ledger_.may_spend(at, queued_ + most_cost_, alarm)) return std::nullopt;
    const BoxTime free = std::min(ledger_.free_at(at, queued_ + most_cost_, alarm), at + kHour);
    return std::max(ceil<std::chrono::seconds>(free - at), std::chrono::seconds(5));
}

// The line is the thread's: others see what it noted.
void RnodeCarrier::note() {
    const std::lock_guard lock(mutex_);
    const BoxTime at = now();
    status_.up = line_->ready();
    status_.why = line_->why_down();
    status_.details = line_->radio().details();
    status_.details["band"] = allowance_.band;
    status_.details["waiting packets"] = std::to_string(queue_.size());
    status_.airtime_limited = allowance_.per_hour < kHour || options_.share_percent < 100;
    status_.airtime_used = ledger_.used(at);
    status_.airtime_left = ledger_.left(at, false);
    status_.metrics["airtime_total_ms"] = static_cast<double>(ledger_.total().count());
}

Status RnodeCarrier::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

}  // namespace waypost::reticulum

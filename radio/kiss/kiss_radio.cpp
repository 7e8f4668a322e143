// SPDX-License-Identifier: Apache-2.0
#include "radio/kiss/kiss_radio.h"

namespace waypost::kiss {
namespace {

// To all: what amateurs write for a message to everybody.
const ax25::Address kEverybody{"QST", 0, true};
constexpr std::size_t kHead = 2 * 7 + 2, kCheck = 2, kFlags = 2;

char units(milliseconds time) {
    return static_cast<char>(std::min<std::int64_t>(time.count() / 10, 255));
}

bool same_station(const ax25::Address& a, const ax25::Address& b) {
    return a.call == b.call && a.ssid == b.ssid;
}

}  // namespace

KissRadio::KissRadio(Options options) : options_(std::move(options)), parser_(ax25::kMostFrame) {
    options_.call.mark = false;  // commands have C set in the receiver's address only
}

std::string KissRadio::command(Command command, std::string data) const {
    return encode({static_cast<std::uint8_t>(options_.port << 4 | command), std::move(data)});
}

RadioActions KissRadio::opened(BoxTime) {
    parser_.reset();
    open_ = true;
    RadioActions actions;
    actions.changed = true;
    actions.write = command(kTxDelay, {units(options_.tx_delay)}) +
                    command(kPersistence, {static_cast<char>(options_.persistence)}) +
                    command(kSlotTime, {units(options_.slot)}) +
                    command(kTxTail, {units(options_.tx_tail)}) + command(kFullDuplex, {'\0'});
    return actions;
}

RadioActions KissRadio::closed(BoxTime) {
    RadioActions actions;
    actions.changed = open_;
    if (in_hand_) actions.reports.push_back({*in_hand_, FrameFate::Failed});
    in_hand_.reset();
    open_ = false;
    return actions;
}

RadioActions KissRadio::received(std::string_view bytes, BoxTime) {
    RadioActions actions;
    const std::uint64_t broken = parser_.broken();
    for (const Frame& frame : parser_.feed(bytes)) {
        if (!open_ || frame.command() != kData || frame.port() != options_.port) continue;
        auto ui = ax25::parse(frame.data);
        if (!ui.ok() || same_station(ui->from, options_.call)) continue;  // connections, an echo
        if (!same_station(ui->to, options_.call) && !same_station(ui->to, kEverybody)) continue;
        actions.heard.push_back({std::move(ui->info), to_string(ui->from), {}, {}});
    }
    actions.broken = static_cast<int>(parser_.broken() - broken);
    return actions;
}

RadioActions KissRadio::send(FrameOut frame, BoxTime now) {
    RadioActions actions;
    const auto to =
        frame.to.empty() ? Result<ax25::Address>(kEverybody) : ax25::parse_address(frame.to);
    const auto refuse = [&](FrameFate fate) { actions.reports.push_back({frame.id, fate}); };
    if (!open_ || frame.bytes.empty() || !to.ok()) {
        refuse(FrameFate::Failed);
    } else if (frame.bytes.size() > ax25::kMostInfo) {
        refuse(FrameFate::TooLong);
    } else if (room() == 0) {
        refuse(FrameFate::NoRoom);
    } else {
        ax25::UiFrame ui{*to, options_.call, {}, false, ax25::kNoLayer3, frame.bytes};
        ui.to.mark = true;
        actions.write = command(kData, ax25::encode(ui));
        in_hand_ = frame.id;
        gone_ = now + std::chrono::ceil<milliseconds>(airtime(frame.bytes.size()));
    }
    return actions;
}

RadioActions KissRadio::tick(BoxTime now) {
    RadioActions actions;
    if (!in_hand_ || now < gone_) return actions;
    actions.reports.push_back({*in_hand_, FrameFate::Sent});
    in_hand_.reset();
    actions.changed = true;
    return actions;
}

BoxTime KissRadio::next_tick() const { return in_hand_ ? gone_ : BoxTime::max(); }

FrameLimits KissRadio::limits() const {
    FrameLimits limits;
    limits.payload = ax25::kMostInfo;
    limits.latency = options_.slot;
    limits.addressed = true;
    return limits;
}

// After five ones in a row a zero is stuffed: six bits for five at the most.
std::chrono::microseconds KissRadio::airtime(std::size_t bytes) const {
    const auto bits = static_cast<std::int64_t>((bytes + kHead + kCheck) * 8 * 6 / 5 + kFlags * 8);
    return options_.tx_delay + options_.tx_tail +
           std::chrono::microseconds(bits * 1'000'000 / options_.bitrate);
}

std::string KissRadio::why_down() const {
    return open_ ? "" : "the line to the packet radio modem is not open";
}

std::map<std::string, std::string> KissRadio::details() const {
    return {{"call", to_string(options_.call)},
            {"port", std::to_string(options_.port)},
            {"bitrate", std::to_string(options_.bitrate)}};
}

}  // namespace waypost::kiss

// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/session.h"

#include <algorithm>

#include "gateway/base/encoding.h"
#include "radio/xbee/at_value.h"

namespace waypost::xbee {
namespace {

constexpr milliseconds kRssiWait{400};
constexpr milliseconds kRetryRefused{60'000};
constexpr milliseconds kCheckParameters{600'000};
constexpr int kFirstWindow = 2;

}  // namespace

Session::Session(Settings settings, int baud, Random& random)
    : settings_(std::move(settings)),
      baud_(baud),
      random_(random),
      setup_(settings_, at_, module_,
             {[this](ApiMode mode) { speak(mode); },
              [this](int speed) {
                  baud_ = speed;
                  out_.baud = speed;
              }}) {}

// From nothing: whatever state the module is in.
void Session::begin(BoxTime now) {
    fail_all();
    hand_up({});
    out_.changed |= ready();
    at_.clear();
    ids_.clear();
    setup_.stop();
    phase_ = Phase::Finding;
    why_ = trouble_.empty() ? "looking for the module" : "looking for it again: " + trouble_;
    next_check_ = retry_at_ = BoxTime::max();
    finder_.start(settings_.api.value_or(ApiMode::Escaped), now);
}

RadioActions Session::opened(BoxTime now) {
    begin(now);
    return done(now);
}

RadioActions Session::closed(BoxTime now) {
    fail_all();
    hand_up({});
    at_.clear();
    setup_.stop();
    out_.changed |= ready();
    phase_ = Phase::Closed;
    why_ = "the line is not open";
    return done(now);
}

void Session::go_down(std::string why, BoxTime now) {
    fail_all();
    at_.clear();
    phase_ = Phase::Down;
    why_ = std::move(why);
    retry_at_ = now + kRetryRefused;
    next_check_ = BoxTime::max();
    out_.changed = true;
}

void Session::write(const Packet& packet) { out_.write += frame(mode_, encode(packet)); }

RadioActions Session::received(std::string_view bytes, BoxTime now) {
    if (phase_ == Phase::Closed) return done(now);
    if (phase_ == Phase::Finding) {
        take_step(finder_.received(bytes, now), now);
        return done(now);
    }
    last_byte_ = now;
    take(deframer_.feed(bytes), now);
    return done(now);
}

void Session::take_step(Finder::Step step, BoxTime now) {
    if (step.baud) baud_ = *step.baud;
    if (step.baud) out_.baud = step.baud;
    out_.write += step.write;
    if (finder_.failed()) {
        phase_ = Phase::Closed;
        why_ = trouble_ = "no XBee answers at any speed";
        out_.reopen = out_.changed = true;
    }
    if (!finder_.found()) return;
    speak(*finder_.found());
    last_byte_ = now;
    phase_ = Phase::SettingUp;
    why_ = "setting the module up";
    setup_.start(mode_);
}

void Session::speak(ApiMode mode) {
    mode_ = mode;
    deframer_ = Deframer(mode);
    broken_told_ = 0;
}

BoxTime Session::cut_at() const { return last_byte_ + line_time(kMostBody, baud_) + kByteGap; }

void Session::take(const std::vector<std::string>& bodies, BoxTime now) {
    for (const std::string& body : bodies) {
        const auto packet = parse(body);
        if (packet.ok())
            take(*packet, now);
        else
            ++undecoded_;
        if (phase_ != Phase::SettingUp && phase_ != Phase::Ready) return;
    }
    out_.broken += static_cast<int>(deframer_.broken() - broken_told_);
    broken_told_ = deframer_.broken();
}

void Session::take(const Packet& packet, BoxTime now) {
    if (const auto* answer = std::get_if<AtAnswer>(&packet)) {
        at_.answered(*answer);
        after_setup(now);
    } else if (const auto* status = std::get_if<TransmitStatus>(&packet)) {
        take_status(*status, now);
    } else if (const auto* receive = std::get_if<Receive>(&packet)) {
        take_receive(*receive, now);
    } else if (const auto* modem = std::get_if<ModemStatus>(&packet)) {
        take_modem_status(modem->status, now);
    }
}

void Session::take_receive(const Receive& receive, BoxTime now) {
    if (receive.endpoints && !is_data(*receive.endpoints)) return;
    hand_up({});
    heard_ = FrameIn{receive.data, address_text(receive.from), {}, {}};
    heard_until_ = now + kRssiWait;
    if (!ready()) return hand_up({});
    // Of the last packet's last hop: another that comes before the answer makes it worthless.
    at_.ask_first("DB", [this, count = ++heard_count_](const AtAnswer& answer) {
        if (count != heard_count_) return;
        const bool known = answer.status == kAtOk && !answer.value.empty();
        hand_up(known ? std::optional(-static_cast<int>(number_of(answer.value) & 0xFF))
                      : std::nullopt);
    });
}

void Session::hand_up(std::optional<int> rssi_dbm) {
    if (!heard_) return;
    heard_->rssi_dbm = rssi_dbm;
    out_.heard.push_back(std::move(*heard_));
    heard_.reset();
}

void Session::take_modem_status(std::uint8_t status, BoxTime now) {
    modem_status_ = status;
    constexpr std::uint8_t kHardwareReset = 0;
    constexpr std::uint8_t kWatchdogReset = 1;
    if (status == kHardwareReset || status == kWatchdogReset) begin(now);
}

void Session::after_setup(BoxTime now) {
    if (phase_ != Phase::SettingUp) return;
    switch (setup_.state()) {
        case Setup::State::Done:
            phase_ = Phase::Ready;
            trouble_.clear();
            window_ = kFirstWindow;
            held_ = false;
            missing_ = 0;
            next_check_ = now + kCheckParameters;
            out_.changed = true;
            break;
        case Setup::State::Refused:
            go_down(setup_.trouble(), now);
            break;
        case Setup::State::NoAnswer:
            why_ = trouble_ = setup_.trouble();
            phase_ = Phase::Closed;
            out_.reopen = out_.changed = true;
            break;
        default:
            break;
    }
}

void Session::read_again(const std::string& name) {
    at_.ask(name, {}, [this, name](const AtAnswer& answer) {
        if (answer.status != kAtOk) return;
        out_.changed |= !same_value(module_.values[name], answer.value);
        module_.values[name] = answer.value;
    });
}

RadioActions Session::tick(BoxTime now) {
    if (phase_ == Phase::Closed) return done(now);
    if (phase_ == Phase::Finding) {
        take_step(finder_.tick(now), now);
        return done(now);
    }
    if (now >= retry_at_) begin(now);
    if (deframer_.begun() && now >= cut_at()) take(deframer_.give_up_begun(), now);
    if (heard_ && now >= heard_until_) hand_up({});
    if (held_ && now >= hold_until_) {
        held_ = false;
        out_.changed = true;
    }
    expire(now);
    if (now >= next_check_ && at_.idle()) {
        next_check_ = now + kCheckParameters;
        // Somebody may have changed it from afar, by remote AT.
        at_.ask("CK", {}, [this, now](const AtAnswer& answer) {
            const auto known = module_.values.find("CK");
            if (answer.status != kAtOk || known == module_.values.end()) return;
            if (!same_value(known->second, answer.value)) begin(now);
        });
    }
    return done(now);
}

RadioActions Session::done(BoxTime now) {
    if (phase_ == Phase::SettingUp || phase_ == Phase::Ready) {
        while (const auto command = at_.due(now)) write(*command);
        after_setup(now);
    }
    return std::exchange(out_, {});
}

BoxTime Session::next_tick() const {
    if (phase_ == Phase::Closed) return BoxTime::max();
    if (phase_ == Phase::Finding) return finder_.next_tick();
    BoxTime next = std::min({at_.next_tick(), next_check_, retry_at_});
    for (const auto& [id, flight] : flights_) next = std::min(next, flight.deadline);
    if (held_) next = std::min(next, hold_until_);
    if (heard_) next = std::min(next, heard_until_);
    if (deframer_.begun()) next = std::min(next, cut_at());
    return next;
}

FrameLimits Session::limits() const {
    FrameLimits limits;
    limits.payload = module_.payload();
    limits.latency = kModuleTime + line_time(limits.payload, baud_) + module_.listens();
    limits.acks = settings_.acks;
    limits.addressed = true;
    limits.keeps_law = module_.keeps_law();
    return limits;
}

std::map<std::string, std::string> Session::details() const {
    auto out = module_.details();
    out["api"] = mode_ == ApiMode::Plain ? "1" : "2";
    out["line"] = std::to_string(baud_) + " bit/s";
    if (setup_.written() > 0) out["written"] = std::to_string(setup_.written());
    if (modem_status_) out["status"] = to_hex(value_of(*modem_status_));
    if (undecoded_ > 0) out["undecoded"] = std::to_string(undecoded_);
    return out;
}

}  // namespace waypost::xbee

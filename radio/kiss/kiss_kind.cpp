// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <stdexcept>

#include "radio/airtime/amateur.h"
#include "radio/kiss/kiss_radio.h"

namespace waypost::kiss {
namespace {

// nullopt: it is not said. Throws if it is no whole number in the range.
std::optional<int> number(const ModemSettings& settings, const std::string& name, int least,
                          int most) {
    const auto found = settings.more.find(name);
    if (found == settings.more.end()) return std::nullopt;
    const std::string& text = found->second;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || value < least || value > most) {
        throw std::runtime_error("kiss: " + name + " = \"" + text + "\" is no number from " +
                                 std::to_string(least) + " to " + std::to_string(most));
    }
    return value;
}

ax25::Address own_call(const ModemSettings& settings) {
    const auto found = settings.more.find("call");
    const auto call = ax25::parse_address(found == settings.more.end() ? "" : found->second);
    if (!call.ok() || !is_call_sign(call->call)) {
        throw std::runtime_error(
            "kiss: set call to the station's own call sign, such as DB0ABC or DB0ABC-7: every "
            "frame carries it");
    }
    return *call;
}

std::unique_ptr<FrameRadio> make(const ModemSettings& settings, Random&) {
    for (const auto& [name, value] : settings.more) {
        static const std::string_view kNames = " call port bitrate txdelay txtail slot persist ";
        if (kNames.find(' ' + name + ' ') == std::string_view::npos)
            throw std::runtime_error("kiss: there is no setting \"" + name + "\"");
    }
    Options o;
    o.call = own_call(settings);
    o.port = number(settings, "port", 0, 15).value_or(o.port);
    o.bitrate = number(settings, "bitrate", 50, 1'000'000).value_or(o.bitrate);
    o.persistence = number(settings, "persist", 0, 255).value_or(o.persistence);
    if (const auto ms = number(settings, "txdelay", 0, 2550)) o.tx_delay = milliseconds(*ms);
    if (const auto ms = number(settings, "txtail", 0, 2550)) o.tx_tail = milliseconds(*ms);
    if (const auto ms = number(settings, "slot", 10, 2550)) o.slot = milliseconds(*ms);
    return std::make_unique<KissRadio>(o);
}

}  // namespace

// It does not identify: a KISS modem answers nothing.
ModemKind kiss_kind() {
    return {"kiss",
            "packet radio modems that speak KISS (Dire Wolf, hardware TNCs); frequency and power "
            "are set at the radio",
            "call: own call sign; port: of the modem, 0; bitrate: on air, 1200; txdelay, txtail, "
            "slot: ms, 300, 50, 100; persist: of 255, 63",
            9600,
            false,
            false,
            true,
            make};
}

}  // namespace waypost::kiss

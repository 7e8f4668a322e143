// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/amateur_settings.h"

#include <stdexcept>

#include "radio/airtime/amateur.h"

namespace waypost::trunk {
namespace {

void licence_free(const SectionValues& values, const ModemKind& kind) {
    if (kind.amateur)
        throw std::runtime_error("modem: " + std::string(kind.name) +
                                 " is for amateur stations: set service = \"amateur\" and a call "
                                 "sign, if you have a licence");
    for (const char* key : {"call_sign", "licensed"}) {
        const bool set = std::string_view(key) == "licensed" ? !values.list(key).empty()
                                                             : !values.text(key).empty();
        if (set)
            throw std::runtime_error(std::string(key) +
                                     " is of amateur stations: set service = \"amateur\" too");
    }
}

// The modem's own may have a number behind it, "DB0ABC-7".
void tell_modem(const std::string& call_sign, ModemSettings& modem) {
    std::string& call = modem.more["call"];
    if (call.empty()) call = call_sign;
    if (call != call_sign && !call.starts_with(call_sign + '-'))
        throw std::runtime_error("modem_options: call = " + call + " is not the call_sign, " +
                                 call_sign);
}

}  // namespace

std::optional<AmateurOptions> amateur_options(const SectionValues& values, const ModemKind& kind,
                                              ModemSettings& modem) {
    if (values.text("service") != "amateur") {
        licence_free(values, kind);
        return std::nullopt;
    }
    if (!kind.amateur && !kind.lora)
        throw std::runtime_error("modem: " + std::string(kind.name) +
                                 " cannot be set to an amateur band: take a LoRa modem, an RNode "
                                 "or kiss");
    AmateurOptions options;
    options.call_sign = values.text("call_sign");
    options.in_each_frame = kind.amateur;
    options.licensed = values.list("licensed");
    if (!is_call_sign(options.call_sign))
        throw std::runtime_error("call_sign: \"" + options.call_sign +
                                 "\" is none: write it as in the licence, such as DB0ABC");
    if (kind.amateur) tell_modem(options.call_sign, modem);
    return options;
}

}  // namespace waypost::trunk

// SPDX-License-Identifier: Apache-2.0
// Radios that are plugged in by USB. Boards of one make run firmware of several kinds and look
// alike, so a port is opened and asked: who answers in which protocol is of that kind.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/io/byte_line.h"
#include "gateway/transport_kind.h"

namespace waypost {

struct UsbPort {
    std::string where;          // "serial:/dev/ttyACM0"
    std::string instance;       // stable: "usb-SERIAL"
    std::uint64_t plugged = 0;  // another one each time that it is plugged in
};
// Those that look like a radio's board. One that another program has locked (FHS 3.0, 5.9.2) is
// left out.
std::vector<UsbPort> usb_radio_ports();

struct UsbFirmware {
    std::string name;      // "meshtastic"
    std::string question;  // bytes that mean nothing to the other kinds of firmware
    // To all that came from the port so far, other firmware's bytes too. Pure.
    std::function<bool(std::string_view heard)> answers;
};

// One thread; never waits for an answer: look() is called every few seconds.
class UsbRadios {
  public:
    using Ports = std::function<std::vector<UsbPort>()>;
    using Open = std::function<Result<std::unique_ptr<ByteLine>>(const std::string& where)>;
    explicit UsbRadios(Ports ports = usb_radio_ports, Open open = open_line);

    // Of several that know an answer the first counts. Named again: it changes nothing.
    void knows(UsbFirmware firmware);
    // Asks at ports that are new, and takes what came from those that were asked. `taken`: ports of
    // the configuration, which are left alone.
    void look(const std::set<std::string>& taken, BoxTime now);

    // That answered in this way, and are still there.
    std::vector<FoundDevice> found(std::string_view firmware) const;
    // Instances of ports that are there and left alone.
    const std::set<std::string>& left_alone() const { return left_alone_; }

  private:
    struct Port {
        UsbPort usb;
        std::string firmware;            // it answered
        std::unique_ptr<ByteLine> line;  // it is being asked
        std::string heard;
        int asked = 0;  // times, since the line is open
        BoxTime next{};
        milliseconds pause{0};
    };
    void keep_those_there(const std::set<std::string>& taken);
    void step(Port& port, BoxTime now);
    void hear(Port& port);
    void give_up(Port& port, BoxTime now, const std::string& why);

    Ports ports_;
    Open open_;
    std::vector<UsbFirmware> firmware_;
    std::vector<Port> asked_;
    std::set<std::string> left_alone_;
};

// TransportKind::discover of the kind whose firmware has the section's name; no radios, no
// function.
std::function<std::vector<FoundDevice>()> found_by_usb(std::shared_ptr<UsbRadios> radios,
                                                       const Section& section);

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// A simulated XBee of DigiMesh firmware, written from Digi's user guides and from nothing of ours:
// command mode with its silences, transparent and API modes, parameters, MAC acknowledgements and
// repeats over a FrameAir. One hop, no routing. Bytes of the host and time in, bytes out. One
// thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "radio/simulator/frame_air.h"

namespace waypost::simulator {

struct XbeeOptions {
    std::uint64_t address = 0x0013A20000000001;
    std::map<std::string, std::string> parameters;  // other than as delivered; values as bytes
    bool command_mode_in_api = true;                // "+++" is heeded in API modes too
    std::size_t queue = 4;                          // packets from the host that it holds
};

// What goes wrong, from now on.
struct XbeeTrouble {
    std::deque<std::uint8_t> deliveries;  // of the next packets, which do not go on air
    milliseconds status_late{0};
    int statuses_lost = 0;           // so many 8B do not come
    int heard_twice = 0;             // so many 90 come twice
    std::string before_ok;           // a neighbour's data as command mode begins
    bool deaf_to_host = false;       // answers nothing
    std::set<std::string> not_kept;  // says OK to them and keeps what it had
};

class XbeeModule {
  public:
    XbeeModule(FrameAir& air, Random& random, XbeeOptions options);

    void from_host(std::string_view bytes, BoxTime now);
    std::string to_host();  // what waits for the host
    void step(BoxTime now);
    BoxTime next() const;  // when step() is due; the air's own apart

    void reset(std::uint8_t status, BoxTime now);  // power-up or watchdog: 8A, and flash counts
    void set(const std::string& name, std::string value) { live_[name] = std::move(value); }
    std::string get(const std::string& name) const;
    XbeeTrouble& trouble() { return trouble_; }
    int flash_writes() const { return flash_writes_; }
    const std::vector<std::string>& keys() const { return keys_; }  // that were set
    std::size_t host_packets() const { return host_packets_; }

  private:
    struct Packet {  // on its way to the air
        std::uint8_t id = 0;
        std::uint64_t to = 0;
        std::uint8_t options = 0;
        bool loop_back = false;
        std::string data;
        std::uint8_t sequence = 0;
        int tries = 0;
    };

    std::uint64_t number(const std::string& name) const;
    milliseconds guard() const { return milliseconds(number("GT")); }
    microseconds airtime(std::size_t bytes) const;

    // xbee_command.cpp
    void host_byte(char byte, BoxTime now);
    void command_byte(char byte);
    void command_line(const std::string& line);
    void transparent_byte(char byte);
    void send_pipe(BoxTime now);
    std::optional<std::string> at(const std::string& name, const std::string& value,
                                  std::uint8_t& status);

    // xbee_api.cpp
    void api_byte(char byte, BoxTime now);
    void api_frame(const std::string& body, BoxTime now);
    void say(const std::string& body);
    void say_status(const Packet& packet, std::uint8_t delivery, BoxTime now);

    void submit(Packet packet, BoxTime now);
    void transmit(BoxTime now);
    void tried(BoxTime now);
    void finish(std::uint8_t delivery, BoxTime now);
    void heard(const AirFrame& frame);
    void hand_to_host(const AirFrame& frame, std::uint64_t from, std::uint64_t to, bool loop_back);

    FrameAir& air_;
    Random& random_;
    XbeeOptions options_;
    int station_ = 0;
    std::map<std::string, std::string> live_, flash_;
    XbeeTrouble trouble_;
    std::string out_;
    std::multimap<BoxTime, std::string> later_;  // bytes for the host
    int flash_writes_ = 0;
    std::vector<std::string> keys_;
    std::size_t host_packets_ = 0;

    BoxTime last_host_byte_{};
    int pluses_ = 0;
    bool command_mode_ = false;
    BoxTime command_ok_ = BoxTime::max();  // when the silence behind "+++" is long enough
    std::string line_;
    std::string pipe_;
    std::string frame_;  // behind the 7E, without escapes
    bool in_frame_ = false;
    bool escaped_ = false;

    std::deque<Packet> queue_;
    std::uint8_t sequence_ = 0;
    BoxTime next_try_ = BoxTime::max();
    BoxTime answer_due_ = BoxTime::max();               // of the packet on air
    std::deque<std::pair<BoxTime, std::string>> acks_;  // to be sent
    std::map<std::uint64_t, std::uint8_t> last_heard_;  // sequence numbers by sender
};

}  // namespace waypost::simulator

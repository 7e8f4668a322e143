// SPDX-License-Identifier: Apache-2.0
// A simulated MeshCore companion radio: a node that speaks the companion protocol with its host,
// as firmware of August 2026 does. Bytes in, bytes out; no sockets. One thread.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>

#include "radio/meshcore/frames.h"
#include "radio/meshcore/simulator/node.h"
#include "radio/meshcore/wire_bytes.h"
#include "radio/simulator/hosted_device.h"

namespace waypost::meshcore {

struct DeviceOptions {
    std::uint32_t frequency_khz = 869'618;
    int power_dbm = 22;
    std::string firmware = "v1.11.0-sim";
    double speed = 1;                // virtual seconds in one of its host's
    std::size_t most_waiting = 256;  // messages; of more the last are lost
};

class CompanionDevice final : public simulator::HostedDevice {
  public:
    CompanionDevice(Scheduler& scheduler, Node& node, DeviceOptions options);

    void connected(bool serial) override;
    void disconnected() override;
    void from_host(std::string_view bytes) override;
    std::string to_host() override { return std::exchange(out_, {}); }
    bool dropping() const override { return dropping_; }
    Node& node() { return node_; }
    // Loses what waits in RAM and its clock, and prints as it boots.
    void reboot();

  private:
    void handle(const std::string& payload);
    void say(const std::string& payload);
    void say_ok() { say(std::string(1, static_cast<char>(kOk))); }
    void say_error(ErrorCode code);
    void say_done(bool good, ErrorCode otherwise) { good ? say_ok() : say_error(otherwise); }
    void say_contact(std::uint8_t code, const Contact& contact);
    void say_sent(const Launched& launched);
    void push(std::uint8_t code, const std::string& more = {});
    void queue(std::string message);

    // companion_commands.cpp: each gets what follows the command's number
    void handle_more(std::uint8_t command, FieldReader& in);
    void start_app();
    void query_device(FieldReader& in);
    void give_contacts(FieldReader& in);
    void add_contact(FieldReader& in);
    void send_text(FieldReader& in);
    void send_channel_text(FieldReader& in);
    void log_in(FieldReader& in);
    void give_channel(FieldReader& in);
    void set_channel(FieldReader& in);
    void set_radio(FieldReader& in);
    void export_contact(FieldReader& in);
    void give_stats(FieldReader& in);

    void got_text(const GotText& got);
    void got_response(const std::string& key, const std::string& plain);
    void got_packet(const AirFrame& frame);

    Scheduler& scheduler_;
    Node& node_;
    DeviceOptions options_;
    FrameParser parser_{Direction::ToRadio};
    std::string out_;
    bool open_ = false;
    bool serial_ = false;
    bool dropping_ = false;
    int app_version_ = 1;
    std::deque<std::string> waiting_;
    std::map<std::uint32_t, BoxTime> expected_;  // acks
    std::set<std::string> logging_in_;           // keys
};

}  // namespace waypost::meshcore

// SPDX-License-Identifier: Apache-2.0
// What a story needs to be played with the real programs on loopback: the gateway, a simulated
// village with handhelds, and the mail servers of the world outside. The demo tells one story on
// it, the talks of tests/talk many.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/demo/mail_peer.h"
#include "app/demo/process.h"

namespace waypost::demo {

struct StageOptions {
    std::string bin;  // folder of waypost and waypostd
    std::vector<std::string> handhelds{"ana", "ben", "carl"};
    double speed = 4;  // of the village; the gateway lives in real time
    double loss = 0.02;
    bool json = false;       // what the village prints
    std::string radio_toml;  // more lines for the radio's section
    std::string more_toml;   // more sections
    std::string box_toml;    // likewise for the box's
};

// Handheld number i of the list has the node id !0000000a + i. Carl is the operator.
std::string radio_of(std::size_t handheld);

class Stage {
  public:
    explicit Stage(StageOptions options);  // throws std::runtime_error
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    bool until_up();  // the gateway has its radio; false: after 15 s it has not
    void stop_gateway() { gateway_.reset(); }
    void start_gateway();
    // Lines of waypost.toml with " | " between them, for the next start.
    void add_settings(const std::string& toml) const;
    // `waypost` with these arguments (a shell reads them): what it printed.
    struct Ran {
        std::string output;
        bool good = false;
    };
    Ran run(const std::string& arguments) const;

    MailPeer& mail() { return peer_; }
    const MailPeer& mail() const { return peer_; }
    int mail_port() const { return mail_port_; }  // the gateway's own, for mail to the village
    Child& village() { return *village_; }
    std::string config() const { return folder_ + "/waypost.toml"; }
    std::string log_tail(std::size_t lines) const;  // of the gateway and the village

  private:
    void write_files() const;

    StageOptions options_;
    std::string folder_;
    MailPeer peer_;
    int mail_port_ = 0;
    std::unique_ptr<Child> village_;
    std::unique_ptr<Child> gateway_;
};

}  // namespace waypost::demo

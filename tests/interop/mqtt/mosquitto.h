// SPDX-License-Identifier: Apache-2.0
// Debian's Mosquitto on loopback, in a folder of its own, stopped by pid.
#pragma once

#include <sys/types.h>

#include <string>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {

class Mosquitto {
  public:
    struct Options {
        std::string certificates;  // folder with cert.pem and key.pem: it speaks TLS
        bool passwords = false;    // only user "hill" with password "secret" is let in
        std::string more;          // lines of its configuration
    };
    Mosquitto() : Mosquitto(Options{}) {}
    explicit Mosquitto(const Options& options);
    ~Mosquitto();
    Mosquitto(const Mosquitto&) = delete;
    Mosquitto& operator=(const Mosquitto&) = delete;

    void start();  // it runs from the beginning; what it keeps outlasts stop()
    void stop();
    int port() const { return port_; }
    // By mosquitto_pub, at QoS 1.
    void publish(const std::string& topic, const std::string& payload, bool retained = false) const;
    // By mosquitto_sub: what is retained there; empty: nothing, within two seconds.
    std::string retained(const std::string& topic) const;
    std::string log() const { return contents(folder_ / "log"); }

  private:
    Folder folder_;
    int port_ = free_port();
    pid_t pid_ = -1;
};

}  // namespace waypost::interop

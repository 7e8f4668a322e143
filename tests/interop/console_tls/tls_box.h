// SPDX-License-Identifier: Apache-2.0
// A box whose console has TLS, asked by curl and openssl.
#pragma once

#include <string>

#include "tests/interop/mail/ask.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {

class TlsBox {
  public:
    // `console`: more of its section.
    explicit TlsBox(const std::string& console, int clear = free_port())
        : clear_(clear), page_(make_page()), box_(folder_, toml(console)) {}

    const Folder& folder() const { return folder_; }
    BoxProcess& box() { return box_; }
    std::string clear() const { return "http://127.0.0.1:" + std::to_string(clear_); }
    std::string tls() const { return "https://village.test:" + std::to_string(tls_); }
    int tls_port() const { return tls_; }
    std::string socket() const { return folder_ / "api"; }

    // What curl says, which ends after ten seconds. Names lead to this machine.
    std::string curl(const std::string& arguments) const {
        return shell("curl -s -m 10 --noproxy '*' --resolve village.test:" + std::to_string(tls_) +
                     ":127.0.0.1 --resolve village.test:" + std::to_string(clear_) + ":127.0.0.1 " +
                     arguments + " || true");
    }
    // What openssl says of a handshake.
    std::string handshake(const std::string& arguments = {}) const {
        return shell("openssl s_client -connect 127.0.0.1:" + std::to_string(tls_) +
                     " -servername village.test " + arguments + " </dev/null 2>&1 || true");
    }
    std::string certificate(const std::string& what) const {
        return shell("openssl s_client -connect 127.0.0.1:" + std::to_string(tls_) +
                     " </dev/null 2>/dev/null | openssl x509 -noout " + what);
    }
    std::string fingerprint() const { return certificate("-fingerprint -sha256"); }
    // The box's own word for it, by its socket.
    std::string report() const { return ask(socket(), "GET", "/certificate"); }

  private:
    std::string make_page() const {
        shell("mkdir " + (folder_ / "page"));
        shell("echo '<!doctype html><title>Waypost</title>' > " + (folder_ / "page/index.html"));
        shell("head -c 100000 /dev/zero | tr '\\0' m > " + (folder_ / "map.pmtiles"));
        return folder_ / "page";
    }
    std::string toml(const std::string& console) const {
        return api_at(socket()) + "[console]\nlisten = \"127.0.0.1:" + std::to_string(clear_) +
               "\"\ntls_listen = \"127.0.0.1:" + std::to_string(tls_) + "\"\nfiles = \"" + page_ +
               "\"\ntiles = \"map.pmtiles\"\n" + console;
    }
    const Folder folder_;
    const int clear_, tls_ = free_port();
    const std::string page_;
    BoxProcess box_;
};

}  // namespace waypost::interop

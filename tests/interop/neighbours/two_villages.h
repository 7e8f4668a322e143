// SPDX-License-Identifier: Apache-2.0
// Two real boxes, hill and dale, each with its own store and simulated radios, that are neighbours.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/interop/mail/peers.h"
#include "tests/interop/mesh/mesh_peer.h"

namespace waypost::interop {

// One village: the box and its one handheld.
class OneVillage {
  public:
    // `mail_port`: of its own SMTP; `next`: where all its mail to `other` goes; `neighbour`: more
    // lines of the section that names the other.
    OneVillage(const std::string& name, const std::string& person, int mail_port, int next,
               const std::string& other, const std::string& neighbour);
    // With these sections beside its radio, and no mail of its own.
    OneVillage(const std::string& name, const std::string& person, const std::string& toml);

    BoxProcess& box() { return *box_; }
    // What its person types, and whether her screen comes to show this line.
    void type(const std::string& text) { mesh_.type(person_, text); }
    bool shows(const std::string& text);
    bool shows_some(const std::string& part);  // a line with this in it
    std::string screen() const;                // all that was shown
    int shown(const std::string& text) const;  // how often

  private:
    void open(const std::string& toml);
    void look();

    const Folder folder_;
    const std::string person_;
    const std::string domain_;
    MeshPeer mesh_;
    std::unique_ptr<BoxProcess> box_;
    std::vector<std::string> lines_;
};

// Whether this command comes to say this.
bool says(BoxProcess& box, const std::string& command, const std::string& text);
// What both screens showed and both boxes logged, for whoever has to find out why.
std::string seen(OneVillage& hill, OneVillage& dale);

// A line by SMTP to `port` from this address of loopback; what was said.
std::string mail_from(const std::string& address, int port, const std::string& sender,
                      const std::string& to, const std::string& text);

}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
// Everything that flows while the box is killed: mails from Postfix through the box to a relay,
// lines of villagers to the relay, and letters from Postfix to villagers' screens.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/demo/mail_peer.h"
#include "tests/crash/villagers.h"
#include "tests/interop/mail/peers.h"
#include "tests/interop/mesh/mesh_peer.h"

namespace waypost::interop {

struct Amount {
    int mails = 0;    // from outside to outside
    int lines = 0;    // from a handheld to outside
    int letters = 0;  // from outside to a handheld
};

class Flow {
  public:
    // All is up, and every villager has written once, so that letters to them are answers.
    Flow();

    // Sets going what is missing up to these numbers: Postfix has the mails and letters when this
    // returns, the villagers have their lines to write.
    void begin_until(const Amount& until);
    // The villagers look and write. To be called again and again.
    void step() { villagers_.step(); }
    void flush() const { postfix_.flush(); }
    // True once nothing moves any more and all that was begun is where it belongs. A line of which
    // no writing arrived by then is given to its villager once more.
    bool at_rest();

    BoxProcess& box() { return box_; }
    const Villagers& villagers() const { return villagers_; }
    // Texts at the relay -> the Message-IDs under which each came, once for each time. Of a large
    // mail the first line; one that is not whole has " cut" behind it.
    std::map<std::string, std::vector<std::string>> arrived() const;
    // Deliveries of the box by state.
    std::map<std::string, int> states() const;
    std::chrono::milliseconds airtime_used() const;
    // Files beside the store, and how many there should be: one for each large mail.
    std::size_t body_files() const;
    std::size_t large_mails() const;

    static const std::vector<std::string>& names();
    static const std::string& name_of(int line_or_letter);

  private:
    using ToAndText = std::pair<std::string, std::string>;
    std::string box_toml() const;
    void introduce();
    void post(const std::vector<ToAndText>& mails) const;
    bool letters_are_read() const;

    Folder folder_;
    Ports ports_;
    Dovecot dovecot_{folder_, ports_};
    Postfix postfix_{folder_, ports_};
    demo::MailPeer relay_;
    MeshPeer mesh_;
    Villagers villagers_;
    BoxProcess box_;
    Amount begun_;
    std::map<std::string, std::string> reply_to_;  // by villager
};

}  // namespace waypost::interop

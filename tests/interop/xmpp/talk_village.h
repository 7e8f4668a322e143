// SPDX-License-Identifier: Apache-2.0
// A village behind an XMPP server: its box, Ana's and Ben's handhelds on a simulated mesh, and
// whoever has a chat program.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/interop/mesh/handhelds.h"
#include "tests/interop/xmpp/chat_client.h"

namespace waypost::interop {

inline constexpr char kWantsReceipt[] = "<request xmlns='urn:xmpp:receipts'/>";

// What else than the server's own the operator may have written.
struct XmppSecretAndPort {
    std::string secret;
    int port = 0;
};
// The section [xmpp.home] of a box that is the server's component; the secret goes into a file of
// the folder.
std::string xmpp_settings(const Folder& folder, const XmppServer& server,
                          const XmppSecretAndPort& written = {});

class TalkVillage {
  public:
    // With the people ana and ben, whose handhelds these are. `more`: settings beside them.
    explicit TalkVillage(const XmppServer& server, const std::string& more = {});

    BoxProcess& box() { return *box_; }
    std::string waypost(const std::string& arguments) const { return box_->waypost(arguments); }
    void person(const std::string& name) const { waypost("people add " + name); }
    // "NAME@component"
    std::string at_box(const std::string& name) const { return name + '@' + server_.component(); }

    void radio(const std::string& who, const std::string& text) { handhelds_.type(who, text); }
    void off(const std::string& who) { handhelds_.off(who); }
    void on(const std::string& who) { handhelds_.on(who); }
    // The whole text is on that screen, now or within half a minute.
    bool shows(const std::string& who, const std::string& text) {
        return handhelds_.shows(who, text);
    }
    // ... some text that begins so and ends so.
    bool shows_some(const std::string& who, const std::string& begin, const std::string& end = {}) {
        return handhelds_.shows_some(who, begin, end);
    }
    std::vector<std::string> screen(const std::string& who) { return handhelds_.screen(who); }

    std::unique_ptr<ChatClient> client(const std::string& user) const {
        return std::make_unique<ChatClient>(folder_, server_, user);
    }
    // Signed in, a person here, and known to the box as that one.
    std::unique_ptr<ChatClient> villager(const std::string& user) const;
    bool status_says(const std::string& text) const;
    // The number behind "KEY: " in the status.
    long counted(const std::string& key) const;
    // What became of the first letters.
    std::string traces() const;
    // For messages of failed tests.
    std::string seen();
    const Folder& folder() const { return folder_; }

  private:
    Folder folder_;
    const XmppServer& server_;
    Handhelds handhelds_;
    std::unique_ptr<BoxProcess> box_;
};

// The texts that came from somebody, in order; a text that comes again under its id counts once.
std::vector<std::string> texts_from(const ChatClient& client, const std::string& from);
// How often a text of his came again.
int repeats_from(const ChatClient& client, const std::string& from);

}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
// A village whose box runs its own mail and chat servers: the real Postfix, Dovecot and Prosody
// from exactly the files that the box wrote, a mesh with Ben's handheld, and phones on the Wi-Fi.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/interop/mail/village_servers.h"
#include "tests/interop/mesh/mesh_peer.h"

namespace waypost::interop {

struct ChatPorts {
    int starttls = free_port();
    int tls = free_port();
    int upload = free_port();
    int component = free_port();
    std::string toml(const std::string& more = {}) const;  // `more` belongs to [chatserver.box]
};

// Prosody as the command says to start and to stop it.
class ChatServerProcess {
  public:
    // `written`: what `waypost chat-server write` said.
    explicit ChatServerProcess(const std::string& written);
    ~ChatServerProcess();
    ChatServerProcess(const ChatServerProcess&) = delete;
    ChatServerProcess& operator=(const ChatServerProcess&) = delete;

  private:
    const std::string written_;
};

class ChatBox {
  public:
    ChatBox();

    std::string waypost(const std::string& arguments) const { return box_->waypost(arguments); }
    // With a password for mail, and thus for chat.
    void add(const std::string& name, const std::string& password) const;
    // A phone does this; all that it printed. `source`: the address that it calls from.
    Said phone(const std::string& user, const std::string& password, const std::string& script,
               const std::string& security = "starttls",
               const std::string& source = "127.0.0.1") const;
    void type(const std::string& who, const std::string& text) { mesh_.type(who, text); }
    // The screen of that handheld shows these words, now or within half a minute.
    bool shows(const std::string& who, const std::string& words);

    const Folder& folder() const { return folder_; }
    const std::string& written() const { return written_; }
    VillageServers& mail() { return *mail_; }
    std::string seen();  // for messages of failed tests

  private:
    Folder folder_;
    VillagePorts mail_ports_;
    ChatPorts ports_;
    MeshPeer mesh_;
    std::string written_;
    std::unique_ptr<BoxProcess> box_;
    std::unique_ptr<VillageServers> mail_;
    std::unique_ptr<ChatServerProcess> chat_;
    std::vector<OnScreen> shown_;
};

// The line of `written` below the one that ends in `title`, as a command.
std::string command_below(const std::string& written, const std::string& title);

}  // namespace waypost::interop

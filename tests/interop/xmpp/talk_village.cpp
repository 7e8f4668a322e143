// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/xmpp/talk_village.h"

#include <sys/stat.h>

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace waypost::interop {
namespace {

struct Came {
    std::string id, text;
};

std::vector<Came> all_from(const ChatClient& client, const std::string& from) {
    std::vector<Came> all;
    for (const std::string& line : client.lines()) {
        std::istringstream in(line);
        std::string kind, who;
        Came came;
        in >> kind >> who >> came.id;
        std::getline(in >> std::ws, came.text);
        if ((kind == "message" || kind == "late") && who == from) all.push_back(std::move(came));
    }
    return all;
}

}  // namespace

std::string xmpp_settings(const Folder& folder, const XmppServer& server,
                          const XmppSecretAndPort& written) {
    const std::string file = folder / "xmpp.secret";
    std::ofstream(file) << (written.secret.empty() ? server.secret() : written.secret) << '\n';
    ::chmod(file.c_str(), 0600);
    const int port = written.port == 0 ? server.component_port() : written.port;
    return "[xmpp.home]\nserver = \"127.0.0.1:" + std::to_string(port) + "\"\nsecret = \"" + file +
           "\"\ndomain = \"" + server.component() + "\"\naccounts = \"" + server.domain() + "\"\n";
}

TalkVillage::TalkVillage(const XmppServer& server, const std::string& more)
    : server_(server), handhelds_({"ana", "ben"}) {
    box_ = std::make_unique<BoxProcess>(
        folder_, handhelds_.settings() + xmpp_settings(folder_, server) + more);
    waypost("people add ana --radio meshtastic:!0000000a");
    waypost("people add ben --radio meshtastic:!0000000b");
    if (!status_says("meshtastic.roof: works") || !status_says("xmpp.home: works"))
        throw std::runtime_error("the village does not work: " + waypost("status") + box_->log());
}

std::unique_ptr<ChatClient> TalkVillage::villager(const std::string& user) const {
    person(user);
    auto one = client(user);
    one->say(server_.component(), "hello-" + user,
             std::string("<body>help</body>") + kWantsReceipt);
    if (!one->sees("receipt " + server_.component() + " hello-" + user))
        throw std::runtime_error(user + " is not known here: " + box_->log());
    return one;
}

bool TalkVillage::status_says(const std::string& text) const {
    return eventually([&] { return waypost("status").find(text) != std::string::npos; });
}

long TalkVillage::counted(const std::string& key) const {
    const std::string status = waypost("status");
    const std::size_t at = status.find(key + ": ");
    return at == std::string::npos ? -1 : std::stol(status.substr(at + key.size() + 2));
}

std::string TalkVillage::seen() {
    return handhelds_.seen() + box_->log() + waypost("status") + traces();
}

std::string TalkVillage::traces() const {
    std::string all;
    for (int id = 1; id < 12; ++id)
        all += shell(box_->command() + " trace " + std::to_string(id) + " || true");
    return all;
}

std::vector<std::string> texts_from(const ChatClient& client, const std::string& from) {
    std::vector<std::string> texts;
    std::set<std::string> ids;
    for (Came& each : all_from(client, from))
        if (ids.insert(each.id).second) texts.push_back(std::move(each.text));
    return texts;
}

int repeats_from(const ChatClient& client, const std::string& from) {
    std::set<std::string> ids;
    int repeats = 0;
    for (const Came& each : all_from(client, from)) repeats += ids.insert(each.id).second ? 0 : 1;
    return repeats;
}

}  // namespace waypost::interop

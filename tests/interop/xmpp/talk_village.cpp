// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/xmpp/talk_village.h"

#include <sys/stat.h>

#include <algorithm>
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
    : server_(server), mesh_(fast_village({"ana", "ben"})) {
    box_ = std::make_unique<BoxProcess>(folder_, "[meshtastic.roof]\nport = \"" + mesh_.port() +
                                                     "\"\ngap = \"270ms\"\n" +
                                                     xmpp_settings(folder_, server) + more);
    waypost("people add ana --radio meshtastic:!0000000a");
    waypost("people add ben --radio meshtastic:!0000000b");
    if (!status_says("meshtastic.roof: works") || !status_says("xmpp.home: works"))
        throw std::runtime_error("the village does not work: " + waypost("status") + box_->log());
}

void TalkVillage::look() {
    for (OnScreen& each : mesh_.look()) shown_.push_back(std::move(each));
}

std::vector<std::string> TalkVillage::screen(const std::string& who) {
    look();
    std::vector<std::string> texts;
    for (const OnScreen& each : shown_)
        if (each.who == who) texts.push_back(each.text);
    return texts;
}

bool TalkVillage::shows(const std::string& who, const std::string& text) {
    return eventually([&] {
        const auto all = screen(who);
        return std::find(all.begin(), all.end(), text) != all.end();
    });
}

bool TalkVillage::shows_some(const std::string& who, const std::string& begin,
                             const std::string& end) {
    return eventually([&] {
        const auto all = screen(who);
        return std::any_of(all.begin(), all.end(), [&](const std::string& text) {
            return text.size() >= begin.size() + end.size() &&
                   text.compare(0, begin.size(), begin) == 0 &&
                   text.compare(text.size() - end.size(), end.size(), end) == 0;
        });
    });
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
    look();
    std::string all;
    for (const OnScreen& each : shown_) all += each.who + " sees: " + each.text + '\n';
    return all + box_->log() + waypost("status") + traces();
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

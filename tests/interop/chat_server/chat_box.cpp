// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/chat_server/chat_box.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace waypost::interop {
namespace {

constexpr char kDomain[] = "hill.example";

}  // namespace

std::string ChatPorts::toml(const std::string& more) const {
    const auto number = [](int port) { return std::to_string(port); };
    return "[xmpp.home]\nserver = \"127.0.0.1:" + number(component) +
           "\"\nsecret = \"xmpp.secret\"\n[chatserver.box]\nlisten = \"127.0.0.1\"\n"
           "log = \"files\"\nport = " +
           number(starttls) + "\ntls_port = " + number(tls) + "\nupload_port = " + number(upload) +
           '\n' + more;
}

std::string command_below(const std::string& written, const std::string& title) {
    const std::size_t at = written.find(title + "\n    ");
    if (at == std::string::npos) throw std::runtime_error("no \"" + title + "\" in " + written);
    const std::size_t begin = at + title.size() + 5;
    return written.substr(begin, written.find('\n', begin) - begin);
}

ChatServerProcess::ChatServerProcess(const std::string& written) : written_(written) {
    shell(command_below(written_, "To start it by hand, as root:") + " > /dev/null 2>&1");
}

ChatServerProcess::~ChatServerProcess() {
    [[maybe_unused]] const int stopped =
        std::system((command_below(written_, "To stop it:") + " > /dev/null 2>&1").c_str());
}

ChatBox::ChatBox() : mesh_(fast_village({"ben"})) {
    const std::string toml = "[meshtastic.roof]\nport = \"" + mesh_.port() +
                             "\"\ngap = \"270ms\"\n" + mail_ports_.toml() + ports_.toml();
    const std::string config = folder_ / "waypost.toml";
    std::ofstream(config) << "[box]\ndomain = \"" << kDomain << "\"\n" << toml;
    written_ = shell(std::string(WAYPOST_BIN) + "/waypost --config " + config +
                     " chat-server write " + folder_ / "prosody");
    box_ = std::make_unique<BoxProcess>(folder_, toml, kDomain);
    mail_ = std::make_unique<VillageServers>(folder_ / "ms", config, mail_ports_);
    chat_ = std::make_unique<ChatServerProcess>(written_);
    waypost("people add ben --radio meshtastic:!0000000a");
    const bool works =
        eventually([&] { return waypost("status").find("xmpp.home: works") != std::string::npos; });
    if (!works) throw std::runtime_error("the village does not work: " + seen());
}

void ChatBox::add(const std::string& name, const std::string& password) const {
    waypost("people add " + name);
    const std::string typed = folder_ / "typed";
    std::ofstream(typed) << password << '\n';
    waypost("people password " + name + " < " + typed);
    // Dovecot looks at the passwords once a second; who tries before waits for the failure.
    std::this_thread::sleep_for(std::chrono::seconds(2));
}

Said ChatBox::phone(const std::string& user, const std::string& password, const std::string& script,
                    const std::string& security, const std::string& source) const {
    const int port = security == "tls" ? ports_.tls : ports_.starttls;
    try {
        return {true,
                shell("printf '" + script + "' | SOURCE=" + source +
                      " timeout 60 /usr/bin/python3 " PHONE " " + user + '@' + kDomain + ' ' +
                      password + ' ' + std::to_string(port) + ' ' + security + ' ' +
                      folder_ / "chatserver/certificate.pem" + " 2>> " + folder_ / "phone.err")};
    } catch (const std::runtime_error& e) {
        return {false, e.what()};
    }
}

bool ChatBox::shows(const std::string& who, const std::string& words) {
    return eventually([&] {
        for (OnScreen& each : mesh_.look()) shown_.push_back(std::move(each));
        return std::any_of(shown_.begin(), shown_.end(), [&](const OnScreen& each) {
            return each.who == who && each.text.find(words) != std::string::npos;
        });
    });
}

std::string ChatBox::seen() {
    std::string all = written_;
    for (const OnScreen& each : shown_) all += each.who + " sees: " + each.text + '\n';
    return all + box_->log() + waypost("status") + waypost("queue list all") +
           contents(folder_ / "phone.err") + contents(folder_ / "prosody/log/prosody.log") +
           contents(folder_ / "ms/log/dovecot.log");
}

}  // namespace waypost::interop

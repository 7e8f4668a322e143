// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/xmpp/chat_client.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <stdexcept>

namespace waypost::interop {
namespace {

std::string new_file(const Folder& folder, const std::string& user) {
    static int number = 0;
    return folder / (user + '-' + std::to_string(++number) + ".chat");
}

}  // namespace

ChatClient::ChatClient(const Folder& folder, const XmppServer& server, const std::string& user)
    : output_(new_file(folder, user)) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for a chat client");
    const std::string jid = user + '@' + server.domain();
    const std::string port = std::to_string(server.client_port());
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(ends[0], 0);
        const int out = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(out, 1);
        const int errors = ::open((output_ + ".err").c_str(), O_WRONLY | O_CREAT, 0600);
        ::dup2(errors, 2);
        ::execl("/usr/bin/python3", "python3", WAYPOST_XMPP_SCRIPTS "/chat.py", jid.c_str(),
                port.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(ends[0]);
    input_ = ends[1];
    if (!sees("ready"))
        throw std::runtime_error(jid + " cannot sign in: " + contents(output_ + ".err"));
}

ChatClient::~ChatClient() {
    ::close(input_);
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

void ChatClient::say(const std::string& to, const std::string& id, const std::string& inside) {
    say_stanza(to + ' ' + id + ' ' + inside);
}

void ChatClient::say_stanza(const std::string& stanza) {
    const std::string line = stanza + '\n';
    if (::write(input_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw std::runtime_error("the chat client takes nothing");
}

std::vector<std::string> ChatClient::lines() const { return lines({}); }

std::vector<std::string> ChatClient::lines(const std::string& begin) const {
    std::vector<std::string> all;
    std::istringstream in(contents(output_));
    for (std::string line; std::getline(in, line);)
        if (line.compare(0, begin.size(), begin) == 0) all.push_back(line);
    return all;
}

bool ChatClient::sees(const std::string& line) const {
    return eventually([&] {
        const auto all = lines();
        return std::find(all.begin(), all.end(), line) != all.end();
    });
}

}  // namespace waypost::interop

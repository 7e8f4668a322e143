// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/xmpp/correspondent.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <sstream>
#include <stdexcept>

namespace waypost::interop {

Correspondent::Correspondent(const XmppServer& server, const std::string& name)
    : jid_(name + '@' + server.domain()) {
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::string port = std::to_string(server.client_port());
    const std::string out = folder_ / "out";
    const std::string errors = folder_ / "errors";
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(pipe[0], 0);
        ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), 1);
        ::dup2(::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), 2);
        ::execl("/usr/bin/python3", "python3", WAYPOST_XMPP_SCRIPTS "/correspondent.py",
                jid_.c_str(), port.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(pipe[0]);
    in_ = pipe[1];
    if (line("ready").empty())
        throw std::runtime_error(jid_ + " cannot sign in: " + contents(errors));
}

Correspondent::~Correspondent() {
    ::close(in_);
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Correspondent::type(const std::string& line) {
    const std::string typed = line + '\n';
    if (::write(in_, typed.data(), typed.size()) != static_cast<ssize_t>(typed.size()))
        throw std::runtime_error("the correspondent is gone: " + contents(folder_ / "errors"));
}

std::vector<std::string> Correspondent::lines() const {
    std::vector<std::string> all;
    std::istringstream in(contents(folder_ / "out"));
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
}

std::string Correspondent::line(const std::string& begin, const std::string& text) const {
    std::string found;
    eventually([&] {
        for (const std::string& each : lines()) {
            if (!each.starts_with(begin) || each.find(text) == std::string::npos) continue;
            found = each;
            return true;
        }
        return false;
    });
    return found;
}

std::vector<Correspondent::Came> Correspondent::came() const {
    std::vector<Came> all;
    for (const std::string& each : lines()) {
        std::istringstream in(each);
        std::string what, late, from;
        Came one;
        if (!(in >> what >> one.id >> late >> from) || what != "got") continue;
        std::getline(in.ignore(), one.text);
        all.push_back(std::move(one));
    }
    return all;
}

std::set<std::string> Correspondent::ids(const std::string& begin) const {
    std::set<std::string> all;
    for (Came& each : came())
        if (each.text.starts_with(begin)) all.insert(std::move(each.id));
    return all;
}

std::vector<std::string> Correspondent::texts() const {
    std::vector<std::string> all;
    for (Came& each : came()) all.push_back(std::move(each.text));
    return all;
}

}  // namespace waypost::interop

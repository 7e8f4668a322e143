// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/activitypub/snac.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace waypost::interop {
namespace {

constexpr char kProgram[] = WAYPOST_PEERS "/snac/usr/bin/snac";
constexpr char kOutOfBand[] = "urn:ietf:wg:oauth:2.0:oob";

// As one word of a shell.
std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

}  // namespace

std::string found(const std::string& text, const std::string& pattern) {
    std::smatch match;
    if (!std::regex_search(text, match, std::regex(pattern)))
        throw std::runtime_error("snac: no " + pattern + " in: " + text);
    return match[1];
}

Snac::Snac(const Fediverse& world, std::string host, const std::vector<std::string>& users)
    : world_(world), host_(std::move(host)), data_(folder_ / "data") {
    shell("printf '127.0.0.1\\n" + std::to_string(port_) + "\\n" + host_ + "\\n\\n\\n' | " +
          std::string(kProgram) + " init " + data_);
    // Retries within a test's time, and an inbox for all.
    shell(
        "sed -i 's/\"queue_retry_minutes\": [0-9]*/\"queue_retry_minutes\": 1, "
        "\"shared_inboxes\": true/' " +
        data_ + "/server.json");
    for (const std::string& user : users)
        passwords_[user] =
            found(shell(std::string(kProgram) + " adduser " + data_ + ' ' + user + " </dev/null"),
                  "password is (\\S+)");
    start();
}

Snac::~Snac() { stop(); }

void Snac::start() {
    server_ =
        std::make_unique<Child>(std::vector<std::string>{kProgram, "httpd", data_}, folder_ / "log",
                                std::map<std::string, std::string>{{"DEBUG", "1"}});
    const auto up = [this] {
        const int fd = connect_on_loopback(port_);
        if (fd >= 0) ::close(fd);
        return fd >= 0;
    };
    if (!eventually(up)) throw std::runtime_error("snac does not come up: " + log());
    proxy_ = std::make_unique<TlsProxy>(world_, host_, port_);
}

void Snac::stop() {
    proxy_.reset();
    server_.reset();
}

std::string Snac::command(const std::string& command, const std::string& rest) const {
    return shell(std::string(kProgram) + ' ' + command + ' ' + data_ + ' ' + rest);
}

void Snac::describe(const std::string& user, const std::string& bio) const {
    shell("sed -i 's/\"bio\": \"[^\"]*\"/\"bio\": \"" + bio + "\"/' " + data_ + "/user/" + user +
          "/user.json");
}

void Snac::follow(const std::string& user, const std::string& whom) const {
    command("follow", user + ' ' + quoted(whom));
}

void Snac::note(const std::string& user, const std::string& text) const {
    command("note", user + ' ' + quoted(text));
}

void Snac::whisper(const std::string& user, const std::string& text) const {
    command("note_mention", user + ' ' + quoted(text));
}

void Snac::boost(const std::string& user, const std::string& object) const {
    command("boost", user + ' ' + quoted(object));
}

std::string Snac::curl(const std::string& arguments) const {
    return shell("curl -sS -m 20 --cacert " + world_.authority() + ' ' + arguments);
}

std::string Snac::let_in(const std::string& user, const std::string& client_id) const {
    const std::string page =
        curl("-d login=" + user + " --data-urlencode " + quoted("passwd=" + passwords_.at(user)) +
             " -d redir=" + kOutOfBand + " -d cid=" + client_id + " -d state= https://" + host_ +
             "/oauth/x-snac-login");
    return found(page, "([0-9a-f]{32})");
}

std::string Snac::token(const std::string& user) {
    std::string& kept = tokens_[user];
    if (!kept.empty()) return kept;
    const std::string base = "https://" + host_;
    const std::string app =
        curl("-d client_name=test -d 'scopes=read write follow' -d redirect_uris=" +
             std::string(kOutOfBand) + ' ' + base + "/api/v1/apps");
    const std::string id = found(app, "\"client_id\":\\s*\"([^\"]+)\"");
    const std::string secret = found(app, "\"client_secret\":\\s*\"([^\"]+)\"");
    kept = found(curl("-d grant_type=authorization_code -d code=" + let_in(user, id) +
                      " -d client_id=" + id + " -d client_secret=" + secret +
                      " -d redirect_uri=" + kOutOfBand + ' ' + base + "/oauth/token"),
                 "\"access_token\":\\s*\"([^\"]+)\"");
    return kept;
}

std::string Snac::api(const std::string& user, const std::string& method, const std::string& path,
                      const std::vector<std::string>& fields) {
    std::string arguments = "-X " + method + " -H 'Authorization: Bearer " + token(user) + "' ";
    for (const std::string& each : fields) arguments += "--data-urlencode " + quoted(each) + ' ';
    return curl(arguments + quoted("https://" + host_ + path));
}

bool Snac::shows(const std::string& user, const std::string& text) {
    return eventually([&] {
        return (api(user, "GET", "/api/v1/timelines/home") +
                api(user, "GET", "/api/v1/notifications"))
                   .find(text) != std::string::npos;
    });
}

// Each post has "favourites_count" and "reblog": the type alone says it.
bool Snac::is_told(const std::string& user, const std::string& type) {
    const std::regex told("\"type\":\\s*\"" + type + '"');
    return eventually(
        [&] { return std::regex_search(api(user, "GET", "/api/v1/notifications"), told); });
}

}  // namespace waypost::interop

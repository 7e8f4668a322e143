// SPDX-License-Identifier: Apache-2.0
#include "gateway/servers/own_servers.h"

#include <algorithm>
#include <sstream>

#include "gateway/base/own_file.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostState = 4096, kMostWhy = 300, kMostFingerprint = 95;

bool is_plain(const std::string& value) {
    return std::all_of(value.begin(), value.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    });
}

bool is_state(const std::string& word) {
    return word == "off" || word == "starting" || word == "running" || word == "failed";
}

void take(const std::string& key, const std::string& value, ServerFacts& facts) {
    if (key == "state" && is_state(value)) facts.state = value;
    if (key == "why") facts.why = one_line(value, kMostWhy);
    if (key == "fingerprint") facts.fingerprint = one_line(value, kMostFingerprint);
}

}  // namespace

OwnServers::OwnServers(std::filesystem::path told, std::filesystem::path plan)
    : told_(std::move(told)), plan_(std::move(plan)) {}

// Lines like "mail.state=running".
std::optional<ServersFacts> OwnServers::facts() const {
    const auto text = read_file(told_ / "state");
    if (!text.ok()) return std::nullopt;
    ServersFacts facts;
    std::istringstream lines(text->substr(0, kMostState));
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos || equals < 5) continue;
        const std::string key = line.substr(5, equals - 5), value = line.substr(equals + 1);
        if (line.rfind("mail.", 0) == 0) take(key, value, facts.mail);
        if (line.rfind("chat.", 0) == 0) take(key, value, facts.chat);
    }
    return facts;
}

Result<void> OwnServers::wish(const std::map<std::string, std::string>& lines) const {
    std::string text = "# " + std::string(kOursMark) + " for waypost-servers.service.\n";
    for (const auto& [key, value] : lines) {
        // Without the value, as one of them is a secret and this comes into the journal.
        if (!is_plain(value))
            return bad_input(key + ": only letters, digits and . _ - can be handed on");
        text += key + '=' + value + '\n';
    }
    // The image's side moves it away before it reads it.
    auto last = read_file(plan_);
    if (!last.ok()) last = read_file(plan_.string() + ".taken");
    if (last.ok() && *last == text) return {};
    return write_own_file({plan_, text, 0600, {}});
}

}  // namespace waypost

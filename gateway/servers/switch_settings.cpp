// SPDX-License-Identifier: Apache-2.0
#include "gateway/servers/switch_settings.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace waypost {
namespace {

using What = SettingChange::What;

constexpr char kWays[] = "email.programs";  // by which Postfix hands over, if nothing else is there
constexpr char kMail[] = "mailserver.box", kChat[] = "chatserver.box", kComponent[] = "xmpp.home";
// Where the image's side has them (image/files/usr/libexec/waypost-appliance/servers).
constexpr char kName[] = "waypost.local";
constexpr char kMailboxes[] = "/var/lib/waypost-mail/boxes";
constexpr char kSignIn[] = "/var/lib/waypost-chat/sign-in";
constexpr char kPasswords[] = "mail-passwords";
constexpr char kGroup[] = "waypost";
constexpr int kSecretBytes = 32;

bool is_of(const std::string& section, const std::string& kind) {
    return section.rfind(kind + '.', 0) == 0;
}

std::set<std::string> sections(const SettingsView& settings, const std::string& kind) {
    std::set<std::string> found;
    for (const SettingReport& each : settings.settings)
        if (is_of(each.section, kind)) found.insert(each.section);
    return found;
}

bool has(const SettingsView& settings, const std::string& kind) {
    return !sections(settings, kind).empty();
}

bool listens(const SettingsView& settings, const std::string& way) {
    return std::any_of(settings.settings.begin(), settings.settings.end(), [&](const auto& each) {
        return is_of(each.section, "email") && each.key == "listen" &&
               std::any_of(each.items.begin(), each.items.end(),
                           [&](const std::string& item) { return item.rfind(way, 0) == 0; });
    });
}

// The console made it, and of nothing else than these keys.
bool is_ours(const SettingsView& settings, const std::string& section,
             const std::set<std::string>& keys) {
    bool there = false;
    for (const SettingReport& each : settings.settings) {
        if (each.section != section) continue;
        there = true;
        if (!each.section_own || (each.own && keys.count(each.key) == 0)) return false;
    }
    return there;
}

SettingChange value(const char* section, const char* key, std::string text) {
    return {What::Value, section, key, {std::move(text)}};
}

SettingChange gone(const std::string& section) { return {What::RemoveSection, section, {}, {}}; }

// Beside the store.
std::string passwords_file(const SettingsView& settings) {
    for (const SettingReport& each : settings.settings)
        if (each.section == "store" && each.key == "path")
            return (std::filesystem::path(each.value).parent_path() / kPasswords).string();
    return kPasswords;
}

void mail_on(const SettingsView& settings, std::vector<SettingChange>& out) {
    SettingChange ways{What::Value, kWays, "listen", {}};
    if (!listens(settings, "smtp:127.0.0.1:")) ways.values.emplace_back("smtp:127.0.0.1:2525");
    if (!listens(settings, "lmtp:127.0.0.1:")) ways.values.emplace_back("lmtp:127.0.0.1:2424");
    if (!ways.values.empty()) {
        out.push_back(std::move(ways));
        out.push_back({What::Value, kWays, "trusted", {"127.0.0.1/32"}});
    }
    out.push_back(value(kMail, "host", kName));
    out.push_back(value(kMail, "mail", kMailboxes));
    out.push_back(value(kMail, "passwords", passwords_file(settings)));
    out.push_back(value(kMail, "passwords_group", kGroup));
}

void chat_on(const SettingsView& settings, Random& random, std::vector<SettingChange>& out) {
    if (!has(settings, "xmpp"))
        out.push_back({What::Secret, kComponent, "secret", {random.hex(kSecretBytes)}});
    out.push_back(value(kChat, "host", kName));
    out.push_back(value(kChat, "sign_in", kSignIn));
}

Result<void> off(const SettingsView& settings, const std::string& kind,
                 std::vector<SettingChange>& out) {
    for (const SettingReport& each : settings.settings) {
        if (!is_of(each.section, kind)) continue;
        if (!each.section_own)
            return Error{Code::Conflict,
                         '[' + each.section +
                             "] stands in a file of the settings: take it out of "
                             "there",
                         false};
    }
    for (const std::string& each : sections(settings, kind)) out.push_back(gone(each));
    return {};
}

}  // namespace

ServersWanted servers_wanted(const SettingsView& settings) {
    return {has(settings, "mailserver"), has(settings, "chatserver")};
}

Result<std::vector<SettingChange>> switch_servers(const SettingsView& settings,
                                                  ServersWanted wanted, Random& random) {
    const ServersWanted now = servers_wanted(settings);
    wanted.mail = wanted.mail || wanted.chat;
    std::vector<SettingChange> out;
    if (wanted.mail && !now.mail) mail_on(settings, out);
    if (wanted.chat && !now.chat) chat_on(settings, random, out);
    if (!wanted.chat && now.chat) {
        if (auto done = off(settings, "chatserver", out); !done.ok()) return done.error();
        if (is_ours(settings, kComponent, {"secret"})) out.push_back(gone(kComponent));
    }
    if (!wanted.mail && now.mail) {
        if (auto done = off(settings, "mailserver", out); !done.ok()) return done.error();
        if (is_ours(settings, kWays, {"listen", "trusted"})) out.push_back(gone(kWays));
    }
    return out;
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "app/wifi_plan.h"

#include <Poco/Net/IPAddress.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "gateway/base/encoding.h"
#include "gateway/base/own_file.h"
#include "gateway/base/printable_ascii.h"
#include "gateway/base/secret.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostName = 32;                          // bytes: IEEE 802.11 9.4.2.2
constexpr std::size_t kLeastPassword = 8, kMostPassword = 63;  // IEEE 802.11 J.4.1
constexpr int kRounds = 4096;
constexpr std::size_t kKeyBytes = 32;

std::runtime_error wrong(const std::string& what) { return std::runtime_error("[wifi] " + what); }

std::string yes_no(bool is_so) { return is_so ? "yes" : "no"; }

// ISO 3166; the kernel knows which there are, and keeps to the world's rules for others.
void check_country(const std::string& country) {
    const bool good =
        country.size() == 2 &&
        std::all_of(country.begin(), country.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!good && !country.empty())
        throw wrong("country: " + country + " is no country: write its two capital letters, KE");
}

void check_name(const char* key, const std::string& name) {
    if (name.size() > kMostName || !is_utf8(name) ||
        std::any_of(name.begin(), name.end(),
                    [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        throw wrong(std::string(key) +
                    ": a network's name has at most 32 bytes, and no control "
                    "characters");
}

// Empty: no password is wanted.
Secret password_of(const Config& config, const char* setting) {
    const SectionValues& wifi = config.section("wifi");
    if (!wifi.has(setting)) return {};
    auto password = read_secret_file(config.path(wifi.text(setting)));
    if (!password.ok()) throw wrong(std::string(setting) + ": " + password.error().text);
    const std::string_view text = password->reveal();
    if (text.size() < kLeastPassword || text.size() > kMostPassword || !is_printable_ascii(text))
        throw wrong(std::string(setting) +
                    ": a password of a Wi-Fi has 8 to 63 letters, digits and signs (ASCII)");
    return std::move(*password);
}

struct WifiPasswords {
    Secret own, uplink;
};

WifiPasswords checked(const Config& config) {
    const SectionValues& wifi = config.section("wifi");
    check_country(wifi.text("country"));
    check_name("name", wifi.text("name"));
    check_name("uplink", wifi.text("uplink"));
    Poco::Net::IPAddress address;
    if (wifi.has("address") && (!Poco::Net::IPAddress::tryParse(wifi.text("address"), address) ||
                                address.family() != Poco::Net::IPAddress::IPv4 ||
                                address.toString() != wifi.text("address")))
        throw wrong("address: " + wifi.text("address") + " is no address like 10.41.0.1");
    if (wifi.has("password_file") && wifi.text("name").empty())
        throw wrong("name: a network with a password needs a name of its own");
    return {password_of(config, "password_file"), password_of(config, "uplink_password_file")};
}

std::string key_of(const std::string& network, const Secret& password) {
    if (network.empty() || password.empty()) return {};
    return wpa_key(network, password.reveal());
}

}  // namespace

std::string wpa_key(const std::string& network, std::string_view password) {
    const std::vector<unsigned char> salt(network.begin(), network.end());
    std::array<unsigned char, kKeyBytes> key{};
    if (PKCS5_PBKDF2_HMAC_SHA1(password.data(), static_cast<int>(password.size()), salt.data(),
                               static_cast<int>(salt.size()), kRounds, static_cast<int>(key.size()),
                               key.data()) != 1)
        throw wrong("the key of the network cannot be made");
    return to_hex(std::string(key.begin(), key.end()));
}

void check_wifi(const Config& config) { (void)checked(config); }

std::string wifi_plan(const Config& config) {
    const SectionValues& wifi = config.section("wifi");
    const std::string& name = wifi.text("name");
    const std::string& uplink = wifi.text("uplink");
    const WifiPasswords passwords = checked(config);
    return "# " + std::string(kOursMark) +
           " for waypost-network.service.\naccess_point=" + yes_no(wifi.boolean("access_point")) +
           "\ncountry=" + wifi.text("country") + "\nname=" + to_hex(name) +
           "\nkey=" + key_of(name, passwords.own) + "\nshare=" + yes_no(wifi.boolean("share")) +
           "\nuplink=" + to_hex(uplink) + "\nuplink_key=" + key_of(uplink, passwords.uplink) + '\n';
}

Result<void> write_wifi_plan(const Config& config) {
    static std::mutex one;
    const SectionValues& wifi = config.section("wifi");
    if (!wifi.has("plan")) return {};
    const std::string file = config.path(wifi.text("plan"));
    std::string text;
    try {
        text = wifi_plan(config);
    } catch (const std::runtime_error& e) {
        return bad_input(e.what());
    }
    const std::lock_guard lock(one);
    const auto there = read_file(file);
    if (there.ok() && *there == text) return {};
    return write_own_file({file, text, 0600, {}});
}

}  // namespace waypost

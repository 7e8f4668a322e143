// SPDX-License-Identifier: Apache-2.0
#include "gateway/encryption/data_encryption.h"

#include <algorithm>
#include <sstream>

#include "gateway/base/durable_file.h"
#include "gateway/base/log.h"
#include "gateway/base/own_file.h"
#include "gateway/base/printable_ascii.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // base32, RFC 4648
constexpr std::size_t kKeyLetters = 32, kGroup = 4;
constexpr std::size_t kMostState = 200;

// 160 bits: nothing that stretches keys is needed.
std::string recovery_key(Random& random) {
    std::string key;
    for (std::size_t i = 0; i < kKeyLetters; ++i) key += kLetters[random.below(kLetters.size())];
    return key;
}

std::string in_groups(const std::string& key) {
    std::string all;
    for (std::size_t i = 0; i < key.size(); i += kGroup)
        all += (all.empty() ? "" : "-") + key.substr(i, kGroup);
    return all;
}

Result<void> check(const std::string& passphrase) {
    if (!is_printable_ascii(passphrase))
        return Error{
            Code::BadInput,
            "the passphrase has to be of plain letters (a-z), digits and signs: it may have "
            "to be typed on a keyboard at the box",
            false};
    if (passphrase.size() < DataEncryption::kLeastLetters)
        return Error{Code::BadInput, "the passphrase needs 12 letters at least, better five words",
                     false};
    if (passphrase.size() > DataEncryption::kMostLetters)
        return Error{Code::TooLarge, "the passphrase may have 200 letters at most", false};
    if (passphrase.front() == ' ' || passphrase.back() == ' ')
        return Error{Code::BadInput, "the passphrase begins or ends with a space", false};
    return {};
}

}  // namespace

DataEncryption::DataEncryption(std::filesystem::path told, std::filesystem::path wish)
    : told_(std::move(told)), wish_(std::move(wish)) {}

std::optional<EncryptionFacts> DataEncryption::facts() const {
    const auto text = read_file(told_ / "state");
    if (!text.ok()) return std::nullopt;
    std::istringstream words(one_line(*text, kMostState));
    EncryptionFacts facts;
    words >> facts.state;
    if (facts.state == "encrypting") words >> facts.percent;
    if (facts.state == "failed") words >> facts.why;
    facts.percent = std::clamp(facts.percent, 0, 100);
    return facts;
}

Result<std::string> DataEncryption::encrypt(const std::string& passphrase, bool stick,
                                            Random& random) {
    const auto now = facts();
    if (!now) return Error{Code::NotFound, "this box is no image with a partition for data", false};
    if (now->state != "clear" && now->state != "failed")
        return Error{Code::Conflict, "the data are encrypted already, or are being encrypted",
                     false};
    if (auto good = check(passphrase); !good.ok()) return good.error();
    std::error_code none;
    if (std::filesystem::exists(wish_, none))
        return Error{Code::Busy, "it has been asked for already", true};
    const std::string key = recovery_key(random);
    const std::string text = passphrase + '\n' + key + '\n' + (stick ? "stick" : "none") + '\n';
    if (auto written = write_durably({wish_, text, 0600, {}}); !written.ok())
        return written.error();
    log(Level::Info, "encryption", "wished", {{"stick", stick ? "yes" : "no"}});
    return in_groups(key);
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "gateway/care/key_file.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>

#include "gateway/base/durable_file.h"
#include "gateway/base/encoding.h"

namespace waypost::care {
namespace {

constexpr char kTitle[] = "Waypost care key, secret: keep it to yourself";
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kSaltBytes = crypto_pwhash_SALTBYTES;
constexpr std::size_t kNonceBytes = crypto_secretbox_NONCEBYTES;

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string bytes_of(Random& random, std::size_t count) {
    return from_hex(random.hex(count)).value_or("");
}

struct KeyFile {
    Secret seed;         // empty: sealed
    std::string sealed;  // salt, nonce, box
    std::uint64_t number = 0;
};

Error no_key_file(const std::string& path) {
    return {Code::BadInput, path + " is no key of `waypost care keygen`", false};
}

Result<KeyFile> read_key_file(const std::string& path) {
    const auto text = read_secret_file(path);
    if (!text.ok()) return text.error();
    KeyFile file;
    std::istringstream lines{std::string(text->reveal())};
    std::string line;
    if (!std::getline(lines, line) || line != kTitle) return no_key_file(path);
    while (std::getline(lines, line)) {
        const std::size_t space = line.find(' ');
        if (space == std::string::npos) return no_key_file(path);
        const std::string name = line.substr(0, space), value = line.substr(space + 1);
        if (name == "number") {
            std::from_chars(value.data(), value.data() + value.size(), file.number);
            continue;
        }
        auto bytes = from_base64(value);
        if (!bytes.ok()) return no_key_file(path);
        if (name == "seed") file.seed = Secret(std::move(*bytes));
        if (name == "sealed") file.sealed = std::move(*bytes);
    }
    const std::size_t box = kSaltBytes + kNonceBytes + crypto_secretbox_MACBYTES + kSeedBytes;
    if (file.seed.empty() ? file.sealed.size() != box : file.seed.reveal().size() != kSeedBytes)
        return no_key_file(path);
    return file;
}

Result<void> write_key_file(const std::string& path, const KeyFile& file) {
    const std::string key = file.sealed.empty() ? "seed " + to_base64(file.seed.reveal())
                                                : "sealed " + to_base64(file.sealed);
    return write_secret_file(
        path, std::string(kTitle) + '\n' + key + "\nnumber " + std::to_string(file.number));
}

Result<Secret> key_of(const Secret& passphrase, std::string_view salt) {
    std::string key(crypto_secretbox_KEYBYTES, '\0');
    const std::string_view words = passphrase.reveal();
    if (crypto_pwhash(raw(key), key.size(), words.data(), words.size(), raw(salt),
                      crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return Error{Code::Full, "no memory for the passphrase", true};
    return Secret(std::move(key));
}

Result<std::string> seal(const Secret& seed, const Secret& passphrase, Random& random) {
    const std::string salt = bytes_of(random, kSaltBytes), nonce = bytes_of(random, kNonceBytes);
    const auto key = key_of(passphrase, salt);
    if (!key.ok()) return key.error();
    std::string box(crypto_secretbox_MACBYTES + kSeedBytes, '\0');
    crypto_secretbox_easy(raw(box), raw(seed.reveal()), kSeedBytes, raw(nonce), raw(key->reveal()));
    return salt + nonce + box;
}

Result<Secret> open(const std::string& sealed, const Secret& passphrase) {
    if (passphrase.empty())
        return Error{Code::Refused, "the key has a passphrase: name --passphrase-file", false};
    const std::string_view all = sealed;
    const auto key = key_of(passphrase, all.substr(0, kSaltBytes));
    if (!key.ok()) return key.error();
    const std::string_view box = all.substr(kSaltBytes + kNonceBytes);
    std::string seed(kSeedBytes, '\0');
    if (crypto_secretbox_open_easy(raw(seed), raw(box), box.size(),
                                   raw(all.substr(kSaltBytes, kNonceBytes)),
                                   raw(key->reveal())) != 0)
        return Error{Code::Refused, "the passphrase is wrong", false};
    return Secret(std::move(seed));
}

}  // namespace

Result<PublicKey> make_key_file(const std::string& path, const Secret& passphrase, Random& random) {
    if (std::filesystem::exists(path))
        return Error{Code::Conflict, path + " is there already: choose another name", false};
    KeyFile file;
    file.seed = Secret(bytes_of(random, kSeedBytes));
    SigningKey key = signing_key(Secret(std::string(file.seed.reveal())));
    if (!passphrase.empty()) {
        auto sealed = seal(file.seed, passphrase, random);
        if (!sealed.ok()) return sealed.error();
        file.sealed = std::move(*sealed);
    }
    const auto written = write_key_file(path, file);
    if (!written.ok()) return written.error();
    return key.key;
}

Result<Signed> sign_with_file(const std::string& path, const Secret& passphrase,
                              const std::string& box, const std::string& command,
                              std::uint16_t minutes, WallTime now) {
    auto file = read_key_file(path);
    if (!file.ok()) return file.error();
    Secret seed;
    if (file->sealed.empty()) {
        seed = Secret(std::string(file->seed.reveal()));
    } else {
        auto opened = open(file->sealed, passphrase);
        if (!opened.ok()) return opened.error();
        seed = std::move(*opened);
    }
    const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(to_ms(now), 0));
    const std::uint64_t number = std::max(file->number + 1, time);
    auto packet = sign_order({box, number, minutes, command}, signing_key(std::move(seed)));
    if (!packet.ok()) return packet.error();
    file->number = number;
    const auto written = write_key_file(path, *file);
    if (!written.ok()) return written.error();
    return Signed{std::move(*packet), number};
}

}  // namespace waypost::care

// SPDX-License-Identifier: Apache-2.0
#include "gateway/people/mail_accounts.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr char kState[] = "mail-account";  // handle -> "FOLDER HASH"
constexpr std::size_t kShortest = 8;
constexpr std::size_t kLongest = 128;
constexpr int kFolderBytes = 4;
constexpr std::size_t kGroups = 3;
constexpr std::size_t kGroup = 4;
// Without 0 and o, 1, i and l, u and v.
constexpr std::string_view kLetters = "abcdefghjkmnpqrstwxyz23456789";

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::optional<MailAccount> account(store::Tables& tables, const std::string& handle) {
    const auto value = tables.state.get(kState, handle);
    const std::size_t space = value ? value->find(' ') : std::string::npos;
    if (space == std::string::npos) return std::nullopt;
    return MailAccount{handle, value->substr(0, space), value->substr(space + 1)};
}

}  // namespace

Result<std::string> hash_password(const Secret& password) {
    const std::string_view clear = password.reveal();
    if (clear.size() < kShortest || clear.size() > kLongest || !is_utf8(clear) ||
        has_control(clear)) {
        return bad_input("a password has 8 to 128 letters, digits and signs on one line");
    }
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str_alg(
            hash.data(), clear.data(), clear.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return Error{Code::Full, "not enough memory to make the password's hash", true};
    }
    return std::string(hash.data());
}

Secret make_password(Random& random) {
    std::string made;
    while (made.size() < kGroups * (kGroup + 1) - 1) {
        if (made.size() % (kGroup + 1) == kGroup) made += '-';
        made += kLetters[random.below(kLetters.size())];
    }
    return Secret(std::move(made));
}

void put_mail_account(store::Tables& tables, const std::string& handle, const std::string& hash,
                      Random& random) {
    const auto known = account(tables, handle);
    const std::string folder = known ? known->folder : handle + '-' + random.hex(kFolderBytes);
    tables.state.put(kState, handle, folder + ' ' + hash);
}

bool forget_mail_account(store::Tables& tables, const std::string& handle) {
    if (!account(tables, handle)) return false;
    tables.state.erase(kState, handle);
    return true;
}

std::vector<MailAccount> mail_accounts(store::Tables& tables) {
    std::vector<MailAccount> all;
    for (const store::PersonRow& person : tables.people.persons()) {
        if (auto found = account(tables, person.handle)) all.push_back(std::move(*found));
    }
    return all;
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/armour.h"

namespace waypost::email {
namespace {

bool starts(std::string_view text, std::string_view with) {
    return text.substr(0, with.size()) == with;
}

// The line after the block that begins at `i`; what never ends is no block.
std::size_t block_end(const Lines& lines, std::size_t i) {
    const std::string_view kind = lines[i].text.substr(sizeof "-----BEGIN" - 1);
    for (std::size_t end = i + 1; end < lines.size(); ++end) {
        const std::string_view text = lines[end].text;
        if (starts(text, "-----BEGIN PGP ")) break;
        if (starts(text, "-----END") && text.substr(sizeof "-----END" - 1) == kind) return end + 1;
    }
    return i;
}

// The armour headers of a signed text: "Hash: SHA1" and the blank line after.
std::size_t headers_end(const Lines& lines, std::size_t i) {
    while (i < lines.size() && lines[i].text.find(": ") != std::string_view::npos) ++i;
    return i;
}

}  // namespace

bool mark_armour(Lines& lines) {
    bool encrypted = false;
    bool escaped = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string_view& text = lines[i].text;
        if (starts(text, "-----BEGIN PGP SIGNED MESSAGE-----")) {
            const std::size_t end = headers_end(lines, i + 1);
            mark(lines, i, end, Role::Footer);
            escaped = true;
            i = end - 1;
        } else if (starts(text, "-----BEGIN PGP ")) {
            const std::size_t end = block_end(lines, i);
            if (end == i) continue;
            encrypted = encrypted || starts(text, "-----BEGIN PGP MESSAGE");
            escaped = false;
            mark(lines, i, end, Role::Footer);
            i = end - 1;
        } else if (escaped && starts(text, "- ")) {
            text.remove_prefix(2);
        }
    }
    return encrypted;
}

}  // namespace waypost::email

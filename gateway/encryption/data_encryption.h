// SPDX-License-Identifier: Apache-2.0
// The encryption of the data partition of a box that is an image (doc/stolen.md): how far it is,
// and the administrator's wish for it. The image's side does it (image/README.md); what it is told
// goes through memory only. Thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "gateway/base/random.h"
#include "gateway/base/result.h"

namespace waypost {

struct EncryptionFacts {
    // "clear", "preparing", "encrypting", "encrypted", or "failed"
    std::string state;
    int percent = 0;  // of "encrypting"
    std::string
        why;  // of "failed": "no-stick", "several-sticks", "stick", "busy", "header", "wish"
};

class DataEncryption {
  public:
    static constexpr std::size_t kLeastLetters = 12, kMostLetters = 200;  // of a passphrase

    // `told`: the image's folder in memory, with its `state`; `wish`: the file in memory that the
    // image's side waits for. Both may be missing.
    DataEncryption(std::filesystem::path told, std::filesystem::path wish);

    // nullopt: this box is no image.
    std::optional<EncryptionFacts> facts() const;

    // Has it begun, and gives the recovery key, in groups of four letters, which nobody can be
    // shown again. BadInput: a passphrase that is too short, or that a keyboard at the box may not
    // have. Conflict: it is encrypted already, or goes on.
    Result<std::string> encrypt(const std::string& passphrase, bool stick, Random& random);

  private:
    const std::filesystem::path told_, wish_;
};

}  // namespace waypost

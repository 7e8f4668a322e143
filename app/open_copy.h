// SPDX-License-Identifier: Apache-2.0
// Opens what sealed_copy.h writes: age(1) decrypts, tar(1) unpacks. The secret key goes to age by a
// pipe: it is in no file, no argument and no log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace waypost {

// Where a copy lies in clear while the store is put back from it: beside it, as that is the disk
// that may hold it. Nothing of it is there otherwise.
inline std::string opened_folder(const std::string& store_file) { return store_file + ".opened"; }

// The secret keys in what somebody typed or pasted: "AGE-SECRET-KEY-1" and 58 letters and digits
// (Bech32 of age-encryption.org/v1), or the file of age-keygen with its comments. Nothing else of
// what age takes as an identity, as some of it names programs to run.
Result<Secret> find_key(std::string_view text);

// The whole of it in `folder`, which is made anew and readable by nobody else, or nothing. Its disk
// keeps `keep_free` bytes, with room for the second copy that restoring makes. When `stop` can be
// read it ends at once; -1: never. Errors: as SealedCopies::restore
// (gateway/delivery/sealed_copies.h).
Result<void> open_sealed_copy(const std::string& file, const Secret& key, const std::string& folder,
                              std::uint64_t keep_free, int stop = -1);

}  // namespace waypost

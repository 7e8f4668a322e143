// SPDX-License-Identifier: Apache-2.0
// The accounts as Dovecot reads them (its passwd-file), rewritten whenever they change. Dovecot
// looks at the file once a second, so a change counts within the next one.
#pragma once

#include <ctime>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/config/setting.h"

namespace waypost::email {

struct PasswordLine {
    std::string name;    // "ana"
    std::string folder;  // of her mails, below `mail`
    std::string hash;    // "$argon2id$..."
};

// Thread-safe.
class PasswordFile {
  public:
    // `group`: whose members may read it (mode 0640); Dovecot's own.
    PasswordFile(std::string path, std::string group, std::string mail);

    // Writes what `lines` gives, unless it stands there already. It is asked while no other call
    // writes, so the newest answer is the one that stays.
    Result<void> update(const std::function<Result<std::vector<PasswordLine>>()>& lines);

    static std::string text(const std::vector<PasswordLine>& lines, const std::string& mail);

  private:
    const std::string path_;
    const std::string group_;
    const std::string mail_;
    std::mutex mutex_;
    std::string written_;
    std::time_t stamp_ = 0;  // of the newest file
};

}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
// What the console changed of the configuration: FILE.d/zz-console.toml, which is read last, and
// passwords in FILE.d/secrets/. Files that people write stay as they are. Thread-safe.
#pragma once

#include <memory>
#include <mutex>

#include "gateway/config/settings_desk.h"

namespace waypost {

inline constexpr char kConsoleFile[] = "zz-console.toml";

class SettingsFile final : public SettingsDesk {
  public:
    // `running`: what the gateway was opened with.
    explicit SettingsFile(const Config& running);

    Result<SettingsView> view() override;
    Result<SettingsAnswer> change(const std::string& version,
                                  const std::vector<SettingChange>& changes) override;

  private:
    bool waits(const Config& saved) const;
    Result<std::string> version() const;
    std::string own_file() const { return folder_ + '/' + kConsoleFile; }

    const Config running_;
    const std::string folder_;  // FILE.d
    std::mutex mutex_;
};

}  // namespace waypost

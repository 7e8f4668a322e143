// SPDX-License-Identifier: Apache-2.0
// What the console changed of the configuration: FILE.d/zz-console.toml, which is read last, and
// passwords in FILE.d/secrets/. Files that people write stay as they are. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "gateway/config/settings_desk.h"

namespace waypost {

inline constexpr char kConsoleFile[] = "zz-console.toml";

// What the running gateway can take up of settings that were saved. Any thread.
class TakesSettings {
  public:
    virtual ~TakesSettings() = default;
    // All keys that count at once. False: they count from the next start all the same.
    virtual bool take(const Config& saved) = 0;
    virtual bool can_renew(const Config& saved, const std::string& section) = 0;
    // Soon, on its own thread; then it says so to renewed().
    virtual void renew(const Config& saved, const std::set<std::string>& sections) = 0;
};

class SettingsFile final : public SettingsDesk {
  public:
    // `running`: what the gateway was opened with. `taker` outlives this; null: nothing is taken up
    // before the next start.
    explicit SettingsFile(const Config& running, TakesSettings* taker = nullptr);

    Result<SettingsView> view() override;
    Result<SettingsAnswer> change(const std::string& version,
                                  const std::vector<SettingChange>& changes) override;

    // The section's transport runs as `saved` has it; or it does not, and why.
    void renewed(const Config& saved, const std::string& section, const Result<void>& done);
    std::string not_taken();  // the first of those that could not, and why; empty: none

  private:
    using Values = std::map<std::string, std::string>;  // of a section, by key
    // What is saved and not what the gateway runs with.
    struct Differences {
        bool at_once = false;            // keys that count at once
        bool restart = false;            // keys that need the gateway's
        std::set<std::string> sections;  // to be made anew
    };
    Differences differences(const Config& saved) const;
    void runs_with(const Config& saved, Effect effect, const std::string& section = {});
    std::vector<std::string> take_up(const Config& saved);
    bool waits(const Config& saved) const;
    Result<std::string> version() const;
    Result<LoadedConfig> checked(const std::string& text) const;
    std::string own_file() const { return folder_ + '/' + kConsoleFile; }
    std::string secrets() const { return folder_ + "/secrets"; }

    const std::string file_;
    const std::string folder_;  // FILE.d
    TakesSettings* const taker_;
    std::mutex mutex_;
    std::map<std::string, Values> running_;          // by section
    std::set<std::string> under_way_;                // sections that are made anew just now
    std::map<std::string, ConfigProblem> problems_;  // sections that could not be
};

}  // namespace waypost

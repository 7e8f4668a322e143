// SPDX-License-Identifier: Apache-2.0
// What the console asks of the configuration, and how it changes it. Implemented by app/, which
// knows the files and every section.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/config/config.h"

namespace waypost {

// What a change of a key needs before it counts.
enum class Effect {
    AtOnce,
    Section,  // the transport of its section stops and starts anew; all else runs on
    Restart   // the gateway's
};
inline const char* to_string(Effect effect) {
    if (effect == Effect::AtOnce) return "at-once";
    return effect == Effect::Section ? "section" : "restart";
}

// One key of the configuration, and what it is set to; see setting.h.
struct SettingReport {
    std::string section;  // "email.relay"
    std::string section_help;
    std::string key;
    std::string kind;  // "text", "integer", "boolean", "duration", "bytes", "choice", "list", ...
    std::string value;
    std::vector<std::string> items;  // of a list
    std::string fallback, range, unit, help;
    bool required = false;
    Effect effect = Effect::Restart;
    bool by_default = false;
    bool own = false;          // the console set it
    bool section_own = false;  // the console made the whole section
    bool section_many = false;
};

// Of which there may be any number: [name.INSTANCE].
struct SectionKind {
    std::string name;
    std::string help;
    std::vector<SettingReport> settings;  // without values
};

struct SettingsView {
    std::string version;  // of all the files: who changes something says which he saw
    bool waits = false;   // something that is saved counts from the next start only
    // Sections whose new settings could not be used: they run with the former ones, or not at all.
    std::vector<ConfigProblem> problems;
    std::vector<SettingReport> settings;
    std::vector<SectionKind> kinds;
};

struct SettingChange {
    enum class What { Value, Secret, Unset, RemoveSection };
    What what = What::Value;
    std::string section;  // "email.relay"; one that is not there is added
    std::string key;
    std::vector<std::string> values;  // one, but for lists
};

struct SettingsAnswer {
    std::string version;
    bool waits = false;
    std::vector<ConfigProblem> problems;  // not empty: nothing was changed
    std::vector<std::string> renewed{};   // sections that start anew by themselves, just now
};

// Thread-safe; waits for the disk.
class SettingsDesk {
  public:
    virtual ~SettingsDesk() = default;
    virtual Result<SettingsView> view() = 0;
    // All of them or none, once everything that can be known of them without effect is right. What
    // cannot count while the gateway runs counts from its next start. Conflict: `version` is not
    // the newest.
    virtual Result<SettingsAnswer> change(const std::string& version,
                                          const std::vector<SettingChange>& changes) = 0;
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// The configuration file: TOML, plus FILE.d/*.toml in the order of their names, of which the later
// one counts, for each key. Every mistake is found in one pass, each with its place and what would
// be right.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/config/setting.h"

namespace waypost {

struct ConfigProblem {
    std::string place;  // "waypost.toml:12"
    std::string text;
    std::string section{}, key{};  // "email.relay", "host", where that is known
};

struct EffectiveSetting {
    std::string section;  // "email.relay"
    std::string key;
    std::string value;  // of a list: each, with ", " between
    bool from_default = false;
    std::string file{};                // that says so, with its path; empty by default
    std::vector<std::string> items{};  // of a list
};

class Config {
  public:
    // The one section of this name; defaults if the file does not have it.
    const SectionValues& section(std::string_view name) const;
    // All [name.INSTANCE], in the order of their names.
    std::vector<const SectionValues*> instances(std::string_view name) const;
    std::vector<EffectiveSetting> effective() const;
    const std::string& file() const { return file_; }      // as it was named to load_config()
    const std::string& folder() const { return folder_; }  // of the file; paths are relative to it
    std::string path(const std::string& configured) const;

  private:
    friend class ConfigReader;
    struct Entry {
        const Section* section;
        SectionValues values;
        std::vector<EffectiveSetting> effective;
    };
    std::vector<Entry> entries_;
    std::string file_, folder_;
};

struct LoadedConfig {
    Config config;
    std::vector<ConfigProblem> problems;  // empty: it may be used
};

// Errors are of reading the file; what is wrong in it is in `problems`. `unsaved`: texts of files
// in FILE.d, by their path, in place of what is on the disk.
Result<LoadedConfig> load_config(const std::string& file, std::span<const Section* const> sections,
                                 const std::map<std::string, std::string>& unsaved = {});

// Markdown of every section and key, for the documentation.
std::string settings_reference(std::span<const Section* const> sections);

// Those of the core: [box], [store], [neighbour.NAME], ...
std::span<const Section* const> core_sections();

std::chrono::milliseconds parse_duration(std::string_view text);  // -1 ms: not a duration
std::int64_t parse_bytes(std::string_view text);                  // -1: not a size

}  // namespace waypost

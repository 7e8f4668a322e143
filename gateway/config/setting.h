// SPDX-License-Identifier: Apache-2.0
// One table declares every key of the configuration: type, default, range, unit, help. The table
// feeds validation, `waypost config show --effective`, the reference page and the web form.
// The file is TOML: [box], [store], ... and one section per transport instance: [meshtastic.roof].
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace waypost {

struct Setting {
    enum class Kind {
        Text,
        Integer,
        Boolean,
        Duration,
        Bytes,
        Choice,
        List,
        Address,
        Path,
        SecretFile,
        GeoPlace  // "47.1234, 11.5678"
    };
    std::string_view key;  // within its section: "listen"
    Kind kind;
    std::string_view fallback;  // as it would be written; empty: none (required if `required`)
    std::string_view range;     // "1..65535", "plain|starttls|tls", "1s..1d"; empty: any
    std::string_view unit;      // "bytes", "s"; for people
    std::string_view help;      // one sentence
    bool required = false;
    bool restart = false;  // a change counts from the next start of the part that reads it
};

struct Section {
    std::string_view name;  // "box", "store", "meshtastic", "email"
    bool many;              // [name.INSTANCE] any number of times, instead of one [name]
    std::string_view help;
    std::span<const Setting> settings;
};
const Setting* setting_of(const Section& section, std::string_view key);  // null: not declared

// Validated values of one section, defaults filled in. Asking for a key that the section does not
// declare, or by the wrong kind, throws std::logic_error: a bug of ours.
class SectionValues {
  public:
    SectionValues() = default;
    SectionValues(const Section* section, std::string instance,
                  std::map<std::string, std::string, std::less<>> text,
                  std::map<std::string, std::vector<std::string>, std::less<>> lists);

    const std::string& instance() const { return instance_; }
    bool has(std::string_view key) const;  // set or defaulted to something not empty
    const std::string& text(std::string_view key) const;
    std::int64_t integer(std::string_view key) const;
    bool boolean(std::string_view key) const;
    std::chrono::milliseconds duration(std::string_view key) const;  // "30s", "10m", "30d"
    std::int64_t bytes(std::string_view key) const;                  // "64KiB", "20MiB"
    const std::vector<std::string>& list(std::string_view key) const;

    friend bool operator==(const SectionValues& a, const SectionValues& b) {
        return a.instance_ == b.instance_ && a.text_ == b.text_ && a.lists_ == b.lists_;
    }

  private:
    const Setting& declared(std::string_view key) const;
    const Section* section_ = nullptr;
    std::string instance_;
    std::map<std::string, std::string, std::less<>> text_;  // canonical text of each value
    std::map<std::string, std::vector<std::string>, std::less<>> lists_;
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "app/settings_report.h"

#include "app/transports.h"

namespace waypost {
namespace {

const char* name_of(Setting::Kind kind) {
    using Kind = Setting::Kind;
    switch (kind) {
        case Kind::Integer:
            return "integer";
        case Kind::Boolean:
            return "boolean";
        case Kind::Duration:
            return "duration";
        case Kind::Bytes:
            return "bytes";
        case Kind::Choice:
            return "choice";
        case Kind::List:
            return "list";
        case Kind::Address:
            return "address";
        case Kind::Path:
            return "path";
        case Kind::SecretFile:
            return "secret-file";
        case Kind::Text:
            break;
    }
    return "text";
}

const Section* section_of(std::string_view name) {
    const std::string_view kind = name.substr(0, name.find('.'));
    for (const Section* each : all_sections()) {
        if (each->name == kind) return each;
    }
    return nullptr;
}

}  // namespace

std::vector<SettingReport> settings_report(const Config& config) {
    std::vector<SettingReport> all;
    for (const EffectiveSetting& each : config.effective()) {
        const Section* section = section_of(each.section);
        if (section == nullptr) continue;
        for (const Setting& setting : section->settings) {
            if (setting.key != each.key) continue;
            all.push_back({each.section, std::string(section->help), each.key,
                           name_of(setting.kind), each.value, std::string(setting.fallback),
                           std::string(setting.range), std::string(setting.unit),
                           std::string(setting.help), setting.required, setting.restart,
                           each.from_default});
        }
    }
    return all;
}

}  // namespace waypost

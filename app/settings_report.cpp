// SPDX-License-Identifier: Apache-2.0
#include "app/settings_report.h"

#include <set>

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
        case Kind::GeoPlace:
            return "place";
        case Kind::Text:
            break;
    }
    return "text";
}

// A key that is marked counts from the next start of the part that reads it: of a transport that
// stands alone, or of the gateway.
Effect effect_of(const Section& section, const Setting& setting) {
    for (const TransportKind& kind : transport_kinds()) {
        if (kind.section == &section) return kind.alone ? Effect::Section : Effect::Restart;
    }
    return setting.restart ? Effect::Restart : Effect::AtOnce;
}

SettingReport described(const Section& section, const Setting& setting) {
    SettingReport report;
    report.section = section.name;
    report.section_help = section.help;
    report.section_many = section.many;
    report.key = setting.key;
    report.kind = name_of(setting.kind);
    report.fallback = setting.fallback;
    report.range = setting.range;
    report.unit = setting.unit;
    report.help = setting.help;
    report.required = setting.required;
    report.effect = effect_of(section, setting);
    return report;
}

}  // namespace

const Section* section_of(std::string_view name) {
    const std::string_view kind = name.substr(0, name.find('.'));
    for (const Section* each : all_sections()) {
        if (each->name == kind) return each;
    }
    return nullptr;
}

Effect effect_of(const std::string& section, const std::string& key) {
    const Section* of = section_of(section);
    const Setting* setting = of == nullptr ? nullptr : setting_of(*of, key);
    return setting == nullptr ? Effect::Restart : effect_of(*of, *setting);
}

std::vector<SettingReport> settings_report(const Config& config, const std::string& own_file) {
    std::vector<SettingReport> all;
    std::set<std::string> others;  // sections of which somebody else set something
    const auto effective = config.effective();
    for (const EffectiveSetting& each : effective)
        if (!each.from_default && each.file != own_file) others.insert(each.section);
    for (const EffectiveSetting& each : effective) {
        const Section* section = section_of(each.section);
        const Setting* setting = section == nullptr ? nullptr : setting_of(*section, each.key);
        if (setting == nullptr) continue;
        SettingReport report = described(*section, *setting);
        report.section = each.section;
        report.value = each.value;
        report.items = each.items;
        report.by_default = each.from_default;
        report.own = !each.from_default && each.file == own_file;
        report.section_own = section->many && others.count(each.section) == 0;
        all.push_back(std::move(report));
    }
    return all;
}

std::vector<SectionKind> section_kinds() {
    std::vector<SectionKind> all;
    for (const Section* section : all_sections()) {
        if (!section->many) continue;
        SectionKind kind{std::string(section->name), std::string(section->help), {}};
        for (const Setting& setting : section->settings)
            kind.settings.push_back(described(*section, setting));
        all.push_back(std::move(kind));
    }
    return all;
}

}  // namespace waypost

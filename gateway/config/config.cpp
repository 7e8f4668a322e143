// SPDX-License-Identifier: Apache-2.0
#include "gateway/config/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "gateway/message/address.h"
#include "gateway/message/geo_point.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;
using Kind = Setting::Kind;

constexpr std::uintmax_t kLargestFile = 1 << 20;

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t before = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({row[j] + 1, row[j - 1] + 1, before + (a[i - 1] == b[j - 1] ? 0 : 1)});
            before = above;
        }
    }
    return row[b.size()];
}

// " Did you mean domain?" if something known is near.
template <class Names>
std::string nearest(std::string_view wrong, const Names& names) {
    std::string_view best;
    std::size_t least = 4;
    for (const std::string_view name : names) {
        const std::size_t d = distance(wrong, name);
        if (d < least) {
            least = d;
            best = name;
        }
    }
    return best.empty() ? std::string() : "; did you mean " + std::string(best) + '?';
}

std::string kind_name(Kind kind) {
    switch (kind) {
        case Kind::Integer:
            return "a whole number";
        case Kind::Boolean:
            return "true or false";
        case Kind::Duration:
            return "a time like \"30s\", \"10m\", \"2h\", \"30d\"";
        case Kind::Bytes:
            return "a size like \"64KiB\", \"20MiB\"";
        case Kind::List:
            return "a list of texts";
        case Kind::Address:
            return "an address";
        case Kind::GeoPlace:
            return "a place like \"47.1234, 11.5678\"";
        case Kind::Choice:
            return "one of its choices";
        default:
            return "a text";
    }
}

// "a..b" of the setting's own kind.
bool in_range(const Setting& setting, std::int64_t value) {
    const std::size_t dots = setting.range.find("..");
    if (dots == std::string_view::npos) return true;
    const auto bound = [&](std::string_view text) -> std::int64_t {
        if (setting.kind == Kind::Duration) return parse_duration(text).count();
        if (setting.kind == Kind::Bytes) return parse_bytes(text);
        return std::stoll(std::string(text));
    };
    return value >= bound(setting.range.substr(0, dots)) &&
           value <= bound(setting.range.substr(dots + 2));
}

bool is_choice(std::string_view choices, std::string_view value) {
    for (std::size_t from = 0; from <= choices.size();) {
        const std::size_t end = std::min(choices.find('|', from), choices.size());
        if (choices.substr(from, end - from) == value) return true;
        from = end + 1;
    }
    return false;
}

std::string place_of(const std::string& file, const toml::node& node) {
    return fs::path(file).filename().string() + ':' + std::to_string(node.source().begin.line);
}

}  // namespace

class ConfigReader {
  public:
    explicit ConfigReader(std::span<const Section* const> sections) : sections_(sections) {}

    Result<void> read(const std::string& file) {
        const auto text = text_of(file);
        if (!text.ok()) return text.error();
        read(file, *text);
        return {};
    }

    void read(const std::string& file, const std::string& text) {
        file_ = file;
        try {
            const toml::table table = toml::parse(text);
            for (const auto& [name, node] : table) section(file, std::string(name.str()), node);
        } catch (const toml::parse_error& e) {
            problem(
                fs::path(file).filename().string() + ':' + std::to_string(e.source().begin.line),
                "not TOML: " + std::string(e.description()));
        }
    }

    static Result<std::string> text_of(const std::string& file) {
        std::error_code failed;
        const auto size = fs::file_size(file, failed);
        if (failed) return Error{Code::NotFound, "cannot read " + file, false};
        if (size > kLargestFile)
            return Error{Code::TooLarge, file + " is larger than 1 MiB", false};
        std::ifstream in(file);
        std::stringstream text;
        text << in.rdbuf();
        return text.str();
    }

    LoadedConfig take(const std::string& file) && {
        for (const Section* section : sections_) {
            if (!section->many && given_.count({section, ""}) == 0) given_[{section, ""}] = {};
        }
        for (auto& [key, values] : given_) finish(*key.first, key.second, values);
        loaded_.config.file_ = file;
        loaded_.config.folder_ = fs::absolute(file).parent_path().string();
        return std::move(loaded_);
    }

  private:
    struct Given {
        std::map<std::string, std::string, std::less<>> text;
        std::map<std::string, std::vector<std::string>, std::less<>> lists;
        std::map<std::string, std::string, std::less<>> files;  // by key: who said so last
        std::string place;
    };

    void problem(std::string place, std::string text, std::string key = {}) {
        loaded_.problems.push_back({std::move(place), std::move(text), title_, std::move(key)});
    }

    void section(const std::string& file, const std::string& name, const toml::node& node) {
        const auto found = std::find_if(sections_.begin(), sections_.end(),
                                        [&](const Section* s) { return s->name == name; });
        if (found == sections_.end()) {
            std::vector<std::string_view> names;
            for (const Section* s : sections_) names.push_back(s->name);
            return problem(place_of(file, node),
                           '[' + name + "] is no section" + nearest(name, names));
        }
        const toml::table* table = node.as_table();
        if (table == nullptr)
            return problem(place_of(file, node), name + " must be a section: [" + name + ']');
        if (!(*found)->many) return values(file, **found, "", *table);
        for (const auto& [instance, inner] : *table) {
            if (inner.is_table()) {
                values(file, **found, std::string(instance.str()), *inner.as_table());
            } else {
                problem(place_of(file, inner), "write [" + name + ".NAME]: there may be several");
            }
        }
    }

    void values(const std::string& file, const Section& section, const std::string& instance,
                const toml::table& table) {
        Given& given = given_[{&section, instance}];
        given.place = place_of(file, table);
        title_ = title_of(section, instance);
        for (const auto& [key, node] : table) {
            const std::string name(key.str());
            const auto setting = std::find_if(section.settings.begin(), section.settings.end(),
                                              [&](const Setting& s) { return s.key == name; });
            if (setting == section.settings.end()) {
                std::vector<std::string_view> names;
                for (const Setting& s : section.settings) names.push_back(s.key);
                problem(place_of(file, node),
                        name + " is no setting of [" + std::string(section.name) + ']' +
                            nearest(name, names),
                        name);
                continue;
            }
            value(place_of(file, node), *setting, node, given);
        }
        title_.clear();
    }

    static std::string title_of(const Section& section, const std::string& instance) {
        return std::string(section.name) + (instance.empty() ? "" : '.' + instance);
    }

    void value(const std::string& place, const Setting& setting, const toml::node& node,
               Given& given) {
        const std::string key(setting.key);
        if (setting.kind == Kind::List) {
            if (!node.is_array())
                return problem(place, key + " must be " + kind_name(setting.kind), key);
            given.lists[key].clear();
            given.files[key] = file_;
            for (const auto& each : *node.as_array()) {
                if (!each.is_string())
                    return problem(place, key + " must be " + kind_name(setting.kind), key);
                given.lists[key].push_back(each.value<std::string>().value());
            }
            return;
        }
        std::string text;
        if (node.is_string()) text = node.value<std::string>().value();
        if (node.is_integer()) text = std::to_string(node.value<std::int64_t>().value());
        if (node.is_boolean()) text = node.value<bool>().value() ? "true" : "false";
        const bool number = node.is_integer();
        const bool fits_type = (setting.kind == Kind::Integer)   ? number
                               : (setting.kind == Kind::Boolean) ? node.is_boolean()
                               : (setting.kind == Kind::Bytes)   ? number || node.is_string()
                                                                 : node.is_string();
        std::int64_t measure = 0;
        if (setting.kind == Kind::Integer && number) measure = node.value<std::int64_t>().value();
        if (setting.kind == Kind::Duration) measure = parse_duration(text).count();
        if (setting.kind == Kind::Bytes) measure = parse_bytes(text);
        if (!fits_type ||
            ((setting.kind == Kind::Duration || setting.kind == Kind::Bytes) && measure < 0)) {
            return problem(place, key + " must be " + kind_name(setting.kind), key);
        }
        if (setting.kind == Kind::Choice && !is_choice(setting.range, text)) {
            return problem(place, key + " must be one of " + std::string(setting.range), key);
        }
        if (setting.kind == Kind::Address && !parse_address(text).ok()) {
            return problem(place, key + ": " + parse_address(text).error().text, key);
        }
        if (setting.kind == Kind::GeoPlace && !text.empty()) {
            if (const auto geo = parse_geo_point(text); !geo.ok())
                return problem(place, key + ": " + geo.error().text, key);
        }
        if (!setting.range.empty() && setting.kind != Kind::Choice && !in_range(setting, measure)) {
            return problem(place, key + " must be within " + std::string(setting.range), key);
        }
        given.text[key] = text;
        given.files[key] = file_;
    }

    void finish(const Section& section, const std::string& instance, Given& given) {
        Config::Entry entry{&section, {}, {}};
        const std::string title = title_ = title_of(section, instance);
        for (const Setting& setting : section.settings) {
            const std::string key(setting.key);
            const bool set = given.text.count(key) > 0 || given.lists.count(key) > 0;
            if (!set && setting.required) {
                problem(given.place.empty() ? "the configuration" : given.place,
                        '[' + title + "] needs " + key + ": " + std::string(setting.help), key);
            }
            if (!set && setting.kind != Kind::List) given.text[key] = std::string(setting.fallback);
            std::string shown = given.text.count(key) ? given.text[key] : std::string();
            for (const std::string& each : given.lists[key])
                shown += (shown.empty() ? "" : ", ") + each;
            entry.effective.push_back(
                {title, key, shown, !set, given.files[key], given.lists[key]});
        }
        entry.values = SectionValues(&section, instance, given.text, given.lists);
        loaded_.config.entries_.push_back(std::move(entry));
    }

    std::span<const Section* const> sections_;
    std::map<std::pair<const Section*, std::string>, Given> given_;
    std::string file_;   // that is being read
    std::string title_;  // of the section; empty: none
    LoadedConfig loaded_;
};

Result<LoadedConfig> load_config(const std::string& file, std::span<const Section* const> sections,
                                 const std::map<std::string, std::string>& unsaved) {
    ConfigReader reader(sections);
    if (auto read = reader.read(file); !read.ok()) return read.error();
    std::error_code none;
    std::set<std::string> more;
    for (const auto& entry : fs::directory_iterator(file + ".d", none)) {
        if (entry.path().extension() == ".toml") more.insert(entry.path().string());
    }
    for (const auto& [name, text] : unsaved) more.insert(name);
    for (const std::string& each : more) {
        const auto text = unsaved.find(each);
        if (text != unsaved.end())
            reader.read(each, text->second);
        else if (auto read = reader.read(each); !read.ok())
            return read.error();
    }
    return std::move(reader).take(file);
}

const SectionValues& Config::section(std::string_view name) const {
    for (const Entry& entry : entries_) {
        if (entry.section->name == name && !entry.section->many) return entry.values;
    }
    throw std::logic_error("no section " + std::string(name));
}

std::vector<const SectionValues*> Config::instances(std::string_view name) const {
    std::vector<const SectionValues*> found;
    for (const Entry& entry : entries_) {
        if (entry.section->name == name && entry.section->many) found.push_back(&entry.values);
    }
    std::sort(found.begin(), found.end(),
              [](const auto* a, const auto* b) { return a->instance() < b->instance(); });
    return found;
}

std::vector<EffectiveSetting> Config::effective() const {
    std::vector<EffectiveSetting> all;
    for (const Entry& entry : entries_)
        all.insert(all.end(), entry.effective.begin(), entry.effective.end());
    return all;
}

std::string Config::path(const std::string& configured) const {
    return configured.empty() ? configured : (fs::path(folder_) / configured).string();
}

std::string settings_reference(std::span<const Section* const> sections) {
    std::ostringstream out;
    out << "# Settings\n\nGenerated by `waypost config reference`.\n";
    for (const Section* section : sections) {
        out << "\n## [" << section->name << (section->many ? ".NAME" : "") << "]\n\n"
            << section->help
            << "\n\n| key | default | range | meaning |\n| --- | --- | --- | --- |\n";
        for (const Setting& setting : section->settings) {
            std::string range(setting.range);
            std::replace(range.begin(), range.end(), '|', '/');
            out << "| `" << setting.key << "` | "
                << (setting.required ? "required" : std::string(setting.fallback)) << " | " << range
                << " | " << setting.help << " |\n";
        }
    }
    return out.str();
}

}  // namespace waypost

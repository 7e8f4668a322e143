// SPDX-License-Identifier: Apache-2.0
#include "app/settings_file.h"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <sstream>

#include "app/check_settings.h"
#include "app/settings_report.h"
#include "app/transports.h"
#include "gateway/base/crash_point.h"
#include "gateway/base/encoding.h"
#include "gateway/base/own_file.h"
#include "gateway/base/random.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;
using What = SettingChange::What;

constexpr std::size_t kMostChanges = 200;
constexpr std::size_t kMostSecret = 4096;  // bytes

struct Title {
    std::string name, instance;  // of [name.instance]
};

Title title_of(const std::string& section) {
    const std::size_t dot = section.find('.');
    if (dot == std::string::npos) return {section, ""};
    return {section.substr(0, dot), section.substr(dot + 1)};
}

// A name that is a key of TOML as it is, and part of a file's name.
bool is_instance(const std::string& name) {
    return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

// What the console's own file says, being changed. Problems are kept; nothing is written here.
class Draft {
  public:
    Draft(toml::table table, std::string secrets)
        : table_(std::move(table)), secrets_(std::move(secrets)) {}

    void apply(const SettingChange& change) {
        const Title title = title_of(change.section);
        const Section* section = section_of(change.section);
        if (section == nullptr) return problem(change, "there is no such section");
        if (section->many && !is_instance(title.instance))
            return problem(change, "a name has letters, digits, - and _, at most 40");
        if (!section->many && !title.instance.empty())
            return problem(change, "there is one [" + title.name + "] only");
        if (change.what == What::RemoveSection) return remove(*section, title);
        const Setting* setting = setting_of(*section, change.key);
        if (setting == nullptr) return problem(change, "there is no such setting");
        if (change.what == What::Unset) {
            if (toml::table* own = table_of(*section, title, false)) own->erase(change.key);
            return;
        }
        set(*table_of(*section, title, true), *setting, change);
    }

    std::string text() const {
        std::ostringstream out;
        out << "# " << kOursMark << ": what the console changed. It is read last.\n\n"
            << toml::toml_formatter{table_, toml::format_flags::allow_literal_strings |
                                                toml::format_flags::allow_unicode_strings}
            << '\n';
        return out.str();
    }
    const std::vector<ConfigProblem>& problems() const { return problems_; }
    const std::vector<DurableFile>& secrets() const { return new_secrets_; }

  private:
    void problem(const SettingChange& change, const std::string& text) {
        problems_.push_back(
            {'[' + change.section + ']' + (change.key.empty() ? "" : ' ' + change.key), text,
             change.section, change.key});
    }

    toml::table* table_of(const Section& section, const Title& title, bool make) {
        const auto inner = [make](toml::table& from, const std::string& name) -> toml::table* {
            if (make && !from.contains(name)) from.insert(name, toml::table{});
            return from[name].as_table();
        };
        toml::table* found = inner(table_, title.name);
        return found != nullptr && section.many ? inner(*found, title.instance) : found;
    }

    void remove(const Section& section, const Title& title) {
        if (!section.many) {
            table_.erase(title.name);
        } else if (toml::table* all = table_[title.name].as_table()) {
            all->erase(title.instance);
            if (all->empty()) table_.erase(title.name);
        }
    }

    void set(toml::table& own, const Setting& setting, const SettingChange& change) {
        if (setting.kind == Setting::Kind::List) {
            toml::array all;
            for (const std::string& each : change.values) all.push_back(each);
            own.insert_or_assign(change.key, std::move(all));
            return;
        }
        if (change.values.size() != 1) return problem(change, "it takes one value");
        const std::string& value = change.values.front();
        if (change.what == What::Secret) return set_secret(own, setting, change);
        std::int64_t number = 0;
        const char* end = value.data() + value.size();
        switch (setting.kind) {
            case Setting::Kind::Integer:
                if (const auto read = std::from_chars(value.data(), end, number);
                    read.ec != std::errc() || read.ptr != end)
                    return problem(change, "it has to be a whole number");
                own.insert_or_assign(change.key, number);
                return;
            case Setting::Kind::Boolean:
                if (value != "true" && value != "false")
                    return problem(change, "it has to be true or false");
                own.insert_or_assign(change.key, value == "true");
                return;
            default:
                own.insert_or_assign(change.key, value);
        }
    }

    // Each time a file of another name: until the settings name it, the former one counts.
    void set_secret(toml::table& own, const Setting& setting, const SettingChange& change) {
        if (setting.kind != Setting::Kind::SecretFile)
            return problem(change, "it is kept in no file of its own");
        const std::string& value = change.values.front();
        if (value.empty() || value.size() > kMostSecret)
            return problem(change, "it has from 1 to 4096 bytes");
        const std::string file =
            secrets_ + '/' + change.section + '.' + change.key + '.' + system_random()->hex(4);
        new_secrets_.push_back({file, value + '\n', 0600, {}});
        own.insert_or_assign(change.key, file);
    }

    toml::table table_;
    const std::string secrets_;  // folder
    std::vector<ConfigProblem> problems_;
    std::vector<DurableFile> new_secrets_;
};

Error cannot_write(const std::string& what, const std::string& why) {
    return {Code::Full, "cannot write " + what + ": " + why + "; the settings are as they were",
            true};
}

Result<void> make_folder(const std::string& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return cannot_write(folder, failed.message());
    return {};
}

Result<void> write_secrets(const std::string& folder, const std::vector<DurableFile>& secrets) {
    if (secrets.empty()) return {};
    if (auto made = make_folder(folder); !made.ok()) return made;
    ::chmod(folder.c_str(), 0700);
    for (const DurableFile& each : secrets)
        if (auto wrote = write_own_file(each); !wrote.ok())
            return cannot_write(each.path, wrote.error().text);
    return {};
}

// Those that no setting names any more.
void drop_secrets(const std::string& folder, const Config& saved) {
    std::set<std::string> named;
    for (const EffectiveSetting& each : saved.effective()) named.insert(each.value);
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none))
        if (named.count(entry.path().string()) == 0) fs::remove(entry.path(), none);
}

}  // namespace

SettingsFile::SettingsFile(const Config& running, TakesSettings* taker)
    : file_(running.file()), folder_(running.file() + ".d"), taker_(taker) {
    for (const EffectiveSetting& each : running.effective())
        running_[each.section][each.key] = each.value;
}

SettingsFile::Differences SettingsFile::differences(const Config& saved) const {
    Differences all;
    const auto differs = [&all](const std::string& section, const std::string& key) {
        switch (effect_of(section, key)) {
            case Effect::AtOnce:
                all.at_once = true;
                return;
            case Effect::Section:
                all.sections.insert(section);
                return;
            case Effect::Restart:
                all.restart = true;
        }
    };
    std::map<std::string, Values> then;
    for (const EffectiveSetting& each : saved.effective()) {
        then[each.section][each.key] = each.value;
        const auto now = running_.find(each.section);
        if (now == running_.end() || now->second.at(each.key) != each.value)
            differs(each.section, each.key);
    }
    for (const auto& [section, values] : running_)
        if (then.count(section) == 0) differs(section, values.begin()->first);
    return all;
}

bool SettingsFile::waits(const Config& saved) const {
    const Differences all = differences(saved);
    return all.at_once || all.restart ||
           std::any_of(all.sections.begin(), all.sections.end(),
                       [this](const std::string& each) { return under_way_.count(each) == 0; });
}

// From now on, in what has this effect; of one section only where it is named.
void SettingsFile::runs_with(const Config& saved, Effect effect, const std::string& section) {
    if (!section.empty()) running_.erase(section);
    for (const EffectiveSetting& each : saved.effective()) {
        if (!section.empty() && each.section != section) continue;
        if (effect_of(each.section, each.key) == effect)
            running_[each.section][each.key] = each.value;
    }
}

// Sections that begin to be made anew.
std::vector<std::string> SettingsFile::take_up(const Config& saved) {
    if (taker_ == nullptr) return {};
    const Differences all = differences(saved);
    if (all.at_once && taker_->take(saved)) runs_with(saved, Effect::AtOnce);
    std::set<std::string> anew;
    for (const std::string& each : all.sections)
        if (taker_->can_renew(saved, each)) anew.insert(each);
    if (anew.empty()) return {};
    under_way_.insert(anew.begin(), anew.end());
    taker_->renew(saved, anew);
    return {anew.begin(), anew.end()};
}

void SettingsFile::renewed(const Config& saved, const std::string& section,
                           const Result<void>& done) {
    const std::lock_guard lock(mutex_);
    under_way_.erase(section);
    problems_.erase(section);
    if (done.ok())
        runs_with(saved, Effect::Section, section);
    else
        problems_[section] = problem_in(section, done.error().text);
}

std::string SettingsFile::not_taken() {
    const std::lock_guard lock(mutex_);
    if (problems_.empty()) return {};
    const ConfigProblem& first = problems_.begin()->second;
    return first.place + ": " + first.text;
}

// Of what the files say, whoever wrote them.
Result<std::string> SettingsFile::version() const {
    std::set<std::string> files{file_};
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_, none))
        if (entry.path().extension() == ".toml") files.insert(entry.path().string());
    std::string all;
    for (const std::string& file : files) {
        const auto text = read_file(file);
        if (!text.ok()) return text.error();
        all += file + '\0' + *text + '\0';
    }
    return short_hash(all);
}

// With this as the console's own file.
Result<LoadedConfig> SettingsFile::checked(const std::string& text) const {
    auto loaded = load_config(file_, all_sections(), {{own_file(), text}});
    if (loaded.ok() && loaded->problems.empty()) loaded->problems = check_settings(loaded->config);
    return loaded;
}

Result<SettingsView> SettingsFile::view() {
    const std::lock_guard lock(mutex_);
    const auto now = version();
    if (!now.ok()) return now.error();
    const auto saved = load_config(file_, all_sections());
    if (!saved.ok()) return saved.error();
    SettingsView view;
    view.version = *now;
    view.waits = waits(saved->config);
    for (const auto& [section, problem] : problems_) view.problems.push_back(problem);
    view.settings = settings_report(saved->config, own_file());
    view.kinds = section_kinds();
    return view;
}

Result<SettingsAnswer> SettingsFile::change(const std::string& seen,
                                            const std::vector<SettingChange>& changes) {
    const std::lock_guard lock(mutex_);
    if (changes.empty() || changes.size() > kMostChanges)
        return Error{Code::BadInput, "from 1 to 200 changes at once", false};
    const auto before = version();
    if (!before.ok()) return before.error();
    if (*before != seen)
        return Error{Code::Conflict, "somebody else changed the settings: look at them anew",
                     false};
    const auto former = load_config(file_, all_sections());
    if (!former.ok()) return former.error();
    toml::table own;
    if (const auto text = read_file(own_file()); text.ok()) {
        try {
            own = toml::parse(*text);
        } catch (const toml::parse_error& e) {
            return Error{Code::BadInput,
                         own_file() + " is not TOML: " + std::string(e.description()), false};
        }
    } else if (text.error().code != Code::NotFound) {
        return text.error();
    }
    Draft draft(std::move(own), secrets());
    for (const SettingChange& each : changes) draft.apply(each);
    if (!draft.problems().empty()) return SettingsAnswer{*before, false, draft.problems()};

    if (auto made = make_folder(folder_); !made.ok()) return made.error();
    const std::string text = draft.text();
    // Whoever is to use a password reads its file, so it is there before all is checked; until the
    // settings name it nobody looks at it.
    if (auto wrote = write_secrets(secrets(), draft.secrets()); !wrote.ok()) {
        drop_secrets(secrets(), former->config);
        return wrote.error();
    }
    crash_point(CrashPoint::SecretsWritten);
    const auto saved = checked(text);
    if (!saved.ok() || !saved->problems.empty()) drop_secrets(secrets(), former->config);
    if (!saved.ok()) return saved.error();
    if (!saved->problems.empty()) return SettingsAnswer{*before, false, saved->problems};
    if (auto wrote = write_own_file({own_file(), text, 0600, {}}); !wrote.ok()) {
        drop_secrets(secrets(), former->config);
        return cannot_write(own_file(), wrote.error().text);
    }
    crash_point(CrashPoint::SettingsWritten);
    drop_secrets(secrets(), saved->config);
    const auto after = version();
    if (!after.ok()) return after.error();
    auto renewed = take_up(saved->config);
    return SettingsAnswer{*after, waits(saved->config), {}, std::move(renewed)};
}

}  // namespace waypost

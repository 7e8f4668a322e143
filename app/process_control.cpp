// SPDX-License-Identifier: Apache-2.0
#include "app/process_control.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "app/backup_places.h"
#include "app/restore.h"
#include "app/runtime_file.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr char kNameForm[] = "%Y-%m-%dT%H-%M-%SZ";  // of a backup, in UTC
constexpr char kDatabase[] = "waypost.db";          // what makes a folder a backup

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

bool is_backup(const fs::path& folder) {
    std::error_code none;
    return fs::is_directory(fs::symlink_status(folder, none)) &&
           fs::is_regular_file(folder / kDatabase, none);
}

std::unique_ptr<DataEncryption> data_encryption() {
    const char* told = std::getenv("WAYPOST_DATA_FOLDER");
    const std::string wish = runtime_file("encrypt");  // in memory
    if (told == nullptr || wish.empty()) return nullptr;
    return std::make_unique<DataEncryption>(told, wish);
}

std::unique_ptr<OwnServers> own_servers() {
    const char* told = std::getenv("WAYPOST_SERVERS_FOLDER");
    const std::string plan = runtime_file("servers");  // in memory, as a secret is in it
    if (told == nullptr || plan.empty()) return nullptr;
    return std::make_unique<OwnServers>(told, plan);
}

std::unique_ptr<UpdateDesk> update_desk() {
    const char* folder = std::getenv("WAYPOST_UPDATE_FOLDER");
    return folder == nullptr ? nullptr : std::make_unique<UpdateDesk>(folder);
}

}  // namespace

ProcessControl::ProcessControl()
    : updates_(update_desk()),
      encryption_(data_encryption()),
      servers_(own_servers()),
      sealed_([this](std::string folder) {
          return wish({Wish::What::Restore, std::move(folder)});
      }) {}

void ProcessControl::opens(const Config& config, const std::string& problem) {
    const std::lock_guard lock(mutex_);
    facts_.version = WAYPOST_VERSION;
    facts_.started_ms = now_ms();
    facts_.settings_problem = problem;
    no_restore_ = not_of_a_hub(config);
    look_at(config);
    sealed_.opens({store_file(config), facts_.backups, backup_plan(config), keep_free(config)});
    wish_ = {};
}

void ProcessControl::closes() { sealed_.closes(); }

void ProcessControl::look_at(const Config& config) {
    const SectionValues& store = config.section("store");
    shut_down_ = config.section("box").text("shut_down");
    facts_.can_shut_down = !shut_down_.empty();
    facts_.tells_wifi = config.section("wifi").has("plan");
    facts_.backups = store.has("backups")
                         ? config.path(store.text("backups"))
                         : (fs::path(store_file(config)).parent_path() / "backups").string();
    if (!updates_) return;
    const auto& from = config.section("box").list("update_from");
    updates_->settings_are({from.begin(), from.end()}, keep_free(config));
}

// The store stays where it is until the next start, and so do backups that lie beside it.
void ProcessControl::settings_changed(const Config& saved) {
    const std::lock_guard lock(mutex_);
    look_at(saved);
    sealed_.settings_changed(facts_.backups, backup_plan(saved), keep_free(saved));
}

void ProcessControl::wake() { ::kill(::getpid(), kWakeSignal); }

std::string ProcessControl::shut_down_command() const {
    const std::lock_guard lock(mutex_);
    return shut_down_;
}

ProcessControl::Wish ProcessControl::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(wish_, {});
}

BoxFacts ProcessControl::facts() const {
    const std::lock_guard lock(mutex_);
    return facts_;
}

Result<void> ProcessControl::wish(Wish wish) {
    const std::lock_guard lock(mutex_);
    if (wish_.what != Wish::What::Nothing) return Error{Code::Busy, "it restarts already", true};
    wish_ = std::move(wish);
    ::kill(::getpid(), SIGHUP);
    return {};
}

Result<void> ProcessControl::restart() { return wish({Wish::What::Restart, {}}); }

Result<void> ProcessControl::shut_down() {
    if (!facts().can_shut_down)
        return Error{Code::Refused, "`shut_down` of [box] names no command that does it", false};
    return wish({Wish::What::ShutDown, {}});
}

Result<std::vector<BackupReport>> ProcessControl::backups() const {
    std::vector<BackupReport> all;
    std::error_code failed;
    fs::directory_iterator it(facts().backups, failed), end;
    if (failed == std::errc::no_such_file_or_directory) return all;
    if (failed) return Error{Code::Internal, facts().backups + ": " + failed.message(), true};
    for (; it != end; it.increment(failed)) {
        if (failed) break;
        if (!is_backup(it->path())) continue;
        all.push_back(
            {it->path().filename(), written_ms(it->path() / kDatabase), size_of(it->path())});
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name > b.name; });
    return all;
}

std::string ProcessControl::next_backup() const {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char name[32];
    std::strftime(name, sizeof name, kNameForm, &utc);
    return facts().backups + '/' + name;
}

Result<std::string> ProcessControl::folder_of(const std::string& name) const {
    const auto all = backups();
    if (!all.ok()) return all.error();
    const bool known = std::any_of(all->begin(), all->end(),
                                   [&](const BackupReport& each) { return each.name == name; });
    if (!known) return Error{Code::NotFound, "there is no backup " + name, false};
    return facts().backups + '/' + name;
}

Result<void> ProcessControl::remove_backup(const std::string& name) {
    const auto folder = folder_of(name);
    if (!folder.ok()) return folder.error();
    std::error_code failed;
    fs::remove_all(*folder, failed);
    if (failed) return Error{Code::Internal, *folder + ": " + failed.message(), true};
    return {};
}

Result<void> ProcessControl::restore(const std::string& name) {
    if (no_restore_) return *no_restore_;
    auto folder = folder_of(name);
    if (!folder.ok()) return folder.error();
    return wish({Wish::What::Restore, std::move(*folder)});
}

}  // namespace waypost

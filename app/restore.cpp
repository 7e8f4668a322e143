// SPDX-License-Identifier: Apache-2.0
#include "app/restore.h"

#include <Poco/Data/Session.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "gateway/base/crash_point.h"
#include "gateway/base/log.h"
#include "gateway/base/random.h"
#include "gateway/store/store.h"

namespace waypost {

namespace fs = std::filesystem;

namespace {

// Who was forgotten since the backup was made is to be forgotten again at the start. Of a store
// that cannot be read nothing is known: that is no reason to refuse the backup.
std::vector<store::ForgottenRow> forgotten_in(store::Database& present) {
    try {
        Poco::Data::Session session = present.open_writer();
        store::migrate(session, present.engine());
        return store::ForgottenTable(session).all();
    } catch (const std::exception& e) {
        log(Level::Warning, "restore", "forgotten-unknown", {{"why", e.what()}});
        return {};
    }
}

// What waited when the backup was made may have left since: an operator looks at it first.
Result<std::size_t> hold_what_waits(const std::string& file,
                                    const std::vector<store::ForgottenRow>& forgotten) {
    const auto random = system_random();
    store::Store store(store::open_sqlite(file), {file + ".bodies", true}, *random);
    std::size_t held = 0;
    Result<void> stored;
    store.writer().submit(
        [&held, &forgotten](store::Tables& t) {
            held = 0;
            for (const store::ForgottenRow& row : forgotten) t.forgotten.put(row);
            for (DeliveryId after = 0;;) {
                const auto rows = t.deliveries.unfinished(after, 500);
                if (rows.empty()) return;
                after = rows.back().id;
                for (store::DeliveryRow row : rows) {
                    row.state = State::Held;
                    row.detail = "restored from a backup: may have been delivered since";
                    t.deliveries.update(row);
                    ++held;
                }
            }
        },
        [&stored](const Result<void>& result) { stored = result; });
    store.writer().step();
    if (!stored.ok()) return stored.error();
    return held;
}

void sync_disk_of(const std::string& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = fd >= 0 && ::syncfs(fd) == 0;
    if (fd >= 0) ::close(fd);
    if (!done) throw std::runtime_error("cannot sync " + file);
}

// A kill leaves committed mail in the log beside the database: into it, so that it is one file.
void fold_in_log(store::Database& database, const std::string& file) {
    {
        Poco::Data::Session session = database.open_writer();
        database.checkpoint(session);
    }
    std::error_code none;
    if (fs::exists(file + "-wal") && fs::file_size(file + "-wal", none) > 0)
        throw std::runtime_error("somebody else reads " + file);
    fs::remove(file + "-wal");
    fs::remove(file + "-shm");
}

// Bodies have names of chance, so those of two stores can lie in one folder; a file's second name
// keeps it for the store that is moved aside.
void add_bodies(const std::string& from, const std::string& to) {
    if (!fs::exists(from)) return;
    fs::create_directories(to);
    for (const auto& entry : fs::directory_iterator(from)) {
        const fs::path other = fs::path(to) / entry.path().filename();
        std::error_code no_link;
        if (fs::exists(other)) continue;
        fs::create_hard_link(entry.path(), other, no_link);
        if (no_link) fs::copy_file(entry.path(), other);
    }
}

// At every moment one of the two is there under the store's name, and the store that gives way is
// under the name that is kept for it in the same step: a kill after it leaves nothing to be done.
void exchange(const std::string& fresh, const std::string& target, const std::string& aside) {
    if (!fs::exists(target)) return fs::rename(fresh, target);
    fs::rename(fresh, aside);
    if (::renameat2(AT_FDCWD, aside.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0)
        return;
    const std::string why = std::strerror(errno);
    fs::rename(aside, fresh);
    throw std::runtime_error("cannot exchange the stores: " + why);
}

}  // namespace

std::string store_file(const Config& config) {
    return config.path(config.section("store").text("path"));
}

std::uint64_t keep_free(const Config& config) {
    return static_cast<std::uint64_t>(config.section("store").bytes("keep_free"));
}

std::optional<Error> not_of_a_hub(const Config& config) {
    if (config.section("store").text("postgresql").empty()) return std::nullopt;
    return Error{Code::Refused, "the store of a hub is restored by PostgreSQL's means", false};
}

// The present store gives way in one step, when the other is whole, held and on disk beside it.
Result<std::size_t> restore_backup(const Config& config, const std::string& folder) {
    if (const auto refused = not_of_a_hub(config)) return *refused;
    const std::string target = store_file(config);
    const std::string fresh = target + ".restoring";
    if (!fs::exists(folder + "/waypost.db")) {
        return Error{Code::NotFound, folder + " holds no backup (waypost.db is missing)", false};
    }
    try {
        const auto present = store::open_sqlite(target);  // refuses while a gateway runs
        const auto forgotten = forgotten_in(*present);
        fold_in_log(*present, target);
        for (const char* part : {"", "-wal", "-shm", ".lock", ".bodies"}) {
            fs::remove_all(fresh + part);
        }
        fs::copy_file(folder + "/waypost.db", fresh);
        crash_point(CrashPoint::BackupCopied);
        auto held = hold_what_waits(fresh, forgotten);
        if (!held.ok()) return held;
        fold_in_log(*store::open_sqlite(fresh), fresh);
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const std::string aside =
            target + ".before-restore-" +
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
        add_bodies(target + ".bodies", aside + ".bodies");
        add_bodies(folder + "/waypost.db.bodies", target + ".bodies");
        sync_disk_of(fresh);
        crash_point(CrashPoint::BackupReady);
        exchange(fresh, target, aside);
        crash_point(CrashPoint::StoresExchanged);
        sync_disk_of(target);
        for (const char* part : {".lock", ".bodies"}) fs::remove_all(fresh + part);
        return held;
    } catch (const std::exception& e) {
        return Error{Code::Conflict, e.what(), false};
    }
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "app/restore.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "gateway/base/random.h"
#include "gateway/store/store.h"

namespace waypost {

namespace fs = std::filesystem;

namespace {

// What waited when the backup was made may have left since: an operator looks at it first.
Result<std::size_t> hold_what_waits(const std::string& file) {
    const auto random = system_random();
    store::Store store(store::open_sqlite(file), {file + ".bodies", true}, *random);
    std::size_t held = 0;
    Result<void> stored;
    store.writer().submit(
        [&held](store::Tables& t) {
            held = 0;
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

void move_away(const std::string& path, const std::string& suffix) {
    if (fs::exists(path)) fs::rename(path, path + suffix);
}

}  // namespace

std::string store_file(const Config& config) {
    return config.path(config.section("store").text("path"));
}

// The present store is moved aside only when the other is whole and held, beside it.
Result<std::size_t> restore_backup(const Config& config, const std::string& folder) {
    const std::string target = store_file(config);
    const std::string fresh = target + ".restoring";
    if (!fs::exists(folder + "/waypost.db")) {
        return Error{Code::NotFound, folder + " holds no backup (waypost.db is missing)", false};
    }
    try {
        const auto lock = store::open_sqlite(target);  // refuses while a gateway runs
        for (const char* part : {"", "-wal", "-shm", ".lock", ".bodies"})
            fs::remove_all(fresh + part);
        fs::copy_file(folder + "/waypost.db", fresh);
        if (fs::exists(folder + "/waypost.db.bodies")) {
            fs::copy(folder + "/waypost.db.bodies", fresh + ".bodies");
        }
        auto held = hold_what_waits(fresh);
        if (!held.ok()) return held;
        sync_disk_of(fresh);
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const std::string suffix =
            ".before-restore-" +
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
        for (const char* part : {"-wal", "-shm", ".bodies", ""}) move_away(target + part, suffix);
        if (fs::exists(fresh + ".bodies")) fs::rename(fresh + ".bodies", target + ".bodies");
        fs::rename(fresh, target);
        fs::remove(fresh + ".lock");
        return held;
    } catch (const std::exception& e) {
        return Error{Code::Conflict, std::string(e.what()) + ": nothing was restored", false};
    }
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "gateway/store/database.h"

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;

// A small cache each: the machine's page cache does the rest, and a box has little memory.
constexpr char kWriterCache[] = "PRAGMA cache_size = -2048";
constexpr char kReaderCache[] = "PRAGMA cache_size = -512";

// Once, before SQLite is used. A session belongs to one thread at a time, so that its own locks
// would be a tenth of the work for nothing; nobody asks how much memory it uses. Where it is in use
// already both stay as they are.
void register_sqlite() {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    Poco::Data::SQLite::Connector::registerConnector();
}

class StoreLock {
  public:
    explicit StoreLock(const std::string& path)
        : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        if (fd_ < 0) {
            throw std::runtime_error("cannot make " + path + ": " + std::strerror(errno));
        }
        if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
            ::close(fd_);
            throw std::runtime_error("another gateway runs on this store (" + path +
                                     " is locked): stop it first");
        }
    }
    StoreLock(const StoreLock&) = delete;
    StoreLock& operator=(const StoreLock&) = delete;
    ~StoreLock() { ::close(fd_); }

  private:
    int fd_;
};

struct BackupClose {
    void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};
struct DatabaseClose {
    void operator()(sqlite3* db) const noexcept { sqlite3_close(db); }
};

class SqliteDatabase final : public Database {
  public:
    SqliteDatabase(std::string file, bool sync)
        : file_(std::move(file)), sync_(sync), lock_(file_ + ".lock") {
        static std::once_flag once;
        std::call_once(once, register_sqlite);
        // Private before the first row is in it.
        const int fd = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            throw std::runtime_error("cannot open the store " + file_ + ": " +
                                     std::strerror(errno));
        }
        ::close(fd);
    }

    Engine engine() const override { return Engine::Sqlite; }

    Poco::Data::Session open_writer() override {
        Poco::Data::Session session = open();
        session << "PRAGMA journal_mode = WAL", now;
        session << (sync_ ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF"), now;
        session << "PRAGMA wal_autocheckpoint = 2000", now;
        session << "PRAGMA journal_size_limit = 16777216", now;
        session << kWriterCache, now;
        return session;
    }

    Poco::Data::Session open_reader() override {
        Poco::Data::Session session = open();
        session << kReaderCache, now;
        session << "PRAGMA query_only = 1", now;
        return session;
    }

    void checkpoint(Poco::Data::Session& writer) override {
        sqlite3_wal_checkpoint_v2(Poco::Data::SQLite::Utility::dbHandle(writer), nullptr,
                                  SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }

    std::optional<std::int64_t> changed_rows(Poco::Data::Session& session) override {
        return sqlite3_total_changes64(Poco::Data::SQLite::Utility::dbHandle(session));
    }

    Result<void> backup(Poco::Data::Session& reader, const std::string& file) override;

  private:
    Poco::Data::Session open() {
        Poco::Data::Session session(Poco::Data::SQLite::Connector::KEY, file_);
        sqlite3_busy_timeout(Poco::Data::SQLite::Utility::dbHandle(session), 10000);
        return session;
    }

    std::string file_;
    bool sync_;
    StoreLock lock_;
};

Result<void> SqliteDatabase::backup(Poco::Data::Session& reader, const std::string& file) {
    sqlite3* raw = nullptr;
    const int opened =
        sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    const std::unique_ptr<sqlite3, DatabaseClose> target(raw);
    if (opened != SQLITE_OK) return Error{Code::Full, "cannot write the backup file " + file, true};
    ::chmod(file.c_str(), 0600);
    const std::unique_ptr<sqlite3_backup, BackupClose> copy(sqlite3_backup_init(
        target.get(), "main", Poco::Data::SQLite::Utility::dbHandle(reader), "main"));
    if (!copy) return Error{Code::Internal, sqlite3_errmsg(target.get()), false};
    // One step under one read transaction: the copy is of one moment, and in WAL mode the writer
    // goes on meanwhile.
    const int stepped = sqlite3_backup_step(copy.get(), -1);
    if (stepped != SQLITE_DONE) {
        return Error{stepped == SQLITE_FULL ? Code::Full : Code::Busy,
                     std::string("backup stopped: ") + sqlite3_errstr(stepped), true};
    }
    return {};
}

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& file, bool sync) {
    return std::make_unique<SqliteDatabase>(file, sync);
}

}  // namespace waypost::store

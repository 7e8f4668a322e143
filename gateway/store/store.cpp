// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/store.h"

#include <stdexcept>

#include "gateway/base/crash_point.h"
#include "gateway/store/copy.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

constexpr std::size_t kIdleReaders = 2;

std::unique_ptr<Database> migrated(std::unique_ptr<Database> database) {
    Poco::Data::Session session = database->open_writer();
    open_schema(session, database->engine());
    take_away(session, database->engine());
    return database;
}

}  // namespace

Store::Store(std::unique_ptr<Database> database, const StoreOptions& options, Random& random)
    : database_(migrated(std::move(database))),
      bodies_(options.fence == nullptr
                  ? bodies_in_folder(options.bodies_folder, random, options.sync)
                  : bodies_in_database(*database_, options.bodies_folder, random)) {
    writer_ = std::make_unique<Writer>(*database_, ids_, options.fence);
    writer_->on_lost(options.lost);
    resume();
    sweep();
}

void Store::resume() {
    Result<void> done = Error{Code::Internal, "another worker has its work now", true};
    writer_->submit(
        [this](Tables& t) {
            t.others_wrote();
            resumed_ = t.deliveries.resume_sending();
        },
        [&done](const Result<void>& result) { done = result; });
    writer_->step();
    if (!done.ok()) throw std::runtime_error("cannot write the store: " + done.error().text);
    crash_point(CrashPoint::Resumed);
}

void Store::sweep() {
    bodies_->sweep([this] {
        const auto files = read([](Tables& t) { return t.messages.body_files(); });
        if (!files.ok()) throw std::runtime_error("cannot read the store: " + files.error().text);
        return std::set<std::string>(files->begin(), files->end());
    });
    crash_point(CrashPoint::Swept);
}

Store::~Store() { writer_->stop(); }

struct Store::ReadSession {
    ReadSession(Poco::Data::Session opened, Ids& ids)
        : session(std::move(opened)), tables(session, ids) {
        if (!on_sqlite(session)) return;
        begin = std::make_unique<SqliteStatement>(session, "BEGIN");
        end = std::make_unique<SqliteStatement>(session, "COMMIT");
    }
    Poco::Data::Session session;
    Tables tables;
    std::unique_ptr<SqliteStatement> begin, end;  // of a transaction; on SQLite
    bool fresh = true;                            // never given back
};

void Store::Close::operator()(ReadSession* session) const noexcept { delete session; }

Tables& Store::tables_of(ReadSession& reader) { return reader.tables; }

void Store::begin(ReadSession& reader) {
    if (reader.begin) reader.begin->step();
}

void Store::end(ReadSession& reader) {
    if (reader.end) reader.end->step();
}

// A session that was idle while the database went away and came back: one that is new is better.
bool Store::was_stale(Reader failed) {
    if (!failed) return false;  // none could be opened
    if (failed->fresh || failed->session.isConnected()) return false;
    const std::lock_guard lock(mutex_);
    idle_.clear();
    return true;
}

Store::Reader Store::take_reader() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            Reader reader = std::move(idle_.back());
            idle_.pop_back();
            return reader;
        }
    }
    return Reader(new ReadSession(database_->open_reader(), no_ids_));
}

void Store::give_back(Reader reader) {
    const std::lock_guard lock(mutex_);
    reader->fresh = false;
    if (idle_.size() < kIdleReaders) idle_.push_back(std::move(reader));
}

Result<void> Store::copy_database(const std::string& file) {
    Poco::Data::Session session = database_->open_reader();
    return database_->backup(session, file);
}

}  // namespace waypost::store

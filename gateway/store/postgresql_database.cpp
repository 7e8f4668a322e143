// SPDX-License-Identifier: Apache-2.0
#include <Poco/Data/DataException.h>
#include <Poco/Data/PostgreSQL/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <mutex>
#include <stdexcept>
#include <vector>

#include "gateway/store/advisory_locks.h"
#include "gateway/store/postgresql.h"
#include "gateway/store/postgresql_connection.h"

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;

class PostgresqlDatabase final : public Database {
  public:
    PostgresqlDatabase(const std::string& connection, Sharing sharing)
        : connection_(for_poco(connection)), sharing_(sharing), lock_(connect()) {
        lock(lock_);
    }
    Engine engine() const override { return Engine::Postgresql; }
    // A worker that stands still in a transaction keeps the others waiting, so that ends it.
    Poco::Data::Session open_writer() override {
        Poco::Data::Session session = connect();
        // Each: after the database was away the one above has its lock no more.
        if (sharing_ == Sharing::Workers) lock(session);
        session << "SET idle_in_transaction_session_timeout = '5s'", now;
        session << "SET default_transaction_isolation = 'read committed'", now;
        return session;
    }
    Poco::Data::Session open_reader() override {
        Poco::Data::Session session = connect();
        session << "SET default_transaction_read_only = on", now;
        return session;
    }
    void checkpoint(Poco::Data::Session&) override {}
    Result<void> backup(Poco::Data::Session&, const std::string&) override {
        return Error{Code::Refused, "a PostgreSQL store is backed up by pg_dump", false};
    }

  private:
    // Until the session ends.
    void lock(Poco::Data::Session& session) const {
        const bool alone = sharing_ == Sharing::Alone;
        std::vector<bool> got;
        session << ask_lock(alone ? "pg_try_advisory_lock" : "pg_try_advisory_lock_shared",
                            kOpenLock),
            into(got), now;
        if (!got.empty() && got.front()) return;
        throw Poco::Data::DataException(alone ? "a gateway runs on this database: stop it first"
                                              : "it is being copied: wait until that is done");
    }
    Poco::Data::Session connect() {
        static std::once_flag once;
        std::call_once(once, [] { Poco::Data::PostgreSQL::Connector::registerConnector(); });
        return Poco::Data::Session(Poco::Data::PostgreSQL::Connector::KEY, connection_);
    }

    const std::string connection_;
    const Sharing sharing_;
    Poco::Data::Session lock_;
};

}  // namespace

// By its name from a program that loads this at run time (postgresql_module.cpp).
extern "C" __attribute__((visibility("default"))) void waypost_open_postgresql(
    const std::string& connection, Sharing sharing, std::unique_ptr<Database>& opened) {
    try {
        opened = std::make_unique<PostgresqlDatabase>(connection, sharing);
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("cannot open the database: " + e.displayText());
    }
}

}  // namespace waypost::store

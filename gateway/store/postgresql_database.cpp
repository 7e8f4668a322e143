// SPDX-License-Identifier: Apache-2.0
#include <Poco/Data/PostgreSQL/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <mutex>
#include <stdexcept>
#include <vector>

#include "gateway/store/postgresql.h"

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;

// Any number that no other program of this database uses for an advisory lock.
constexpr char kLock[] = "SELECT pg_try_advisory_lock(7768979)";

class PostgresqlDatabase final : public Database {
  public:
    explicit PostgresqlDatabase(std::string connection)
        : connection_(std::move(connection)), lock_(connect()) {
        std::vector<bool> got;
        lock_ << kLock, into(got), now;
        if (got.empty() || !got.front()) {
            throw std::runtime_error("another gateway runs on this database: stop it first");
        }
    }
    Engine engine() const override { return Engine::Postgresql; }
    Poco::Data::Session open_writer() override { return connect(); }
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
    Poco::Data::Session connect() {
        static std::once_flag once;
        std::call_once(once, [] { Poco::Data::PostgreSQL::Connector::registerConnector(); });
        return Poco::Data::Session(Poco::Data::PostgreSQL::Connector::KEY, connection_);
    }

    std::string connection_;
    Poco::Data::Session lock_;  // holds the advisory lock while the gateway runs
};

}  // namespace

std::unique_ptr<Database> open_postgresql(const std::string& connection) {
    return std::make_unique<PostgresqlDatabase>(connection);
}

}  // namespace waypost::store

// SPDX-License-Identifier: Apache-2.0
// A statement of Poco::Data that may fail. Poco 1.11's on PostgreSQL frees its result twice once an
// execution has failed, so then its few hundred bytes are given up instead of freed, here and
// nowhere else. It cannot be used again.
#pragma once

#include <Poco/Data/DataException.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <cstddef>
#include <memory>
#include <string>

namespace waypost::store {

class PocoStatement {
  public:
    PocoStatement(Poco::Data::Session& session, const std::string& sql)
        : statement_(std::make_unique<Poco::Data::Statement>(session)) {
        *statement_ << sql;
    }
    // For binding and extracting, before the first execution.
    Poco::Data::Statement& operator*() { return *statement_; }
    // How many rows it changed or gave.
    std::size_t execute() {
        if (!statement_) throw Poco::Data::DataException("this statement has failed before");
        try {
            return statement_->execute();
        } catch (...) {
            (void)statement_.release();  // NOLINT(bugprone-unused-return-value)
            throw;
        }
    }

  private:
    std::unique_ptr<Poco::Data::Statement> statement_;
};

}  // namespace waypost::store

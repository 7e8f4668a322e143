// SPDX-License-Identifier: Apache-2.0
// The tables of an empty store, open for writing without a transaction.
#pragma once

#include <Poco/Data/Session.h>
#include <gtest/gtest.h>

#include "engine.h"

namespace waypost::store {

class OpenTables : public ::testing::Test {
  protected:
    OpenTables() : database_(fresh_database()), session_(database_->open_writer()) {
        migrate(session_, database_->engine());
        tables_ = std::make_unique<Tables>(session_, ids_);
    }
    std::unique_ptr<Database> database_;
    Poco::Data::Session session_;
    Ids ids_;
    std::unique_ptr<Tables> tables_;
};

}  // namespace waypost::store
